#include "cli/commands/choices.h"

#include <algorithm>
#include <charconv>

#include "core/language/suggest.h"

namespace ipaas::cli {

const Words& output_formats() {
  static const Words words = {"table", "wide", "json", "yaml", "name"};
  return words;
}

const Words& error_formats() {
  static const Words words = {"text", "github"};
  return words;
}

const Words& execution_statuses() {
  static const Words words = {"queued", "running", "waiting", "succeeded", "failed", "cancelled"};
  return words;
}

const Words& error_codes() {
  static const Words words = {"connect_failed",     "tls_failed",          "dns_failed",         "timeout",
                              "reset",              "response_too_large",  "rejected",           "deferred_too_long",
                              "outcome_unknown",    "egress_blocked",      "credential_missing", "credential_refused",
                              "expression_failed",  "input_invalid",       "concurrency_skipped", "approval_rejected",
                              "wait_timed_out",     "child_failed",        "cancelled",          "poisoned",
                              "internal"};
  return words;
}

const Words& log_levels() {
  static const Words words = {"debug", "info", "warn", "error"};
  return words;
}

const Words& shells() {
  static const Words words = {"bash", "zsh", "fish"};
  return words;
}

std::string hint_for(const std::string& word, const Words& words) {
  std::string hint = language::did_you_mean(word, words);
  if (!hint.empty()) return hint;
  hint = "one of ";
  for (std::size_t i = 0; i < words.size(); ++i) hint += (i == 0 ? "" : ", ") + words[i];
  return hint;
}

CLI::Validator one_of(const Words& words) {
  const auto check = [words](const std::string& value) -> std::string {
    if (std::ranges::find(words, value) != words.end()) return {};
    return "unknown value `" + value + "`\n" + hint_for(value, words);
  };
  return CLI::Validator(check, "");
}

CLI::Validator not_empty(const std::string& what) {
  const auto check = [what](const std::string& value) -> std::string {
    return value.empty() ? what + " is empty\nwrite it, or leave it away" : std::string();
  };
  return CLI::Validator(check, "");
}

CLI::Validator between(std::int64_t least, std::int64_t most) {
  const auto check = [least, most](const std::string& value) -> std::string {
    std::int64_t number = 0;
    const char* const last = value.data() + value.size();
    const auto [end, error] = std::from_chars(value.data(), last, number);
    const bool whole = end == last && !value.empty() && error != std::errc::invalid_argument;
    if (whole && error == std::errc() && number >= least && number <= most) return {};
    return "`" + value + "` is " + (whole ? "out of range" : "no whole number") + "\nwrite a whole number from " + std::to_string(least) + " to " +
           std::to_string(most);
  };
  return CLI::Validator(check, "");
}

}  // namespace ipaas::cli
