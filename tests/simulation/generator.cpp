#include "tests/simulation/generator.h"

#include <vector>

namespace ipaas::simulation {
namespace {

constexpr int kDeepest = 2;  // levels of steps in steps

/// Writes one workflow.
class Author {
 public:
  Author(Dice& dice, int number, int of, bool in_circle) : dice_(dice), number_(number), of_(of), in_circle_(in_circle) {}

  std::string write() && {
    line(0, "name: w" + std::to_string(number_));
    triggers();
    line(0, "inputs: { n: { type: number, default: 1 } }");
    concurrency();
    if (dice_.percent(15)) line(0, "timeout: " + pick({"20s", "1m", "2m"}));
    if (dice_.percent(15)) line(0, "priority: " + pick({"low", "high"}));
    line(0, "steps:");
    steps(1, dice_.between(1, 5), 0, Place::kMain);
    const std::vector<std::string> main = seen_;
    if (dice_.percent(35)) handler("on-failure:", Place::kOnFailure);
    seen_ = main;
    if (dice_.percent(45)) handler("finally:", Place::kFinally);
    if (!main.empty() && dice_.percent(40)) line(0, "outputs: { r: \"${{ steps." + dice_.pick(main) + ".outcome }}\" }");
    return std::move(text_);
  }

 private:
  enum class Place { kMain, kOnFailure, kFinally, kInside };

  std::string pick(std::vector<std::string> words) { return dice_.pick(words); }
  void line(int indent, const std::string& text) { text_ += std::string(static_cast<std::size_t>(indent) * 2, ' ') + text + "\n"; }

  void triggers() {
    line(0, "on:");
    line(1, "manual: {}");
    if (in_circle_) {
      line(1, "workflow: { names: [\"*\"] }");
    } else if (number_ > 0 && number_ + 1 == of_ && dice_.percent(25)) {
      line(1, "workflow: { names: " + pick({"[\"*\"]", "[w0]"}) + ", when: " +
                  pick({"[succeeded]", "[failed, cancelled]", "[succeeded, failed, cancelled]"}) + " }");
    }
  }

  void concurrency() {
    if (!dice_.percent(35)) return;
    const std::string group = pick({"one", "two", "${{ inputs.n == 1 && 'one' || 'two' }}"});
    // The limit goes with the group's name; where an expression chooses the group, so does the smaller limit.
    const std::string limit = group == "two" ? "2" : "1";
    std::string text = "concurrency: { group: \"" + group + "\", limit: " + limit + ", on-limit: ";
    text += pick({"queue", "queue", "skip", "cancel-running"});
    if (text.ends_with("queue") && dice_.percent(30)) text += ", queue-limit: " + std::to_string(dice_.between(1, 3));
    line(0, text + " }");
  }

  void handler(const std::string& name, Place place) {
    line(0, name);
    steps(1, dice_.between(1, 2), 1, place);
  }

  void steps(int indent, int count, int level, Place place) {
    for (int i = 0; i < count; ++i) step(indent, level, place);
  }

  /// `in` is the place of the list; what is nested is only seen inside.
  void step(int indent, int level, Place place) {
    const std::string id = "s" + std::to_string(++ids_);
    line(indent, "- id: " + id);
    condition(indent + 1, place);
    if (dice_.percent(15)) line(indent + 1, "continue-on-error: true");
    if (dice_.percent(4)) line(indent + 1, "sensitive: true");
    action(indent + 1, level, id);
    if (place == Place::kMain) seen_.push_back(id);
  }

  void condition(int indent, Place place) {
    if (!dice_.percent(20)) return;
    std::vector<std::string> conditions = {"always()", "failure()", "success()", "false", "inputs.n == 1", "fromJSON('{')"};
    if (place == Place::kFinally) conditions.insert(conditions.end(), {"cancelled()", "cancelled()", "!cancelled()"});
    if (place == Place::kMain && !seen_.empty()) {
      conditions.push_back("steps." + dice_.pick(seen_) + ".outcome == 'success'");
      conditions.push_back("always() && steps." + dice_.pick(seen_) + ".conclusion != 'skipped'");
    }
    line(indent, "if: ${{ " + dice_.pick(conditions) + " }}");
  }

