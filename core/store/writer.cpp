#include "core/store/writer.h"

#include <future>

namespace ipaas::store {

Result<Outcome> write_and_wait(Writer& writer, Write write) {
  auto promise = std::make_shared<std::promise<Result<Outcome>>>();
  auto committed = promise->get_future();
  writer.submit(std::move(write), [promise](Result<Outcome> outcome) { promise->set_value(std::move(outcome)); });
  return committed.get();
}

}  // namespace ipaas::store
