#include "core/engine/doubt.h"

namespace ipaas::engine {
namespace {

/// Stands among the paths, where no step can be called so; its value is the path of the step.
const std::string kMark = "?";

}  // namespace

bool in_doubt(const domain::Execution& execution) { return execution.idempotency_keys.contains(kMark); }

void put_in_doubt(domain::Execution& execution, const std::string& path) {
  execution.idempotency_keys.insert_or_assign(kMark, path);
}

void begin_without_doubt(domain::Execution& execution) { execution.idempotency_keys.erase(kMark); }

void note_child(domain::Execution& execution, const domain::Effect& child, bool started) {
  std::string& noted = execution.idempotency_keys[child.path];
  // One that was started took over what those before it had noted.
  if (started || noted.empty()) {
    noted = child.id.str();
  } else if (!noted.ends_with(child.id.str())) {
    noted += " " + child.id.str();
  }
}

std::vector<domain::Parent> noted_children(const domain::Execution& execution, const std::string& path) {
  std::vector<domain::Parent> children;
  const auto noted = execution.idempotency_keys.find(path);
  if (noted == execution.idempotency_keys.end()) return children;
  std::string_view rest = noted->second;
  while (!rest.empty()) {
    const std::size_t space = rest.rfind(' ');
    const std::string_view effect = space == std::string_view::npos ? rest : rest.substr(space + 1);
    children.push_back({ExecutionId(std::string(effect.substr(0, effect.find('/')))), EffectId(std::string(effect))});
    rest = space == std::string_view::npos ? std::string_view() : rest.substr(0, space);
  }
  return children;
}

std::map<std::string, std::string> keys_for_successor(const domain::ExecutionSnapshot& execution) {
  domain::Execution noted = execution.execution;
  for (const domain::Effect& effect : execution.effects) {
    if (effect.kind == domain::EffectKind::kCall) noted.idempotency_keys[effect.path] = effect.call.idempotency_key;
    if (effect.kind == domain::EffectKind::kChild) {
      const domain::Step* step = execution.steps.find(effect.path);
      note_child(noted, effect, step != nullptr && !step->child.empty());
    }
  }
  begin_without_doubt(noted);
  return std::move(noted.idempotency_keys);
}

}  // namespace ipaas::engine
