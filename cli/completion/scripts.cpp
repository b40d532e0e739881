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

struct Named {
  std::string_view list;
  std::vector<std::string_view> commands;
};

/// What takes the name or the id of something that there is.
std::string names_of(const std::string& path) {
  static const std::vector<Named> all = {
      {"workflow list",
       {"run", "workflow get", "workflow history", "workflow rollback", "workflow enable", "workflow disable", "workflow graph",
        "workflow delete", "webhook url", "webhook deliveries", "schedule pause", "schedule resume", "schedule backfill"}},
      {"execution list",
       {"logs", "execution get", "execution watch", "execution wait", "execution cancel", "execution signal", "execution export"}},
      {"execution list --dead-letter", {"execution retry", "execution discard"}},
      {"approval list", {"approval approve", "approval reject"}},
      {"credential list", {"credential delete"}},
      {"variable list", {"variable set", "variable delete"}},
      {"connector list", {"connector get"}}};
  for (const Named& named : all) {
    if (std::ranges::find(named.commands, std::string_view(path)) != named.commands.end()) return std::string(named.list);
  }
  return {};
}

void visit(const CLI::App& app, const std::string& path, std::vector<CompletionNode>& nodes) {
  CompletionNode node{path, {}, {}, names_of(path)};
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

std::string names_of_flag(const std::string& flag) { return flag == "-w" || flag == "--workflow" ? "workflow list" : ""; }

bool takes_path(const std::string& flag) {
  return std::ranges::find(kPaths, std::string_view(flag)) != kPaths.end();
}

}  // namespace ipaas::cli
