#include "core/store/writer.h"

#include <algorithm>
#include <future>

namespace ipaas::store {

bool changes_anything(const std::vector<SavedWorkflow>& workflows) {
  return std::any_of(workflows.begin(), workflows.end(), [](const SavedWorkflow& saved) {
    return saved.action != SavedWorkflow::Action::kUnchanged || saved.left_set;
  });
}

Result<Outcome> write_and_wait(Writer& writer, Write write) {
  auto promise = std::make_shared<std::promise<Result<Outcome>>>();
  auto committed = promise->get_future();
  writer.submit(std::move(write), [promise](Result<Outcome> outcome) { promise->set_value(std::move(outcome)); });
  return committed.get();
}

}  // namespace ipaas::store
