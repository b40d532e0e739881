// A first workflow, made of what starts it and what it does.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ipaas::cli {

/// One answer to a question of `ipaas init`.
struct StarterOption {
  std::string_view name;
  std::string_view description;
};

[[nodiscard]] const std::vector<StarterOption>& starter_triggers();
[[nodiscard]] const std::vector<StarterOption>& starter_actions();

struct Starter {
  std::string workflow;                  ///< YAML, with the modeline for editors
  std::string test;                      ///< YAML, passes as it is
  std::vector<std::string> credentials;  ///< the commands that create what it needs
  std::string start;                     ///< the command that starts it, or says how
};

/// `trigger` and `action` are names of options; `name` is a workflow's.
[[nodiscard]] Starter make_starter(const std::string& name, std::string_view trigger, std::string_view action);

}  // namespace ipaas::cli
