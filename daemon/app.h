// The composition root: every part of the daemon, in the order in which they need each other.
#pragma once

#include <memory>
#include <string>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "daemon/config/config.h"

namespace ipaas::daemon {

/// The running daemon. Its functions are called by one thread.
class App {
 public:
  /// Opens keys and data, recovers what a crash left behind and begins to serve. Errors name what is wrong and what to do.
  [[nodiscard]] static Result<std::unique_ptr<App>> start(Config config);

  ~App();

  /// One line for the operator: addresses, store, what was recovered.
  [[nodiscard]] std::string ready_line() const;

  /// Takes nothing new, lets what is under way end, and parks the rest in the outbox, within `grace`.
  void drain(Duration grace);

 private:
  struct Parts;
  explicit App(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace ipaas::daemon
