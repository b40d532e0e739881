#include "core/store/sqlite/write_session.h"

#include "core/base/overloaded.h"
#include "core/store/sqlite/failure.h"

namespace ipaas::store::sqlite {
WriteSession::WriteSession(const std::filesystem::path& file, Sealer& sealer, const SqliteOptions& options)
    : connection_(file, Connection::Mode::kWrite, options),
      payloads_(sealer),
      audit_(connection_, payloads_),
      schedules_(connection_, audit_),
      workflows_(connection_, payloads_, schedules_, audit_),
      steps_(connection_, payloads_),
      outbox_(connection_, payloads_),
      groups_(connection_, payloads_, outbox_),
      logs_(connection_, payloads_),
      dedupe_(connection_),
      masked_(connection_, payloads_),
      deliveries_(connection_, payloads_, workflows_),
      credentials_(connection_, payloads_, audit_),
      variables_(connection_, payloads_, audit_),
      executions_(connection_, payloads_,
                  {workflows_, steps_, schedules_, outbox_, groups_, logs_, dedupe_, masked_, deliveries_, audit_}),
      purge_(connection_, payloads_, {steps_, logs_, dedupe_, masked_, audit_, executions_}) {}

std::vector<Result<Outcome>> WriteSession::commit(const std::vector<Write>& batch) {
  try {
    return attempt(batch, Care::kWhole);
  } catch (const SQLite::Exception& exception) {
    if (!concerns_one_write(exception)) throw;
  } catch (const Refusal&) {
    // One write cannot be done, and has perhaps been done in part.
  }
  return attempt(batch, Care::kEachWrite);
}

std::vector<Result<Outcome>> WriteSession::attempt(const std::vector<Write>& batch, Care care) {
  const Marks before = marks();
  std::vector<Result<Outcome>> results;
  results.reserve(batch.size());
  try {
    connection_.prepared("BEGIN IMMEDIATE").execute();
    for (const Write& write : batch) {
      results.push_back(care == Care::kWhole ? apply(write) : apply_in_savepoint(write));
    }
    dedupe_.prune();
    connection_.prepared("COMMIT").execute();
  } catch (...) {
    undo(before);
    throw;
  }
  return results;
}

Result<Outcome> WriteSession::apply(const Write& write) {
  return std::visit(Overloaded{
                        [&](const AcceptEvent& w) { return executions_.accept(w); },
                        [&](const AdvanceExecution& w) { return executions_.advance(w); },
                        [&](const FinishEffects& w) { return executions_.finish(w); },
                        [&](const NoteCrash& w) { return executions_.note_crash(w); },
                        [&](const DiscardExecutions& w) { return executions_.discard(w); },
                        [&](const PurgeExecutions& w) { return purge_.run(w); },
                        [&](const LeaseEffects& w) { return outbox_.lease(w); },
                        [&](const SkipTick& w) { return schedules_.skip(w); },
                        [&](const PauseSchedules& w) { return schedules_.pause(w); },
                        [&](const SaveWorkflows& w) { return workflows_.save(w); },
                        [&](const SetWorkflowEnabled& w) { return workflows_.set_enabled(w); },
                        [&](const DeleteWorkflow& w) { return workflows_.remove(w); },
                        [&](const CreateCredential& w) { return credentials_.create(w); },
                        [&](const DeleteCredential& w) { return credentials_.remove(w); },
                        [&](const NoteDeliveries& w) { return deliveries_.note(w); },
                        [&](const SetVariable& w) { return variables_.set(w); },
                        [&](const DeleteVariable& w) { return variables_.remove(w); },
                    },
                    write);
}

Result<Outcome> WriteSession::apply_in_savepoint(const Write& write) {
  const Marks before = marks();
  const auto undo_write = [&] {
    connection_.prepared("ROLLBACK TO one_write").execute();
    connection_.prepared("RELEASE one_write").execute();
    return_to(before);
  };
  connection_.prepared("SAVEPOINT one_write").execute();
  try {
    auto result = apply(write);
    connection_.prepared("RELEASE one_write").execute();
    return result;
  } catch (const SQLite::Exception& exception) {
    if (!concerns_one_write(exception)) throw;
    undo_write();
    return tl::unexpected<Error>(explain_write(exception));
  } catch (const Refusal& refusal) {
    undo_write();
    return tl::unexpected<Error>(refusal.error());
  }
}

std::size_t WriteSession::release_orphans(domain::BootId boot) {
  try {
    connection_.prepared("BEGIN IMMEDIATE").execute();
    const std::size_t released = outbox_.release_orphans(boot);
    connection_.prepared("COMMIT").execute();
    return released;
  } catch (...) {
    connection_.roll_back();
    throw;
  }
}

void WriteSession::return_to(const Marks& marks) {
  workflows_.forget();
  outbox_.forget();
  groups_.forget();
  masked_.forget();
  logs_.return_to(marks.log);
  executions_.return_to(marks.execution, marks.live);
  outbox_.return_to(marks.effects);
}

void WriteSession::undo(const Marks& marks) noexcept {
  connection_.roll_back();
  return_to(marks);
}

}  // namespace ipaas::store::sqlite
