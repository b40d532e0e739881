#include "daemon/http/routes/api.h"

#include <charconv>

namespace ipaas::daemon::http {

service::Caller caller_of(const Request& request) {
  // The router admits nobody without a caller to a route that needs one.
  return request.caller ? service::Caller{request.caller->tenant, request.caller->name, request.caller->role}
                        : service::Caller{};
}

void Api::run(const service::Caller& caller, std::function<void(Result<const service::Context*>)> function) {
  parts_.threads.post([this, caller, function = std::move(function)] {
    auto reader = parts_.readers.borrow();
    if (!reader) {
      function(tl::unexpected(reader.error()));
      return;
    }
    const auto page = parts_.book.page(caller.tenant);
    const service::Context context{caller,         **reader,     parts_.writer, parts_.runtime,
                                   parts_.catalog, page->masker, parts_.ids,    parts_.clock,
                                   parts_.public_url};
    function(&context);
  });
}

Handler Api::later(Later function) {
  return [this, function = std::move(function)](const Request& request, Responder responder) {
    // std::function wants to be copied, and a responder cannot be.
    auto shared = std::make_shared<Responder>(std::move(responder));
    run(caller_of(request), [&request, shared, function](Result<const service::Context*> context) {
      if (!context) {
        shared->respond(error(context.error()));
        return;
      }
      try {
        function(**context, request, std::move(*shared));
      } catch (const std::exception& failure) {
        shared->respond(error({ErrorKind::kInternal, failure.what()}));
      }
    });
  };
}

Handler Api::answer(Answer function) {
  return later([function = std::move(function)](const service::Context& context, const Request& request,
                                                Responder responder) {
    responder.respond(function(context, request));
  });
}

Result<Json> body_of(const Request& request) {
  auto body = request.body.empty() ? Result<Json>(Json::object()) : parse_json(request.body);
  if (body && !body->is_object()) return fail(ErrorKind::kInvalid, "the body is not a JSON object");
  return body;
}

Result<std::size_t> count_of(const Request& request, std::string_view name, std::size_t otherwise, std::size_t most) {
  const auto text = request.query(name);
  if (!text) return otherwise;
  std::size_t value = 0;
  const auto [end, failure] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (failure != std::errc() || end != text->data() + text->size() || value < 1 || value > most) {
    return fail(ErrorKind::kInvalid, std::string(name) + " is not a number from 1 to " + std::to_string(most));
  }
  return value;
}

}  // namespace ipaas::daemon::http