  void action(int indent, int level, const std::string& id) {
    const int roll = dice_.between(0, 99);
    if (roll < 36) return call_out(indent, id);
    if (roll < 43) return line(indent, "set: " + pick({"{ a: 1, b: \"${{ uuid() }}\" }", "${{ inputs.n }}", "[1, 2]", "${{ event }}"}));
    if (roll < 48) return line(indent, "log: \"here is ${{ execution.id }} at ${{ now() }}\"");
    if (roll < 50) return line(indent, "fail: \"no ${{ inputs.n }}\"");
    if (roll < 58) return line(indent, "sleep: " + pick({"1s", "30s", "10m", "2d", "\"${{ '5s' }}\""}));
    if (roll < 66) return wait_for(indent);
    if (roll < 74 && number_ + 1 < of_ && !in_circle_) return call_workflow(indent);
    if (level >= kDeepest) return call_out(indent, id);
    if (roll < 83) return parallel(indent, level);
    if (roll < 93) return for_each(indent, level);
    switch_over(indent, level);
  }

  void call_out(int indent, const std::string& id) {
    line(indent, "uses: http/request");
    line(indent, "with: { method: " + pick({"GET", "POST", "POST", "PUT", "PATCH", "DELETE"}) + ", url: \"https://api.test/" + id + "\" }");
    if (dice_.percent(15)) line(indent, "timeout: " + pick({"1s", "5s", "2m"}));
    if (dice_.percent(12)) line(indent, "idempotency-key: \"written ${{ uuid() }}\"");
    retry(indent, true);
  }

  void retry(int indent, bool calls_out) {
    if (!dice_.percent(35)) return;
    std::string text = "retry: { max-attempts: " + std::to_string(dice_.between(1, 5));
    text += ", delay: " + pick({"0s", "1s", "20s"}) + ", backoff: " + pick({"constant", "linear", "exponential"});
    text += ", jitter: " + pick({"none", "full"});
    if (dice_.percent(calls_out ? 35 : 20)) text += ", on-unknown: retry";
    if (dice_.percent(35)) text += ", max-defer: " + pick({"5s", "2m"});
    line(indent, text + " }");
  }

  void wait_for(int indent) {
    line(indent, "wait-for:");
    line(indent + 1, dice_.percent(50) ? "callback: {}" : "approval: { message: \"go on with ${{ inputs.n }}?\", self: true }");
    if (dice_.percent(60)) line(indent + 1, "timeout: " + pick({"10s", "5m", "3h"}));
    if (dice_.percent(40)) line(indent + 1, "on-timeout: continue");
    if (!dice_.percent(30)) return;
    line(indent + 1, "notify:");
    steps(indent + 2, 1, kDeepest, Place::kInside);
  }

  void call_workflow(int indent) {
    const int other = dice_.between(number_ + 1, of_ - 1);
    line(indent, "call: " + (dice_.percent(4) ? std::string("nobody") : "w" + std::to_string(other)));
    if (dice_.percent(50)) line(indent, "with: { n: " + pick({"2", "\"${{ inputs.n }}\"", "\"${{ 'many' }}\""}) + " }");
    if (dice_.percent(15)) line(indent, "wait: false");
    if (dice_.percent(15)) line(indent, "timeout: " + pick({"10s", "5m"}));
    retry(indent, false);
  }

  void parallel(int indent, int level) {
    if (dice_.percent(35)) line(indent, "fail-fast: true");
    line(indent, "parallel:");
    steps(indent + 1, dice_.between(2, 3), level + 1, Place::kInside);
  }

  void for_each(int indent, int level) {
    line(indent, "for-each: " + pick({"[1, 2, 3]", "${{ range(0, 4) }}", "[]", "{ a: 1, b: 2 }", "${{ range(0, 2) }}", "${{ inputs.n }}"}));
    if (dice_.percent(60)) line(indent, "max-parallel: " + std::to_string(dice_.between(1, 4)));
    line(indent, "steps:");
    steps(indent + 1, dice_.between(1, 2), level + 1, Place::kInside);
  }

  void switch_over(int indent, int level) {
    line(indent, "switch: ${{ inputs.n }}");
    line(indent, "cases:");
    line(indent + 1, "\"1\":");
    steps(indent + 2, dice_.between(1, 2), level + 1, Place::kInside);
    if (!dice_.percent(50)) return;
    line(indent, "default:");
    steps(indent + 1, 1, level + 1, Place::kInside);
  }

  Dice& dice_;
  const int number_;
  const int of_;
  const bool in_circle_;  ///< each waits for the other's end: that stops at depth 8
  int ids_ = 0;
  std::vector<std::string> seen_;  ///< steps of the main list so far
  std::string text_;
};

}  // namespace

std::string generate_workflows(Dice& dice) {
  const bool circle = dice.percent(5);
  const int count = circle ? 2 : dice.between(1, 4);
  std::string text;
  for (int number = 0; number < count; ++number) text += "---\n" + Author(dice, number, count, circle).write();
  return text;
}

}  // namespace ipaas::simulation
