#include "core/store/sqlite/execution_extras.h"

#include "core/store/sqlite/failure.h"

namespace ipaas::store::sqlite {

Json extras_of(const domain::Execution& execution) {
  Json extras;
  if (execution.group) extras["group"] = *execution.group;
  if (!execution.held.empty()) extras["held"] = execution.held;
  if (execution.depth != 0) extras["depth"] = execution.depth;
  for (const WorkflowId& workflow : execution.led_by) extras["led_by"].push_back(workflow.str());
  if (execution.parent) {
    extras["parent"] = Json::array({execution.parent->execution.str(), execution.parent->effect.str()});
  }
  if (!execution.starter.empty()) extras["starter"] = execution.starter;
  if (!execution.retry_of.empty()) extras["retry_of"] = execution.retry_of.str();
  if (!execution.idempotency_keys.empty()) extras["keys"] = execution.idempotency_keys;
  if (!execution.vars.empty()) extras["vars"] = execution.vars;
  return extras;
}

void put_extras(const Json& extras, domain::Execution& execution) {
  try {
    if (const auto group = extras.find("group"); group != extras.end()) execution.group = group->get<std::string>();
    execution.held = extras.value("held", std::vector<std::string>());
    execution.depth = extras.value("depth", 0);
    for (const auto& workflow : extras.value("led_by", std::vector<std::string>())) execution.led_by.emplace_back(workflow);
    if (const auto parent = extras.find("parent"); parent != extras.end()) {
      execution.parent =
          domain::Parent{ExecutionId(parent->at(0).get<std::string>()), EffectId(parent->at(1).get<std::string>())};
    }
    execution.starter = extras.value("starter", std::string());
    execution.retry_of = ExecutionId(extras.value("retry_of", std::string()));
    execution.idempotency_keys = extras.value("keys", std::map<std::string, std::string>());
    execution.vars = extras.value("vars", Json::object());
  } catch (const Json::exception&) {
    throw Refusal(
        {ErrorKind::kInternal, "what a stored execution carries cannot be read", "restore a backup", "store_damaged"});
  }
}

Json bare_extras(Json extras) {
  extras.erase("keys");
  extras.erase("vars");
  return extras.empty() ? Json() : extras;
}

}  // namespace ipaas::store::sqlite
