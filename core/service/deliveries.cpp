#include "core/service/deliveries.h"

#include <algorithm>
#include <future>

#include "core/language/workflow_parser.h"
#include "core/service/workflows.h"

namespace ipaas::service {
namespace {

tl::unexpected<Error> not_kept(const domain::Delivery& delivery) {
  const std::string fate(domain::fate_name(delivery.fate));
  const bool was_kept = domain::is_kept(delivery.fate);
  return fail(ErrorKind::kConflict,
              was_kept ? "what the delivery carried is not there any more" : "the delivery was " + fate + ", and what it carried was not kept",
              was_kept ? "its time to be kept is over" : "have the sender send it again");
}

Result<domain::Workflow> workflow_of(const Context& context, const domain::Delivery& delivery) {
  auto workflows = context.reader.workflows(context.caller.tenant);
  if (!workflows) return tl::unexpected(workflows.error());
  const auto found = std::find_if(workflows->begin(), workflows->end(), [&](const auto& w) { return w.id == delivery.workflow; });
  if (found == workflows->end()) return fail(ErrorKind::kConflict, "the delivery's workflow was deleted");
  if (!found->enabled) {
    return fail(ErrorKind::kConflict, "the workflow '" + found->name + "' is disabled",
                "enable it with `ipaas workflow enable " + found->name + "`");
  }
  return std::move(*found);
}

Result<Arrival> replayed(const Context& context, const EventId& id) {
  if (auto allowed = require(context.caller, security::Permission::kWebhookReplay); !allowed) {
    return tl::unexpected(allowed.error());
  }
  auto kept = context.reader.delivery(context.caller.tenant, id);
  if (!kept) return tl::unexpected(kept.error());
  if (kept->payload.empty()) return not_kept(kept->delivery);
  const auto workflow = workflow_of(context, kept->delivery);
  if (!workflow) return tl::unexpected(workflow.error());
  auto definition = definition_of(context.reader, context.catalog, context.caller.tenant, workflow->id, workflow->version);
  if (!definition) return tl::unexpected(definition.error());
  if (!(*definition)->webhook) {
    return fail(ErrorKind::kConflict, "the workflow '" + workflow->name + "' has no webhook any more");
  }
  auto payload = parse_document(kept->payload);
  if (!payload) return tl::unexpected(payload.error());
  Arrival arrival;
  arrival.tenant = context.caller.tenant;
  arrival.workflow = workflow->id;
  arrival.workflow_name = workflow->name;
  arrival.version = workflow->version;
  arrival.definition = *std::move(definition);
  arrival.trigger = domain::TriggerKind::kWebhook;
  arrival.payload = *std::move(payload);
  arrival.inputs = language::default_inputs(arrival.definition->inputs);
  arrival.starter = context.caller.actor;
  arrival.audit = audit(context, "webhook.replay", id.str());
  return arrival;
}

}  // namespace

Result<std::vector<domain::Delivery>> list_deliveries(const Context& context, const std::string& workflow,
                                                      std::size_t limit) {
  const auto settle = [&] {
    const auto settled = std::make_shared<std::promise<void>>();
    context.runtime.settle_deliveries([settled] { settled->set_value(); });
    settled->get_future().wait();
  };
  return require(context.caller, security::Permission::kExecutionRead)
      .map(settle)
      .and_then([&] { return context.reader.workflow(context.caller.tenant, workflow); })
      .and_then([&](const domain::Workflow& found) {
        return context.reader.deliveries(context.caller.tenant, found.id, limit);
      });
}

void replay_delivery(const Context& context, const EventId& id, std::function<void(Result<Started>)> done) {
  auto arrival = replayed(context, id);
  if (!arrival) {
    done(tl::unexpected(arrival.error()));
    return;
  }
  start(context, *std::move(arrival), std::move(done));
}

}  // namespace ipaas::service
