#include "core/engine/admission.h"

#include "core/base/time_text.h"

namespace ipaas::engine {
namespace {

/// What `filter` and `dedupe` see.
class EventScope final : public language::EvalContext {
 public:
  explicit EventScope(const Json& event) : event_(event) {}
  [[nodiscard]] const Json* context(std::string_view name) const override {
    return name == "event" ? &event_ : nullptr;
  }
  [[nodiscard]] bool status_function(std::string_view) const override { return false; }
  /// When it was received, so that the same event is judged the same again.
  [[nodiscard]] std::optional<Instant> now() const override {
    const auto at = event_.find("received_at");
    if (at == event_.end() || !at->is_string()) return std::nullopt;
    const auto instant = parse_instant(at->get_ref<const std::string&>());
    return instant ? std::optional(*instant) : std::nullopt;
  }

 private:
  const Json& event_;
};

/// A value that is no scalar has a text of its own: `Object` would be the same for all of them.
std::string dedupe_text(const Json& value) {
  return value.is_structured() ? dump_json(value) : language::to_text(value);
}

}  // namespace

Result<Admission> admit(const language::WebhookOn& on, const Json& event, std::string_view delivery_id,
                        const language::EvalLimits& limits) {
  const EventScope scope(event);
  if (on.filter) {
    const auto passed = on.filter->evaluate(scope, limits);
    if (!passed)
      return fail(ErrorKind::kInvalid, "the filter failed: " + passed.error().message, {}, passed.error().code);
    if (!language::is_truthy(*passed)) return Admission{.filtered = true, .dedupe = {}};
  }
  if (!on.dedupe) return Admission{.filtered = false, .dedupe = std::string(delivery_id)};
  const auto key = on.dedupe->evaluate(scope, limits);
  if (!key) return fail(ErrorKind::kInvalid, "dedupe failed: " + key.error().message, {}, key.error().code);
  return Admission{.filtered = false, .dedupe = dedupe_text(*key)};
}

}  // namespace ipaas::engine
