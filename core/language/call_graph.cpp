#include "core/language/call_graph.h"

#include <algorithm>
#include <map>

namespace ipaas::language {
namespace {

struct Call {
  std::string name;
  SourcePosition position;
};

struct Node {
  std::vector<Call> calls;
  const CallingDocument* document = nullptr;  ///< null: it was there
  enum class State { kNew, kOpen, kDone } state = State::kNew;
  int depth = 0;               ///< calls below it, one in the other
  const Call* deepest = nullptr;
};

std::vector<Call> calls_of(const Workflow& workflow) {
  std::vector<Call> calls;
  for (const Step* step : all_steps(workflow)) {
    const auto* call = std::get_if<CallStep>(&step->action);
    if (call != nullptr) calls.push_back({call->workflow, step->position});
  }
  return calls;
}

std::string joined(const std::vector<std::string>& path) {
  std::string text;
  for (const std::string& name : path) text += (text.empty() ? "" : " -> ") + name;
  return text;
}

class CallGraph {
 public:
  CallGraph(const std::vector<CallingDocument>& documents, const WorkflowLookup& lookup) : lookup_(lookup) {
    for (const CallingDocument& document : documents) {
      nodes_[document.workflow->name] = {calls_of(*document.workflow), &document};
    }
  }

  Result<std::vector<Error>> check() {
    std::vector<std::string> names;
    for (const auto& [name, node] : nodes_) names.push_back(name);
    for (const std::string& name : names) {
      if (auto followed = follow(name); !followed) return tl::unexpected(followed.error());
    }
    for (const std::string& name : names) check_depth(name);
    return std::move(errors_);
  }

 private:
  Result<void> follow(const std::string& name) {
    if (auto read = read_once(name); !read) return read;
    Node& node = nodes_[name];
    if (node.state == Node::State::kDone) return {};
    if (node.state == Node::State::kOpen) {
      report_cycle(name);
      return {};
    }
    node.state = Node::State::kOpen;
    path_.push_back(name);
    for (const Call& call : node.calls) {
      if (auto followed = follow(call.name); !followed) return followed;
      const int depth = nodes_[call.name].depth + 1;
      if (depth <= node.depth) continue;
      node.depth = depth;
      node.deepest = &call;
    }
    path_.pop_back();
    node.state = Node::State::kDone;
    return {};
  }

  Result<void> read_once(const std::string& name) {
    if (nodes_.contains(name)) return {};
    const auto workflow = lookup_(name);
    if (!workflow) return tl::unexpected(workflow.error());
    nodes_[name].calls = *workflow ? calls_of(**workflow) : std::vector<Call>();
    return {};
  }

  /// At a step of a document; what was there before had no cycle.
  void report_cycle(const std::string& name) {
    std::vector<std::string> cycle(std::find(path_.begin(), path_.end(), name), path_.end());
    if (cycle.size() == 1) return;  // refused where the workflow is read
    const auto first = std::find_if(cycle.begin(), cycle.end(),
                                    [&](const std::string& each) { return nodes_[each].document != nullptr; });
    if (first == cycle.end()) return;
    std::rotate(cycle.begin(), first, cycle.end());
    const Node& node = nodes_[cycle.front()];
    const auto call = std::find_if(node.calls.begin(), node.calls.end(),
                                   [&](const Call& each) { return each.name == cycle[1]; });
    cycle.push_back(cycle.front());
    errors_.push_back({ErrorKind::kInvalid, "these workflows call each other for ever: " + joined(cycle),
                       "take one of the calls out", "call_cycle", node.document->file, call->position});
  }

  void check_depth(const std::string& name) {
    const Node& node = nodes_[name];
    if (node.document == nullptr || node.depth <= domain::kDeepest || !errors_.empty()) return;
    std::vector<std::string> chain{name};
    for (const Node* at = &node; at->deepest != nullptr; at = &nodes_[at->deepest->name]) {
      chain.push_back(at->deepest->name);
    }
    errors_.push_back({ErrorKind::kInvalid, "these calls are " + std::to_string(node.depth) + " deep: " + joined(chain),
                       "at most " + std::to_string(domain::kDeepest) + " calls may follow from each other", "call_depth",
                       node.document->file, node.deepest->position});
  }

  const WorkflowLookup& lookup_;
  std::map<std::string, Node> nodes_;  ///< references into it stay valid while it grows
  std::vector<std::string> path_;
  std::vector<Error> errors_;
};

}  // namespace

Result<std::vector<Error>> check_calls(const std::vector<CallingDocument>& documents, const WorkflowLookup& lookup) {
  return CallGraph(documents, lookup).check();
}

std::vector<std::string> called_by(const Workflow& workflow) {
  std::vector<std::string> names;
  for (Call& call : calls_of(workflow)) {
    if (std::find(names.begin(), names.end(), call.name) == names.end()) names.push_back(std::move(call.name));
  }
  return names;
}

}  // namespace ipaas::language
