#include <algorithm>
#include <memory>

#include "cli/commands/webhook_flags.h"
#include "cli/commands/webhook_verbs.h"
#include "cli/input.h"
#include "cli/output/structured.h"

namespace ipaas::cli {
namespace {

using Headers = std::vector<std::pair<std::string, std::string>>;

Result<void> add_header(const std::string& text, Headers& headers) {
  const std::size_t colon = text.find(':');
  if (colon == 0 || colon == std::string::npos) {
    return tl::unexpected(usage_error("-H takes a header", "write -H 'Name: value', or -H @FILE for one a line"));
  }
  headers.emplace_back(text.substr(0, colon), text.substr(colon + 1));
  return {};
}

/// As curl reads them: `Name: value`, or `@FILE` with one a line.
Result<Headers> headers_of(const World& world, const std::vector<std::string>& given) {
  Headers headers;
  for (const std::string& text : given) {
    if (!text.starts_with('@')) {
      if (auto added = add_header(text, headers); !added) return tl::unexpected(added.error());
      continue;
    }
    const auto file = read_input(world, text.substr(1));
    if (!file) return tl::unexpected(file.error());
    std::string_view rest = *file;
    while (!rest.empty()) {
      std::string_view line = rest.substr(0, rest.find('\n'));
      rest.remove_prefix(std::min(line.size() + 1, rest.size()));
      if (line.ends_with('\r')) line.remove_suffix(1);
      if (line.empty()) continue;
      if (auto added = add_header(std::string(line), headers); !added) return tl::unexpected(added.error());
    }
  }
  return headers;
}

Outcome print_verdict(const Context& context, const WebhookFlags& flags, const Result<void>& verified) {
  if (context.print.structured()) {
    Json verdict{{"valid", verified.has_value()}, {"scheme", flags.scheme}};
    if (!verified) {
      verdict["code"] = verified.error().code;
      verdict["reason"] = verified.error().message;
    }
    context.print.structure(verdict);
  } else {
    context.print.line(verified ? "valid" : "invalid: " + verified.error().message + " [" + verified.error().code + "]");
  }
  return verified ? ExitCode::kOk : ExitCode::kFailed;
}

Outcome verify(const Context& context, const WebhookFlags& flags, const std::vector<std::string>& given) {
  const auto rule = rule_of(flags);
  if (!rule) return fail_with(rule.error());
  const bool needs_url = rule->scheme == security::Scheme::kTwilio || rule->scheme == security::Scheme::kUrlToken;
  if (needs_url && flags.url.empty()) {
    return fail_with(usage_error("--url is missing", "the scheme " + flags.scheme + " looks at the URL that the sender was given"));
  }
  const auto now = time_of(flags, context.world.clock.now());
  if (!now) return fail_with(now.error());
  const auto secret = secret_of(context.world, flags);
  if (!secret) return fail_with(secret.error());
  if (const auto fits = security::check_secret(*rule, *secret); !fits) return fail_with(fits.error());
  const auto body = body_of(context.world, flags);
  if (!body) return fail_with(body.error());
  const auto headers = headers_of(context.world, given);
  if (!headers) return fail_with(headers.error());
  const std::vector<std::pair<std::string_view, std::string_view>> views(headers->begin(), headers->end());
  const auto verified = security::verify(*rule, {*secret}, {*body, views, flags.url}, *now);
  if (!verified && verified.error().kind == ErrorKind::kUnavailable) {
    return fail_with(usage_error("--url is not a whole URL", "write it as the sender has it, with https:// and the query"));
  }
  return print_verdict(context, flags, verified);
}

}  // namespace

void add_webhook_verify(CommandLine& line, CLI::App& webhook) {
  CLI::App& command = line.add(webhook, "verify", "Would a request be accepted, and if not, why; offline. Exits 1 when it would not",
                               "ipaas webhook verify --scheme stripe --secret-stdin -f event.json -H 'Stripe-Signature: "
                               "t=1492774577,v1=…' --now 1492774577 < secret.txt");
  const auto flags = add_webhook_flags(command, "--now,--timestamp");
  const auto headers = std::make_shared<std::vector<std::string>>();
  command.add_option("-H,--request-header", *headers, "A header of the request, or @FILE with one a line")
      ->type_name("HEADER")
      ->allow_extra_args(false)
      ->take_all();
  line.on(command, {[flags, headers](const Context& context) { return verify(context, *flags, *headers); }});
}

}  // namespace ipaas::cli
