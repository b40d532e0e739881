#include "daemon/runtime/outbound_name_gate.h"

#include <arpa/inet.h>
#include <netinet/in.h>

namespace ipaas::daemon {

namespace {

constexpr std::size_t kNamesKept = 4096;

bool is_address(const std::string& host) {
  in6_addr ignored{};
  return inet_pton(AF_INET, host.c_str(), &ignored) == 1 || host.find(':') != std::string::npos;
}

}  // namespace

OutboundNameGate::Entry OutboundNameGate::enter(const std::string& host, Outbound::CallId id, Time now) {
  if (is_address(host)) return Entry::kFree;
  if (names_.size() >= kNamesKept) forget_old(now);
  Name& name = names_[host];
  if (name.known_until > now) return Entry::kFree;
  if (name.lookups == kLookupsAtOnce) {
    name.waiting.push_back(id);
    return Entry::kWait;
  }
  ++name.lookups;
  return Entry::kLookup;
}

std::vector<Outbound::CallId> OutboundNameGate::leave(const std::string& host, bool looked_up, Time now) {
  Name& name = names_[host];
  --name.lookups;
  // An answer from curl's cache says nothing about how long it stays there.
  if (looked_up) name.known_until = now + kKnownFor;
  return std::exchange(name.waiting, {});
}

void OutboundNameGate::forget_old(Time now) {
  std::erase_if(names_, [now](const auto& entry) {
    return entry.second.lookups == 0 && entry.second.waiting.empty() && entry.second.known_until <= now;
  });
}

}  // namespace ipaas::daemon
