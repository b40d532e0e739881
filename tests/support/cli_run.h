// One run of the command line, with everything it saw and wrote.
#pragma once

#include <functional>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "cli/program.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_randomness.h"

namespace ipaas::test {

[[nodiscard]] inline bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

struct CliRun {
  int code = 0;
  std::string out;
  std::string err;
};

/// The world of a run: what a test does not set is empty and no terminal.
struct CliWorld {
  std::string host = {};  ///< for IPAAS_HOST
  std::string input = {};
  std::map<std::string, std::string> variables = {};
  std::vector<std::string> secrets = {};  ///< what a person types at the prompts
  bool terminal = false;
  std::function<void(int pauses)> paused = {};           ///< what happens meanwhile, with their number
  std::function<bool()> reader_is_gone = [] { return false; };
};

/// Pauses turn the clock; nothing sleeps.
inline CliRun run_cli(const std::vector<std::string>& arguments, const CliWorld& given = {}) {
  std::istringstream in(given.input);
  std::ostringstream out;
  std::ostringstream err;
  FakeClock clock;
  FakeRandomness randomness;
  std::map<std::string, std::string> variables = given.variables;
  if (!given.host.empty()) variables["IPAAS_HOST"] = given.host;
  std::size_t next_secret = 0;
  int pauses = 0;
  cli::World world{
      in,
      out,
      err,
      clock,
      randomness,
      [&](const std::string& name) { return variables.contains(name) ? variables.at(name) : std::string(); },
      [&](std::string_view prompt) -> Result<Secret> {
        err << prompt << '\n';
        if (next_secret == given.secrets.size()) return fail(ErrorKind::kInvalid, "the input ended", "type more");
        return Secret(given.secrets[next_secret++]);
      },
      [&](Duration time) {
        clock.advance(time);
        if (given.paused) given.paused(++pauses);
      }};
  world.reader_is_gone = given.reader_is_gone;
  world.in_is_terminal = world.out_is_terminal = world.err_is_terminal = given.terminal;
  const cli::ExitCode code = cli::run_program(arguments, world);
  return {static_cast<int>(code), out.str(), err.str()};
}

}  // namespace ipaas::test
