#include "tests/unit/daemon/fake_resolver.h"

#include <dlfcn.h>
#include <netdb.h>
#include <strings.h>

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace {

// Leaked on purpose: resolver threads of curl may outlive main().
struct State {
  std::mutex mutex;  ///< guards all below
  std::condition_variable changed;
  bool hanging = false;
  int asked = 0;
  int loopback_lookups = 0;
};

State& state() {
  static State* const one = new State;
  return *one;
}

using Resolve = int(const char*, const char*, const addrinfo*, addrinfo**);

Resolve* system_resolver() {
  static auto* const next = reinterpret_cast<Resolve*>(::dlsym(RTLD_NEXT, "getaddrinfo"));
  return next;
}

void hang() {
  std::unique_lock lock(state().mutex);
  ++state().asked;
  state().changed.notify_all();
  state().changed.wait(lock, [] { return !state().hanging; });
}

}  // namespace

extern "C" int getaddrinfo(const char* node, const char* service, const addrinfo* hints, addrinfo** result) {
  const auto is = [node](const char* name) { return node != nullptr && ::strcasecmp(node, name) == 0; };
  if (is("hangs.test")) hang();
  if (is("hangs.test") || is("nowhere.test")) return EAI_NONAME;
  if (is("loopback.test") || is("other-loopback.test")) {
    const std::lock_guard lock(state().mutex);
    ++state().loopback_lookups;
    node = "127.0.0.1";
  }
  return system_resolver()(node, service, hints, result);
}

namespace ipaas::test {

HangingName::HangingName() {
  const std::lock_guard lock(state().mutex);
  state().hanging = true;
  state().asked = 0;
}

HangingName::~HangingName() {
  const std::lock_guard lock(state().mutex);
  state().hanging = false;
  state().changed.notify_all();
}

bool HangingName::wait_until_asked() {
  std::unique_lock lock(state().mutex);
  return state().changed.wait_for(lock, std::chrono::seconds(10), [] { return state().asked > 0; });
}

int lookups_of_loopback() {
  const std::lock_guard lock(state().mutex);
  return state().loopback_lookups;
}

}  // namespace ipaas::test
