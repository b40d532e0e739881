#include "core/language/parser/step_outline.h"

#include <algorithm>
#include <optional>

#include "core/base/letter_case.h"

namespace ipaas::language {
namespace {

constexpr std::size_t kMostSteps = 500;
constexpr std::size_t kLongestId = 100;

bool is_id(std::string_view text) {
  constexpr std::string_view kFirst = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_";
  constexpr std::string_view kRest = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
  return !text.empty() && text.size() <= kLongestId && kFirst.find(text.front()) != std::string_view::npos &&
         text.find_first_not_of(kRest) == std::string_view::npos;
}

std::string default_id(std::size_t number) { return "step-" + std::to_string(number + 1); }

/// Numbers the steps in the order of the document.
class Outliner {
 public:
  explicit Outliner(Reading& reading) : reading_(reading) {}

  BlockOutline block(const yaml::Entry* entry) {
    if (entry == nullptr) return {};
    const std::string what = "`" + entry->key + "`";
    if (entry->value->is_null()) {
      report_type(reading_, what, *entry->value, entry->position, "a list", "write steps such as `- log: hello` below it");
      return {};
    }
    const auto* nodes = read_list(reading_, *entry->value, what);
    if (nodes == nullptr) return {};
    BlockOutline steps;
    for (const yaml::Node* node : *nodes) {
      if (too_many(*node)) return steps;
      steps.push_back({node, {}, count_++});
      steps.back().blocks = blocks_of(*node);
    }
    return steps;
  }

  [[nodiscard]] bool overflown() const { return overflown_; }

 private:
  std::vector<BlockOutline> blocks_of(const yaml::Node& step) {
    if (const auto* parallel = step.find("parallel")) return one(parallel);
    if (step.find("for-each") != nullptr) return one(step.find("steps"));
    if (const auto* wait = step.find("wait-for")) return one(wait->value->find("notify"));
    if (step.find("switch") == nullptr) return {};
    std::vector<BlockOutline> blocks;
    const auto* cases = step.find("cases");
    if (cases != nullptr && cases->value->entries() != nullptr) {
      for (const yaml::Entry& entry : *cases->value->entries()) blocks.push_back(block(&entry));
    }
    blocks.push_back(block(step.find("default")));
    return blocks;
  }

  std::vector<BlockOutline> one(const yaml::Entry* entry) {
    std::vector<BlockOutline> blocks;
    blocks.push_back(block(entry));
    return blocks;
  }

  bool too_many(const yaml::Node& node) {
    if (count_ < kMostSteps) return false;
    if (!overflown_) {
      reading_.report.add(node.position(), "too_many_steps",
                          "a workflow has at most " + std::to_string(kMostSteps) + " steps", "make several workflows of it");
    }
    overflown_ = true;
    return true;
  }

  Reading& reading_;
  std::size_t count_ = 0;
  bool overflown_ = false;
};

void gather(BlockOutline& block, std::vector<StepOutline*>& all) {
  for (StepOutline& step : block) {
    all.push_back(&step);
    for (BlockOutline& inner : step.blocks) gather(inner, all);
  }
}

std::optional<std::string> read_id(Reading& reading, const yaml::Entry& entry) {
  auto id = read_text(reading, entry);
  if (!id || is_id(*id)) return id;
  reading.report.add(entry.value->position(), "bad_name", shown(*id) + " cannot be the id of a step",
                     "begin with a letter or _, then letters, digits, _ and -");
  return std::nullopt;
}

/// The ids that are written, then those that are not.
void name_steps(Reading& reading, const std::vector<StepOutline*>& all) {
  for (StepOutline* step : all) {
    const yaml::Entry* entry = step->node->find("id");
    auto id = entry == nullptr ? std::nullopt : read_id(reading, *entry);
    if (!id) continue;
    const auto other = std::find_if(all.begin(), all.end(), [&](const StepOutline* known) { return same_name(known->id, *id); });
    if (other != all.end()) {
      reading.report.add(entry->value->position(), "duplicate_id",
                         "the id " + shown(*id) + " is taken by step " + std::to_string((*other)->number + 1),
                         "ids differ in more than letter case");
    }
    step->id = std::move(*id);
  }
  for (StepOutline* step : all) {
    if (!step->id.empty()) continue;
    step->id = default_id(step->number);
    const auto other = std::find_if(all.begin(), all.end(), [&](const StepOutline* known) {
      return known != step && same_name(known->id, step->id);
    });
    if (other == all.end() || (*other)->node->find("id") == nullptr) continue;
    reading.report.add((*other)->node->find("id")->value->position(), "duplicate_id",
                       shown((*other)->id) + " is what step " + std::to_string(step->number + 1) + " is called",
                       "choose another id, or give that step one");
  }
}

}  // namespace

bool same_name(std::string_view a, std::string_view b) { return equal_letters(a, b); }

WorkflowOutline outline_of(Reading& reading, const yaml::Node& root) {
  Outliner outliner(reading);
  WorkflowOutline outline;
  outline.steps = outliner.block(root.find("steps"));
  outline.on_failure = outliner.block(root.find("on-failure"));
  outline.finally = outliner.block(root.find("finally"));
  if (outliner.overflown()) return {};
  for (BlockOutline* block : {&outline.steps, &outline.on_failure, &outline.finally}) gather(*block, outline.all);
  name_steps(reading, outline.all);
  return outline;
}

}  // namespace ipaas::language
