// Steps that hold steps: `parallel`, `for-each`, `switch`.

#include <utility>

#include "core/language/parser/step_reader.h"

namespace ipaas::language {

/// The branches run at once, so none sees another; whoever comes after sees all of them.
ParallelStep StepReader::read_parallel(const StepOutline& outline) {
  ParallelStep step;
  std::vector<const StepOutline*> seen_after;
  const std::size_t mark = scope_.mark();
  for (const StepOutline& branch : outline.blocks.front()) {
    step.branches.push_back(read_step(branch));
    const auto seen = scope_.take_since(mark);
    seen_after.insert(seen_after.end(), seen.begin(), seen.end());
  }
  scope_.show(seen_after);
  if (const auto* entry = outline.node->find("fail-fast")) step.fail_fast = read_boolean(reading_, *entry).value_or(false);
  return step;
}

ForEachStep StepReader::read_for_each(const StepOutline& outline, const yaml::Entry& entry) {
  ForEachStep step;
  const yaml::Node& items = *entry.value;
  if (items.is_null() || (items.scalar() != nullptr && !holds_expression(items.scalar()->text))) {
    report_type(reading_, "`for-each`", items, entry.position, "a list, a mapping or an expression",
                "write one such as `${{ event.body.items }}`");
  }
  step.items = read_tree(reading_, items, place());
  if (const auto* most = outline.node->find("max-parallel")) {
    step.max_parallel = static_cast<int>(read_integer(reading_, *most, step_keys()).value_or(1));
  }
  if (outline.node->find("steps") == nullptr) {
    reading_.report.add(entry.position, "missing_key", "`for-each` needs the key `steps`", "write what is done for each item");
  }
  const Surroundings outside = std::exchange(around_, {true, around_.on_failure, around_.notify});
  const std::size_t mark = scope_.mark();
  step.steps = read(outline.blocks.front());
  scope_.hide_since(mark, outline.id);
  around_ = outside;
  return step;
}

void StepReader::read_cases(const StepOutline& outline, SwitchStep& step, std::vector<const StepOutline*>& seen_after) {
  const auto read_case = [&](const BlockOutline& block) {
    const std::size_t mark = scope_.mark();
    Steps steps = read(block);
    const auto seen = scope_.take_since(mark);
    seen_after.insert(seen_after.end(), seen.begin(), seen.end());
    return steps;
  };
  if (const auto* cases = outline.node->find("cases"); cases != nullptr && cases->value->entries() != nullptr) {
    std::size_t index = 0;
    for (const yaml::Entry& one : *cases->value->entries()) {
      if (holds_expression(one.key)) {
        reading_.report.add(one.position, "expression_in_key", "a case cannot hold an expression",
                            "compare in the `switch` expression, and write its possible texts as cases");
      }
      step.cases.push_back({one.key, read_case(outline.blocks[index++])});
    }
  }
  step.otherwise = read_case(outline.blocks.back());
}

SwitchStep StepReader::read_switch(const StepOutline& outline, const yaml::Entry& entry) {
  SwitchStep step;
  if (entry.value->scalar() == nullptr || !holds_expression(entry.value->scalar()->text)) {
    report_type(reading_, "`switch`", *entry.value, entry.position, "an expression", "write one such as `${{ event.body.type }}`");
  }
  step.value = read_tree(reading_, *entry.value, place());
  const auto* cases = outline.node->find("cases");
  if (cases == nullptr) {
    reading_.report.add(entry.position, "missing_key", "`switch` needs the key `cases`", "write steps for each value below it");
  } else if (cases->value->entries() != nullptr && cases->value->entries()->empty()) {
    reading_.report.add(cases->value->position(), "missing_value", "`cases` is empty", "write lines such as `paid: [ … ]` below it");
  } else if (cases->value->entries() == nullptr) {
    report_type(reading_, "`cases`", *cases->value, cases->position, "a mapping with a list of steps for each value",
                "write lines such as `paid: [ … ]` below it");
  }
  std::vector<const StepOutline*> seen_after;
  read_cases(outline, step, seen_after);
  scope_.show(seen_after);
  return step;
}

}  // namespace ipaas::language
