#include "cli/completion/scripts.h"

namespace ipaas::cli {
namespace {

std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char byte : text) {
    if (byte == '\'' || byte == '\\') out += '\\';
    out += byte;
  }
  return out + "'";
}

std::string paths(const std::vector<CompletionNode>& nodes) {
  std::string out;
  for (const CompletionNode& node : nodes) {
    if (!node.path.empty()) out += " " + quoted(node.path);
  }
  return out;
}

std::string flag_line(const std::string& condition, const CompletionWord& flag) {
  const bool is_long = flag.text.starts_with("--");
  std::string out = condition + (is_long ? " -l " + flag.text.substr(2) : " -s " + flag.text.substr(1));
  if (flag.takes_value) {
    const std::string values = values_of_flag(flag.text);
    const std::string names = names_of_flag(flag.text);
    const std::string offered = names.empty() ? values : "(__ipaas_names " + names + ")";
    out += takes_path(flag.text) ? " -r -F" : offered.empty() ? " -x" : " -x -a " + quoted(offered);
  }
  return out + " -d " + quoted(flag.description) + "\n";
}

}  // namespace

std::string fish_completion(const std::vector<CompletionNode>& nodes) {
  std::string out =
      "# fish completion of ipaas, made by `ipaas completion fish`\n"
      "function __ipaas_names\n"
      "  command ipaas $argv -o name 2>/dev/null </dev/null | string replace -r '^[^/]*/' ''\n"
      "end\n"
      "function __ipaas_at\n"
      "  set -l at ''\n"
      "  for word in (commandline -opc)[2..-1]\n"
      "    set -l next (string trim -- \"$at $word\")\n"
      "    if contains -- $next" +
      paths(nodes) +
      "\n"
      "      set at $next\n"
      "    end\n"
      "  end\n"
      "  test \"$at\" = \"$argv[1]\"\n"
      "end\n"
      "complete -c ipaas -f\n";
  for (const CompletionNode& node : nodes) {
    const std::string condition = "complete -c ipaas -n " + quoted("__ipaas_at \"" + node.path + "\"");
    for (const CompletionWord& word : node.commands) {
      out += condition + " -a " + word.text + " -d " + quoted(word.description) + "\n";
    }
    if (!node.names.empty()) out += condition + " -a " + quoted("(__ipaas_names " + node.names + ")") + "\n";
    for (const CompletionWord& flag : node.flags) out += flag_line(condition, flag);
  }
  return out;
}

}  // namespace ipaas::cli
