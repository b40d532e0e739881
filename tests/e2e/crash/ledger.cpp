#include "tests/e2e/crash/ledger.h"

namespace ipaas::test {

std::string Ledger::new_id(Kind kind) {
  const std::lock_guard lock(mutex_);
  std::string id = "id-" + std::to_string(next_++);
  facts_.sent[id].kind = kind;
  return id;
}

void Ledger::accepted(const std::string& id, std::string execution) {
  const std::lock_guard lock(mutex_);
  facts_.sent[id].execution = std::move(execution);
  ++accepted_;
}

void Ledger::refused(int status) {
  const std::lock_guard lock(mutex_);
  ++facts_.refused[status];
}

void Ledger::delivered(const std::string& id, const std::string& part, const std::string& execution,
                       const std::string& key) {
  const std::lock_guard lock(mutex_);
  Delivered& delivery = facts_.delivered[{id, part}];
  if (delivery.times++ == 0) {
    delivery.execution = execution;
    delivery.key = key;
  } else if (delivery.execution != execution || delivery.key != key) {
    delivery.contradictory = true;
  }
}

Ledger::Facts Ledger::facts() const {
  const std::lock_guard lock(mutex_);
  return facts_;
}

std::uint64_t Ledger::accepted_count() const {
  const std::lock_guard lock(mutex_);
  return accepted_;
}

std::uint64_t Ledger::refused_count(int status) const {
  const std::lock_guard lock(mutex_);
  const auto found = facts_.refused.find(status);
  return found == facts_.refused.end() ? 0 : found->second;
}

}  // namespace ipaas::test
