// Names that only the test program knows: its getaddrinfo(3) stands before the system's.
#pragma once

namespace ipaas::test {

/// While it lives, resolving `hangs.test` does not return. `loopback.test` and `other-loopback.test` are always
/// 127.0.0.1, and `nowhere.test` never exists. Other names are the system's.
class HangingName {
 public:
  HangingName();
  ~HangingName();
  HangingName(const HangingName&) = delete;
  HangingName& operator=(const HangingName&) = delete;
  /// Waits for at most ten seconds until somebody resolves it; false when nobody did.
  bool wait_until_asked();
};

/// How often `loopback.test` and `other-loopback.test` were resolved.
int lookups_of_loopback();

}  // namespace ipaas::test
