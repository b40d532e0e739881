// What an execution did of which nobody knows whether it happened.
//
// Under which key such a call went out is noted in the execution's idempotency keys, by the path of its step; of a step that
// called a workflow, what is noted are the kChild effects whose children may have keys of their own, the latest last. Who
// repeats the step, also in another execution, does so under these keys.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "core/domain/execution.h"

namespace ipaas::engine {

/// Did it, or what it called, do anything that may have happened and that nothing says may happen twice? Then it is called
/// again only where `on-unknown: retry` asks for it.
[[nodiscard]] bool in_doubt(const domain::Execution& execution);

/// The step's effect may have happened, and may not happen twice.
void put_in_doubt(domain::Execution& execution, const std::string& path);

/// A retried execution takes over the keys of the one that failed, and has done nothing itself.
void begin_without_doubt(domain::Execution& execution);

/// The effect's child may have keys that its successor needs. Where nobody knows whether there is such a child, its
/// predecessors stay noted, too.
void note_child(domain::Execution& execution, const domain::Effect& child, bool started);

/// The children that are noted for a step of `execution`, the latest first.
[[nodiscard]] std::vector<domain::Parent> noted_children(const domain::Execution& execution, const std::string& path);

/// The keys that a successor of this execution takes over: those of calls that are still out, too.
[[nodiscard]] std::map<std::string, std::string> keys_for_successor(const domain::ExecutionSnapshot& execution);

}  // namespace ipaas::engine
