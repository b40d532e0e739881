// The store in memory: nothing outlives the process.
#pragma once

#include <memory>

#include "core/store/store.h"

namespace ipaas::store {

/// For `--store memory:`, tests and the simulation. The store and all its readers may be used from any thread: one
/// lock guards them, and what they give is copied. Readers may outlive the store.
[[nodiscard]] std::unique_ptr<Store> make_memory_store();

}  // namespace ipaas::store
