#include "cli/workflow_files.h"

#include <algorithm>
#include <map>

#include "cli/file_error.h"
#include "cli/input.h"
#include "cli/secret_literals.h"
#include "cli/yaml_files.h"
#include "core/connectors/catalog.h"
#include "core/language/call_graph.h"
#include "core/language/workflow_parser.h"

namespace ipaas::cli {
namespace {

/// The line of a document's `name:` key in its file, for errors about the name.
SourcePosition position_of_name(const std::string& text, const language::Workflow& workflow) {
  const std::size_t document = text.find(workflow.source);
  if (document == std::string::npos) return {};
  std::size_t at = document;
  while (at < text.size() && text.compare(at, 5, "name:") != 0) {
    at = text.find('\n', at);
    if (at == std::string::npos) return {};
    ++at;
  }
  return {static_cast<int>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n')) + 1, 1};
}

class Loader {
 public:
  explicit Loader(const language::ActionCatalog& catalog) : catalog_(catalog) {}

  void read(const World& world, const std::string& path) {
    const Result<std::string> text = read_input(world, path);
    if (!text) return errors_.push_back(text.error());
    const std::string file = display_name(path);
    auto workflows = language::parse_workflows(*text, file, catalog_, looks_secret_);
    if (!workflows) {
      errors_.insert(errors_.end(), workflows.error().begin(), workflows.error().end());
      return;
    }
    if (workflows->empty()) errors_.push_back(file_error(file, "holds no workflow", "begin with `name:`", "empty_file"));
    for (language::WorkflowPtr& workflow : *workflows) add(*text, file, std::move(workflow));
  }

  ResultOrErrors<std::vector<WorkflowDocument>> finish() && {
    check_calls();
    if (!errors_.empty()) return tl::unexpected(std::move(errors_));
    return std::move(documents_);
  }

 private:
  void add(const std::string& text, const std::string& file, language::WorkflowPtr workflow) {
    const auto [first, is_new] = files_.emplace(workflow->name, file);
    if (!is_new) {
      Error error = file_error(file, "a second workflow is named `" + workflow->name + "`; the first is in " + first->second,
                          "give it another name", "duplicate_workflow");
      error.position = position_of_name(text, *workflow);
      errors_.push_back(std::move(error));
      return;
    }
    documents_.push_back({file, std::move(workflow)});
  }

  /// Among the files: what else there is only the daemon knows.
  void check_calls() {
    std::vector<language::CallingDocument> calling;
    for (const WorkflowDocument& document : documents_) calling.push_back({document.file, document.workflow});
    const auto found = language::check_calls(calling, [](const std::string&) { return language::WorkflowPtr(); });
    if (found) errors_.insert(errors_.end(), found->begin(), found->end());
  }

  const language::ActionCatalog& catalog_;
  const language::SecretTest looks_secret_ = secret_test();
  std::vector<WorkflowDocument> documents_;
  std::map<std::string, std::string> files_;  ///< workflow name -> the file that has it
  Errors errors_;
};

}  // namespace

ResultOrErrors<std::vector<WorkflowDocument>> load_workflows(const World& world, const std::vector<std::string>& paths,
                                                             bool recursive) {
  const auto catalog = connectors::Catalog::built_in();
  if (!catalog) return fail_with(catalog.error());
  const auto files = files_named(paths, recursive, TestFiles::kLeftOut);
  if (!files) return tl::unexpected(files.error());
  Loader loader(*catalog);
  for (const std::string& file : *files) loader.read(world, file);
  return std::move(loader).finish();
}

}  // namespace ipaas::cli
