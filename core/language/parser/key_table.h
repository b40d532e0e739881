// The keys of a mapping, as data: what the parser accepts, and what a schema or a formatter can be made of.
#pragma once

#include <span>
#include <string_view>

namespace ipaas::language {

struct KeyRule {
  enum class Status {
    kOptional,
    kRequired,
    kLater,  ///< part of the language, refused by name as this version does not run it
  };
  std::string_view name;
  std::string_view description;
  Status status = Status::kOptional;
};

struct KeyTable {
  std::string_view what;  ///< "a step"
  std::span<const KeyRule> rules;  ///< in the order in which a formatter writes them
  bool extensions = false;         ///< `x-…` keys may hold anything

  [[nodiscard]] const KeyRule* find(std::string_view key) const {
    for (const KeyRule& rule : rules) {
      if (rule.name == key) return &rule;
    }
    return nullptr;
  }
};

/// They live as long as the program.
[[nodiscard]] const KeyTable& workflow_keys();
[[nodiscard]] const KeyTable& on_keys();
[[nodiscard]] const KeyTable& webhook_keys();
[[nodiscard]] const KeyTable& verify_keys();
[[nodiscard]] const KeyTable& schedule_keys();
[[nodiscard]] const KeyTable& manual_keys();
[[nodiscard]] const KeyTable& input_keys();
[[nodiscard]] const KeyTable& step_keys();
[[nodiscard]] const KeyTable& retry_keys();
[[nodiscard]] const KeyTable& log_keys();
[[nodiscard]] const KeyTable& fail_keys();

}  // namespace ipaas::language
