#include "cli/commands/commands.h"

#include <array>

namespace ipaas::cli {
namespace {

constexpr std::array kCommands = {
    add_init,
    add_apply,
    add_diff,
    add_export,
    add_validate,
    add_fmt,
    add_schema,
    add_eval,
    add_run,
    add_logs,
    add_mask,
    add_workflow,
    add_execution,
    add_approval,
    add_schedule,
    add_webhook,
    add_credential,
    add_variable,
    add_connector,
    add_admin,
    add_completion,
    add_version,
};

}  // namespace

std::span<const AddCommand> all_commands() {
  return kCommands;
}

}  // namespace ipaas::cli
