// What `ipaas webhook sign` and `ipaas webhook verify` have in common: scheme, key, body and the keys of `verify`.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "cli/commands/command_line.h"
#include "core/security/signature.h"

namespace ipaas::cli {

struct WebhookFlags {
  std::string scheme;
  bool secret_stdin = false;
  std::string body;
  std::string url;
  std::string time;
  std::map<std::string, std::string> options;  ///< by key of `verify`
  std::map<std::string, const CLI::Option*> given;
};

/// Adds the flags; `time` is the name of the one that turns the clock. The result lives as long as the commands do.
[[nodiscard]] std::shared_ptr<WebhookFlags> add_webhook_flags(CLI::App& command, const std::string& time);

/// The scheme and its options. A usage error: an unknown scheme, a flag of another scheme.
[[nodiscard]] Result<security::VerifyRule> rule_of(const WebhookFlags& flags);

/// Unix seconds or RFC 3339; now when nothing is said.
[[nodiscard]] Result<Instant> time_of(const WebhookFlags& flags, Instant now);

/// From standard input, or asked for at a terminal without echo. The line end that a shell's echo or an editor adds is
/// not part of it. Nothing is read for `none`.
[[nodiscard]] Result<Secret> secret_of(const World& world, const WebhookFlags& flags);

/// The file; nothing for schemes that do not sign the body and where no file is named.
[[nodiscard]] Result<std::string> body_of(const World& world, const WebhookFlags& flags);

}  // namespace ipaas::cli
