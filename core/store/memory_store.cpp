#include "core/store/memory_store.h"

#include "core/base/overloaded.h"
#include "core/store/memory/definition_writes.h"
#include "core/store/memory/delivery_writes.h"
#include "core/store/memory/execution_writes.h"
#include "core/store/memory/outbox.h"
#include "core/store/memory/purge.h"
#include "core/store/memory/schedule_writes.h"
#include "core/store/memory/variable_writes.h"
#include "core/store/memory/tables.h"

namespace ipaas::store {
namespace memory {
namespace {

class MemoryStore final : public Store {
 public:
  MemoryStore() { tables_->tenants["default"] = {TenantId(std::string(kDefaultTenantId)), "default", Instant{}}; }

  std::vector<Result<Outcome>> commit(const std::vector<Write>& batch) override {
    const std::lock_guard lock(tables_->mutex);
    std::vector<Result<Outcome>> results;
    results.reserve(batch.size());
    for (const Write& write : batch) results.push_back(apply(*tables_, write));
    return results;
  }

  Result<std::size_t> release_orphans(domain::BootId boot) override {
    const std::lock_guard lock(tables_->mutex);
    return memory::release_orphans(*tables_, boot);
  }

  Result<std::unique_ptr<Reader>> open_reader() override { return make_reader(tables_); }

 private:
  const std::shared_ptr<Tables> tables_ = std::make_shared<Tables>();
};

}  // namespace

Result<Outcome> apply(Tables& tables, const Write& write) {
  return std::visit(Overloaded{
                        [&](const AcceptEvent& w) { return accept(tables, w); },
                        [&](const AdvanceExecution& w) { return advance(tables, w); },
                        [&](const FinishEffects& w) { return finish(tables, w); },
                        [&](const NoteCrash& w) { return note_crash(tables, w); },
                        [&](const DiscardExecutions& w) { return discard(tables, w); },
                        [&](const PurgeExecutions& w) { return purge(tables, w); },
                        [&](const LeaseEffects& w) { return lease(tables, w); },
                        [&](const SkipTick& w) { return skip(tables, w); },
                        [&](const PauseSchedules& w) { return pause(tables, w); },
                        [&](const SaveWorkflows& w) { return save(tables, w); },
                        [&](const SetWorkflowEnabled& w) { return set_enabled(tables, w); },
                        [&](const DeleteWorkflow& w) { return remove(tables, w); },
                        [&](const CreateCredential& w) { return create(tables, w); },
                        [&](const DeleteCredential& w) { return remove(tables, w); },
                        [&](const NoteDeliveries& w) { return note(tables, w); },
                        [&](const SetVariable& w) { return set(tables, w); },
                        [&](const DeleteVariable& w) { return remove(tables, w); },
                    },
                    write);
}

}  // namespace memory

std::unique_ptr<Store> make_memory_store() {
  return std::make_unique<memory::MemoryStore>();
}

}  // namespace ipaas::store
