#include "cli/completion/scripts.h"

namespace ipaas::cli {
namespace {

/// Names hold no quote and no blank.
std::string words_of(const std::vector<CompletionWord>& words) {
  std::string out;
  for (const CompletionWord& word : words) out += (out.empty() ? "" : " ") + word.text;
  return out;
}

std::string quoted_paths(const std::vector<CompletionNode>& nodes) {
  std::string out;
  for (const CompletionNode& node : nodes) {
    if (!node.path.empty()) out += (out.empty() ? "'" : "|'") + node.path + "'";
  }
  return out;
}

/// What may follow a flag that takes a value, command by command, since `-f` is a file here and a switch there.
std::string value_cases(const CompletionNode& node) {
  std::string out;
  for (const CompletionWord& flag : node.flags) {
    if (!flag.takes_value) continue;
    out += "    '" + node.path + "/" + flag.text + "') ";
    if (const std::string values = values_of_flag(flag.text); !values.empty()) {
      out += "COMPREPLY=($(compgen -W '" + values + "' -- \"$cur\")); ";
    } else if (const std::string names = names_of_flag(flag.text); !names.empty()) {
      out += "COMPREPLY=($(compgen -W \"$(_ipaas_names " + names + ")\" -- \"$cur\")); ";
    } else if (takes_path(flag.text)) {
      out += "COMPREPLY=($(compgen -f -- \"$cur\")); ";
    }
    out += "return ;;\n";
  }
  return out;
}

}  // namespace

std::string bash_completion(const std::vector<CompletionNode>& nodes) {
  std::string out =
      "# bash completion of ipaas, made by `ipaas completion bash`\n"
      "_ipaas_names() { command ipaas \"$@\" -o name 2>/dev/null </dev/null | sed 's|^[^/]*/||'; }\n"
      "_ipaas() {\n"
      "  local names='' cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} at='' next i commands='' flags=''\n"
      "  COMPREPLY=()\n"
      "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
      "    next=${at:+$at }${COMP_WORDS[i]}\n"
      "    case \"$next\" in\n"
      "      " +
      quoted_paths(nodes) +
      ") at=$next ;;\n"
      "    esac\n"
      "  done\n"
      "  case \"$at/$prev\" in\n";
  for (const CompletionNode& node : nodes) out += value_cases(node);
  out += "  esac\n  case \"$at\" in\n";
  for (const CompletionNode& node : nodes) {
    out +=
        "    '" + node.path + "') commands='" + words_of(node.commands) + "' flags='" + words_of(node.flags) + "'" +
        (node.names.empty() ? "" : " names='" + node.names + "'") + " ;;\n";
  }
  return out +
         "  esac\n"
         "  if [[ $cur == -* ]]; then\n"
         "    COMPREPLY=($(compgen -W \"$flags\" -- \"$cur\"))\n"
         "  else\n"
         "    [[ $names ]] && commands=$(_ipaas_names $names)\n"
         "    COMPREPLY=($(compgen -W \"$commands\" -- \"$cur\"))\n"
         "  fi\n"
         "}\n"
         "complete -o bashdefault -F _ipaas ipaas\n";
}

}  // namespace ipaas::cli
