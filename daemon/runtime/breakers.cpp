#include "daemon/runtime/breakers.h"

namespace ipaas::daemon {
namespace {

/// None of the parts holds a line break.
std::string name_of(const Breakers::Destination& to) { return to.tenant.str() + "\n" + to.connector + "\n" + to.host; }

Breakers::Open open_of(const resilience::CircuitBreaker::Open& open) {
  const std::string& name = open.destination;
  const std::size_t first = name.find('\n');
  const std::size_t second = name.find('\n', first + 1);
  Breakers::Open found;
  found.tenant = TenantId(name.substr(0, first));
  found.connector = name.substr(first + 1, second - first - 1);
  found.host = name.substr(second + 1);
  found.until = open.until;
  return found;
}

}  // namespace

Breakers::Verdict Breakers::pass(Destination to) {
  resilience::CircuitBreaker::Permit permit;
  {
    const std::lock_guard lock(mutex_);
    permit = breaker_.allow(name_of(to), clock_.now());
  }
  if (permit.wait) return {.passage = nullptr, .wait = *permit.wait};
  return {.passage = std::make_shared<Passage>(*this, std::move(to), permit.probe)};
}

void Breakers::Passage::ended(resilience::CircuitBreaker::End end) {
  if (told_) return;
  told_ = true;
  bool opened = false;
  {
    const std::lock_guard lock(breakers_.mutex_);
    opened = breakers_.breaker_.done(name_of(to_), probe_, end, breakers_.clock_.now());
  }
  if (opened) breakers_.opened_(to_);
}

std::vector<Breakers::Open> Breakers::open() const {
  std::vector<resilience::CircuitBreaker::Open> all;
  {
    const std::lock_guard lock(mutex_);
    all = breaker_.open(clock_.now());
  }
  std::vector<Open> found;
  found.reserve(all.size());
  for (const auto& open : all) found.push_back(open_of(open));
  return found;
}

}  // namespace ipaas::daemon
