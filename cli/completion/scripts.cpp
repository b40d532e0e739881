#include "cli/completion/scripts.h"

#include <algorithm>
#include <array>

#include "cli/commands/choices.h"
#include "cli/commands/command_line.h"
#include "core/connectors/catalog.h"
#include "core/security/signature.h"

namespace ipaas::cli {
namespace {

void add_flags(const CLI::App& app, std::vector<CompletionWord>& flags) {
  for (const CLI::Option* option : app.get_options()) {
    const bool value = option->get_items_expected_max() > 0;
    for (const std::string& name : option->get_lnames())
      flags.push_back({"--" + name, option->get_description(), value});
    for (const std::string& name : option->get_snames())
      flags.push_back({"-" + name, option->get_description(), value});
  }
}

void visit(const CLI::App& app, const std::string& path, std::vector<CompletionNode>& nodes) {
  CompletionNode node{path, {}, {}};
  for (const CLI::App* level = &app; level != nullptr; level = level->get_parent()) add_flags(*level, node.flags);
  const auto by_text = [](const CompletionWord& a, const CompletionWord& b) { return a.text < b.text; };
  const auto same_text = [](const CompletionWord& a, const CompletionWord& b) { return a.text == b.text; };
  std::ranges::stable_sort(node.flags, by_text);
  node.flags.erase(std::unique(node.flags.begin(), node.flags.end(), same_text), node.flags.end());
  for (const CLI::App* command : commands_of(app))
    node.commands.push_back({command->get_name(), command->get_description()});
  if (app.get_name() == "completion") {
    for (const std::string& shell : shells()) node.commands.push_back({shell, "The script of " + shell});
  }
  nodes.push_back(std::move(node));
  for (const CLI::App* command : commands_of(app)) {
    visit(*command, path.empty() ? command->get_name() : path + " " + command->get_name(), nodes);
  }
}

Words schemes() {
  const auto& names = security::scheme_names();
  return {names.begin(), names.end()};
}

Words credential_types() {
  Words words;
  const auto catalog = connectors::Catalog::built_in();
  if (!catalog) return words;
  for (const connectors::CredentialType& type : catalog->credential_types()) words.emplace_back(type.name);
  return words;
}

struct FlagValues {
  std::string_view flag;
  Words (*values)();
};
constexpr std::array<FlagValues, 7> kValues = {{{"-o", [] { return output_formats(); }},
                                                {"--output", [] { return output_formats(); }},
                                                {"--level", [] { return log_levels(); }},
                                                {"--format", [] { return error_formats(); }},
                                                {"--status", [] { return execution_statuses(); }},
                                                {"--scheme", schemes},
                                                {"--type", credential_types}}};
constexpr std::array<std::string_view, 4> kPaths = {"-f", "--file", "--from-file", "--inputs"};

}  // namespace

std::vector<CompletionNode> completion_nodes(const CLI::App& app) {
  std::vector<CompletionNode> nodes;
  visit(app, "", nodes);
  return nodes;
}

std::string values_of_flag(const std::string& flag) {
  const auto* const found = std::ranges::find(kValues, std::string_view(flag), &FlagValues::flag);
  std::string values;
  if (found == kValues.end()) return values;
  for (const std::string& word : found->values()) values += (values.empty() ? "" : " ") + word;
  return values;
}

bool takes_path(const std::string& flag) {
  return std::ranges::find(kPaths, std::string_view(flag)) != kPaths.end();
}

}  // namespace ipaas::cli
