#include "cli/completion/scripts.h"

namespace ipaas::cli {
namespace {

/// In single quotes; of `name:description` only the first colon counts.
std::string described(const CompletionWord& word) {
  std::string out = "'" + word.text + ":";
  for (const char byte : word.description) out += byte == '\'' ? std::string("'\\''") : std::string(1, byte);
  return out + "'";
}

std::string listed(const std::vector<CompletionWord>& words) {
  std::string out = "(";
  for (const CompletionWord& word : words) out += (out.size() == 1 ? "" : " ") + described(word);
  return out + ")";
}

std::string paths(const std::vector<CompletionNode>& nodes) {
  std::string out;
  for (const CompletionNode& node : nodes) {
    if (!node.path.empty()) out += (out.empty() ? "'" : "|'") + node.path + "'";
  }
  return out;
}

std::string value_cases(const CompletionNode& node) {
  std::string out;
  for (const CompletionWord& flag : node.flags) {
    if (!flag.takes_value) continue;
    out += "    ('" + node.path + "/" + flag.text + "') ";
    if (const std::string values = values_of_flag(flag.text); !values.empty()) {
      out += "compadd -- " + values + "; ";
    } else if (const std::string names = names_of_flag(flag.text); !names.empty()) {
      out += "compadd -- ${(f)\"$(_ipaas_names " + names + ")\"}; ";
    } else if (takes_path(flag.text)) {
      out += "_files; ";
    }
    out += "return ;;\n";
  }
  return out;
}

}  // namespace

std::string zsh_completion(const std::vector<CompletionNode>& nodes) {
  std::string out =
      "#compdef ipaas\n"
      "# zsh completion of ipaas, made by `ipaas completion zsh`\n"
      "_ipaas_names() { command ipaas \"$@\" -o name 2>/dev/null </dev/null | sed 's|^[^/]*/||' }\n"
      "_ipaas() {\n"
      "  local at='' names='' next i\n"
      "  local -a commands flags\n"
      "  for ((i = 2; i < CURRENT; i++)); do\n"
      "    next=${at:+$at }${words[i]}\n"
      "    case $next in\n"
      "      (" +
      paths(nodes) +
      ") at=$next ;;\n"
      "    esac\n"
      "  done\n"
      "  case \"$at/${words[CURRENT-1]}\" in\n";
  for (const CompletionNode& node : nodes) out += value_cases(node);
  out += "  esac\n  case $at in\n";
  for (const CompletionNode& node : nodes) {
    out += "    ('" + node.path + "') commands=" + listed(node.commands) + " flags=" + listed(node.flags) +
           (node.names.empty() ? "" : " names='" + node.names + "'") + " ;;\n";
  }
  return out +
         "  esac\n"
         "  if [[ ${words[CURRENT]} == -* ]]; then\n"
         "    _describe flag flags\n"
         "  elif [[ -n $names ]]; then\n"
         "    compadd -- ${(f)\"$(_ipaas_names ${=names})\"}\n"
         "  else\n"
         "    _describe command commands\n"
         "  fi\n"
         "}\n"
         "if [[ ${funcstack[1]} == _ipaas ]]; then _ipaas \"$@\"; else compdef _ipaas ipaas; fi\n";
}

}  // namespace ipaas::cli
