// What a command is given when it runs.
#pragma once

#include <string>
#include <string_view>

#include "cli/api/client.h"
#include "cli/exit_code.h"
#include "cli/options.h"
#include "cli/output/printer.h"
#include "cli/world.h"

namespace ipaas::cli {

struct Context {
  World& world;
  const GlobalOptions& options;
  const Printer& print;

  /// A client of the daemon that the options, the environment or the defaults name. Nothing is sent yet.
  [[nodiscard]] ResultOrErrors<Client> client() const;

  /// Before something is destroyed: a terminal is asked, a script must have said --yes.
  [[nodiscard]] Result<void> confirm(std::string_view what) const;
};

}  // namespace ipaas::cli
