// ipaas mask: standard input to standard output without secrets, offline.
#include <istream>
#include <memory>
#include <ostream>

#include "cli/commands/commands.h"
#include "cli/mask_stream.h"

namespace ipaas::cli {

void add_mask(CommandLine& line) {
  CLI::App& command = line.add(line.app(), "mask", "Copy standard input to standard output, secrets replaced; offline",
                               "journalctl -u shop | ipaas mask > for-the-ticket.txt");
  const auto rules = std::make_shared<security::MaskingRules>();
  command.add_flag("--personal", rules->personal, "Replace email addresses, phone and card numbers and IBANs, too");
  line.on(command, {[rules](const Context& context) -> Outcome {
            const World& world = context.world;
            mask_stream(world.in, world.out, security::Masker(*rules),
                        world.out_is_terminal ? MaskedBytes::kForTerminal : MaskedBytes::kAsTheyAre);
            return ExitCode::kOk;
          }});
}

}  // namespace ipaas::cli
