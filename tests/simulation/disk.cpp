#include "tests/simulation/disk.h"

namespace ipaas::simulation {
namespace {

constexpr int kFaultsInARun = 12;

tl::unexpected<Error> gone() { return fail(ErrorKind::kUnavailable, "the disk is gone"); }

bool is_stale(const Result<store::Outcome>& outcome) { return outcome && outcome->kind == store::Outcome::Kind::kStale; }

}  // namespace

Disk::Disk(std::unique_ptr<store::Store> store, Witness& witness, Dice dice, bool faults, Mutation mutation)
    : store_(std::move(store)),
      reader_(store_->open_reader().value()),
      witness_(witness),
      dice_(dice),
      faults_left_(faults ? kFaultsInARun : 0),
      mutation_(mutation) {}

bool Disk::strikes(int permille) {
  if (faults_left_ == 0 || !dice_.permille(permille)) return false;
  --faults_left_;
  return true;
}

std::vector<Result<store::Outcome>> Disk::commit(const std::vector<Order>& batch) {
  if (strikes(25)) return std::vector<Result<store::Outcome>>(batch.size(), gone());
  std::vector<Result<store::Outcome>> outcomes;
  std::vector<store::Write> writes;
  for (const Order& order : batch) writes.push_back(spoil(order.write));
  outcomes = store_->commit(writes);
  for (std::size_t i = 0; i < batch.size(); ++i) {
    if (mutation_ == Mutation::kRevisionNotCompared && is_stale(outcomes[i])) outcomes[i] = write(batch[i]);
    if (outcomes[i]) {
      witness_.committed(batch[i].write, batch[i].cause ? &*batch[i].cause : nullptr, batch[i].base ? &*batch[i].base : nullptr, *outcomes[i]);
    }
  }
  if (!strikes(25)) return outcomes;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    if (outcomes[i] && outcomes[i]->kind == store::Outcome::Kind::kDone) witness_.left_in_doubt(batch[i].write);
  }
  return std::vector<Result<store::Outcome>>(batch.size(), gone());
}

/// As a store does that takes a decision whatever it was decided on.
Result<store::Outcome> Disk::write(const Order& order) {
  store::Write forced = order.write;
  if (auto* advance = std::get_if<store::AdvanceExecution>(&forced)) {
    const auto stored = reader_->execution(advance->tenant, advance->change.execution.id);
    if (stored) advance->change.execution.revision = stored->execution.revision + 1;
  }
  return std::move(store_->commit({forced}).front());
}

store::Write Disk::spoil(store::Write write) {
  auto* advance = std::get_if<store::AdvanceExecution>(&write);
  auto* accept = std::get_if<store::AcceptEvent>(&write);
  if (mutation_ == Mutation::kBegunWithoutClaim && advance != nullptr) advance->claim = false;
  if (mutation_ == Mutation::kChildStartedWithoutClaim && accept != nullptr && accept->first) accept->first->execution.parent.reset();
  if (mutation_ == Mutation::kLogLineLost && advance != nullptr && advance->change.logs.size() > 1) advance->change.logs.pop_back();
  return write;
}

Result<std::size_t> Disk::release_orphans(domain::BootId boot) {
  if (mutation_ == Mutation::kOrphansNotReleased) return std::size_t{0};
  return store_->release_orphans(boot);
}

store::Reader* Disk::reader() { return strikes(8) ? nullptr : reader_.get(); }

}  // namespace ipaas::simulation
