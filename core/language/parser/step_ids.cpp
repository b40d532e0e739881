#include <optional>

#include "core/language/parser/steps.h"

namespace ipaas::language {
namespace {

constexpr std::size_t kLongestId = 100;

bool is_id(std::string_view text) {
  constexpr std::string_view kFirst = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_";
  constexpr std::string_view kRest = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
  return !text.empty() && text.size() <= kLongestId && kFirst.find(text.front()) != std::string_view::npos &&
         text.find_first_not_of(kRest) == std::string_view::npos;
}

std::string default_id(std::size_t index) { return "step-" + std::to_string(index + 1); }

std::optional<std::string> read_id(Reading& reading, const yaml::Entry& entry) {
  auto id = read_text(reading, entry);
  if (!id || is_id(*id)) return id;
  reading.report.add(entry.value->position(), "bad_name", shown(*id) + " cannot be the id of a step",
                     "begin with a letter or _, then letters, digits, _ and -");
  return std::nullopt;
}

/// The number of the step that is called so by default: `step-3` is 2.
std::optional<std::size_t> default_index(std::string_view id, std::size_t count) {
  constexpr std::string_view kPrefix = "step-";
  if (!id.starts_with(kPrefix)) return std::nullopt;
  std::size_t number = 0;
  for (const char c : id.substr(kPrefix.size())) {
    if (c < '0' || c > '9' || number > count) return std::nullopt;
    number = number * 10 + static_cast<std::size_t>(c - '0');
  }
  if (number == 0 || number > count || default_id(number - 1) != id) return std::nullopt;
  return number - 1;
}

}  // namespace

StepIds read_step_ids(Reading& reading, const yaml::Node::Items& nodes) {
  StepIds ids;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const yaml::Entry* entry = nodes[i]->find("id");
    auto id = entry == nullptr ? std::nullopt : read_id(reading, *entry);
    if (id) {
      if (const auto other = ids.find(*id)) {
        reading.report.add(entry->value->position(), "duplicate_id", "the id " + shown(*id) + " is taken by step " + std::to_string(*other + 1),
                           "ids differ in more than letter case");
      }
      const auto meant = default_index(*id, nodes.size());
      if (meant && *meant != i && nodes[*meant]->find("id") == nullptr) {
        reading.report.add(entry->value->position(), "duplicate_id", shown(*id) + " is what step " + std::to_string(*meant + 1) + " is called",
                           "choose another id, or give that step one");
      }
    }
    ids.add(id ? std::move(*id) : default_id(i));
  }
  return ids;
}

}  // namespace ipaas::language
