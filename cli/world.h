// Everything outside of the program that a command may touch: streams, terminal, environment, time. Tests hand in their
// own.
#pragma once

#include <functional>
#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/random.h"
#include "core/base/secret.h"

namespace ipaas::cli {

struct World {
  std::istream& in;
  std::ostream& out;  ///< data
  std::ostream& err;  ///< messages
  const Clock& clock;
  Randomness& randomness;
  /// The value of an environment variable, or an empty text.
  std::function<std::string(const std::string& name)> variable;
  /// Asks on the terminal and reads one line without echo.
  std::function<Result<Secret>(std::string_view prompt)> read_secret;
  std::function<void(Duration)> pause;
  bool in_is_terminal = false;
  bool out_is_terminal = false;
  bool err_is_terminal = false;
  std::size_t columns = 80;  ///< of the terminal
  std::size_t rows = 24;
  /// Nobody reads standard output any more (`| head`), as opposed to a write that failed.
  std::function<bool()> reader_is_gone = [] { return false; };
  /// Calls the function again and again, on another thread, until what is given back is let go; that waits for a call that
  /// runs. Empty where nothing may move.
  std::function<std::shared_ptr<void>(Duration, std::function<void()>)> every = {};
};

}  // namespace ipaas::cli
