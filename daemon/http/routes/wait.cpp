#include "daemon/http/routes/wait.h"

#include <atomic>

#include "core/service/execution_details.h"
#include "core/service/executions.h"

namespace ipaas::daemon::http {
namespace {

struct Wait : std::enable_shared_from_this<Wait> {
  Wait(Api& the_api, service::Caller who, ExecutionId what, Responder how)
      : api(the_api), caller(std::move(who)), id(std::move(what)), responder(std::move(how)) {}

  /// Answers if it has ended, or in any case when the time is over.
  void look(bool time_is_over) {
    api.run(caller, [wait = shared_from_this(), time_is_over](Result<const service::Context*> context) {
      const auto snapshot = context ? service::get_execution(**context, wait->id) : tl::unexpected(context.error());
      const bool ended = !snapshot || domain::has_ended(snapshot->execution);
      if (!(ended || time_is_over) || wait->answered.exchange(true)) return;
      wait->responder.respond(
          answer_with(snapshot, [&](const auto& s) { return service::details(**context, s); }));
      wait->api.parts().notifier.unwatch(wait->token);
    });
  }

  Api& api;
  const service::Caller caller;
  const ExecutionId id;
  Responder responder;
  std::atomic<bool> answered{false};
  std::atomic<Notifier::Token> token{0};
};

}  // namespace

void wait_for_end(Api& api, const service::Caller& caller, const ExecutionId& id, Duration time, Responder responder) {
  const auto wait = std::make_shared<Wait>(api, caller, id, std::move(responder));
  wait->token = api.parts().notifier.watch_end(id, [weak = std::weak_ptr(wait)] {
    if (const auto alive = weak.lock()) alive->look(false);
  });
  // A notice that came before the token was known could not end the watch.
  if (wait->answered) api.parts().notifier.unwatch(wait->token);
  // The timer keeps it alive; the notifier must not.
  api.parts().at(api.parts().clock.now() + time, [wait] { wait->look(true); });
  wait->look(false);  // it may have ended between the first look and the watch
}

}  // namespace ipaas::daemon::http
