// The store of a run, on a disk that fails now and then.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "core/store/store.h"
#include "tests/simulation/dice.h"
#include "tests/simulation/witness.h"

namespace ipaas::simulation {

/// A write and why it is made; the witness is told once it took place.
struct Order {
  store::Write write;
  std::optional<Cause> cause = {};
  std::optional<domain::ExecutionSnapshot> base = {};  ///< of an execution that begins
};

/// Passes batches on. A fault strikes before the commit or after it; whoever asked cannot tell which.
class Disk {
 public:
  Disk(std::unique_ptr<store::Store> store, Witness& witness, Dice dice, bool faults, Mutation mutation);

  [[nodiscard]] std::vector<Result<store::Outcome>> commit(const std::vector<Order>& batch);
  /// Without a fault or a witness, before anything begins.
  [[nodiscard]] Result<store::Outcome> prepare(const store::Write& write) { return std::move(store_->commit({write}).front()); }
  [[nodiscard]] Result<std::size_t> release_orphans(domain::BootId boot);
  /// Null where the disk fails just now.
  [[nodiscard]] store::Reader* reader();
  /// Never fails; for whoever looks on.
  [[nodiscard]] store::Reader& witness_reader() { return *reader_; }

 private:
  [[nodiscard]] bool strikes(int permille);
  [[nodiscard]] store::Write spoil(store::Write write);
  [[nodiscard]] Result<store::Outcome> write(const Order& order);

  const std::unique_ptr<store::Store> store_;
  std::unique_ptr<store::Reader> reader_;
  Witness& witness_;
  Dice dice_;
  int faults_left_;
  const Mutation mutation_;
};

}  // namespace ipaas::simulation
