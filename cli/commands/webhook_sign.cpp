#include "cli/commands/webhook_sign.h"

#include <algorithm>
#include <charconv>
#include <memory>
#include <ostream>

#include "cli/input.h"
#include "cli/output/structured.h"
#include "core/base/encoding.h"
#include "core/base/time_text.h"
#include "core/language/suggest.h"
#include "core/security/signature.h"

namespace ipaas::cli {
namespace {

using Headers = std::vector<std::pair<std::string, std::string>>;

struct Flags {
  std::string scheme;
  bool secret_stdin = false;
  std::string body;
  std::string id;
  std::string timestamp;
  security::VerifyRule rule;
  std::vector<const CLI::Option*> hmac_only;
};

Result<security::VerifyRule> rule_of(const Flags& flags) {
  const auto scheme = security::scheme_from_name(flags.scheme);
  if (!scheme) {
    const auto& names = security::scheme_names();
    std::string hint = language::did_you_mean(flags.scheme, names);
    if (hint.empty()) hint = "see `ipaas webhook sign --help`";
    return tl::unexpected(usage_error("unknown scheme `" + flags.scheme + "`", hint));
  }
  for (const CLI::Option* option : flags.hmac_only) {
    if (*scheme == security::Scheme::kHmac || option->count() == 0) continue;
    return tl::unexpected(
        usage_error(option->get_name() + " is for --scheme hmac only", "`" + flags.scheme + "` fixes it itself"));
  }
  security::VerifyRule rule = flags.rule;
  rule.scheme = *scheme;
  if (const auto checked = security::check(rule); !checked) return tl::unexpected(checked.error());
  return rule;
}

/// Unix seconds or RFC 3339; now when nothing is said.
Result<Instant> time_of(const std::string& text, Instant now) {
  if (text.empty()) return now;
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  constexpr std::int64_t kLatest = 253'402'300'799;  // the year 9999
  if (error == std::errc() && end == text.data() + text.size() && seconds >= 0 && seconds <= kLatest) {
    return from_millis(seconds * 1000);
  }
  if (const auto instant = parse_instant(text)) return *instant;
  return tl::unexpected(usage_error("--timestamp is no time", "write Unix seconds or 2026-11-21T20:35:00Z"));
}

/// The line end that a shell's echo or an editor adds is not part of the secret.
Result<Secret> piped_secret(const World& world) {
  Result<std::string> text = read_input(world, "-");
  if (!text) return tl::unexpected(text.error());
  if (text->ends_with('\n')) text->pop_back();
  if (text->ends_with('\r')) text->pop_back();
  Secret secret(*text);
  wipe(*text);
  return secret;
}

Result<Secret> secret_of(const World& world, const Flags& flags) {
  if (!flags.secret_stdin && !world.in_is_terminal) {
    return tl::unexpected(usage_error("the secret is missing", "give it on standard input with --secret-stdin"));
  }
  if (flags.secret_stdin && flags.body == "-") {
    return tl::unexpected(usage_error("standard input cannot be both the secret and the body", "name a file with -f"));
  }
  Result<Secret> secret = world.in_is_terminal ? world.read_secret("secret: ") : piped_secret(world);
  if (secret && secret->empty()) {
    return fail(ErrorKind::kInvalid, "the secret is empty", "give it on standard input", "input_invalid");
  }
  return secret;
}

/// A UUID of version 4 (RFC 9562): what most senders use as delivery id.
std::string random_id(Randomness& randomness) {
  std::string bytes(16, '\0');
  randomness.fill(std::as_writable_bytes(std::span(bytes)));
  bytes[6] = static_cast<char>((static_cast<unsigned char>(bytes[6]) & 0x0FU) | 0x40U);
  bytes[8] = static_cast<char>((static_cast<unsigned char>(bytes[8]) & 0x3FU) | 0x80U);
  std::string id = hex_encode(bytes);
  for (const std::size_t at : {20U, 16U, 12U, 8U}) id.insert(at, "-");
  return id;
}

std::string shell_quoted(std::string_view text) {
  std::string out = "'";
  for (const char byte : text) out += byte == '\'' ? std::string("'\\''") : std::string(1, byte);
  return out + "'";
}

std::string curl_line(const Headers& headers, const std::string& body_path, const std::string& body) {
  std::string out = "curl --data-binary " + shell_quoted("@" + body_path);
  const bool json = parse_json(body).has_value();
  out += json ? " -H 'Content-Type: application/json'" : " -H 'Content-Type: application/octet-stream'";
  for (const auto& [name, value] : headers) out += " -H " + shell_quoted(name + ": " + value);
  return out + " \"$URL\"";
}

void print_headers(const Context& context, const Headers& headers, const Flags& flags, const std::string& body) {
  if (context.print.structured()) {
    Json object = Json::object();
    for (const auto& [name, value] : headers) object[name] = value;
    return context.print.structure(object);
  }
  if (context.options.output == "curl") return context.print.line(curl_line(headers, flags.body, body));
  for (const auto& [name, value] : headers) {
    context.print.line(context.print.format() == OutputFormat::kName ? "header/" + name : name + ": " + value);
  }
}

Outcome sign(const Context& context, const Flags& flags) {
  const auto rule = rule_of(flags);
  if (!rule) return fail_with(rule.error());
  const auto at = time_of(flags.timestamp, context.world.clock.now());
  if (!at) return fail_with(at.error());
  const auto secret = secret_of(context.world, flags);
  if (!secret) return fail_with(secret.error());
  const auto body = read_input(context.world, flags.body);
  if (!body) return fail_with(body.error());
  const std::string id = flags.id.empty() ? random_id(context.world.randomness) : flags.id;
  const auto signature = security::sign(*rule, *secret, {*body, id}, *at);
  if (!signature) return fail_with(signature.error());
  print_headers(context, signature->headers, flags, *body);
  return ExitCode::kOk;
}

void add_hmac_flags(CLI::App& command, Flags& flags) {
  security::VerifyRule& rule = flags.rule;
  const std::string group = "Flags of --scheme hmac";
  const auto add = [&](const std::string& name, std::string& value, const std::string& description) {
    flags.hmac_only.push_back(command.add_option(name, value, description)->group(group)->type_name("TEXT"));
  };
  add("--algorithm", rule.algorithm, "sha1, sha256, sha384 or sha512 (sha256)");
  add("--header", rule.header, "Where the signature goes (X-Signature)");
  add("--encoding", rule.encoding, "hex or base64 (hex)");
  add("--prefix", rule.prefix, "In front of the digest, such as sha256=");
  add("--timestamp-header", rule.timestamp_header, "Where the timestamp goes, if it is signed");
  add("--payload", rule.payload, "What is signed: a template of {body} and {timestamp} ({body})");
}

}  // namespace

void add_webhook_sign(CommandLine& line, CLI::App& webhook) {
  CLI::App& command = line.add(webhook, "sign", "The headers with which a sender signs a body; offline",
                               "ipaas webhook sign --scheme github --secret-stdin -f push.json < secret.txt |\n"
                               "    curl -H @- -H 'Content-Type: application/json' --data-binary @push.json \"$(ipaas "
                               "webhook url order-alerts)\"");
  const auto flags = std::make_shared<Flags>();
  command.add_option("--scheme", flags->scheme, "github, stripe, slack, standard-webhooks, hmac, bearer or none")
      ->required()
      ->type_name("SCHEME");
  command.add_flag("--secret-stdin", flags->secret_stdin, "Read the secret from standard input (a terminal is asked)");
  command.add_option("-f,--file", flags->body, "The body, byte for byte")->required()->type_name("BODY");
  command.add_option("--id", flags->id, "The delivery's id, where the scheme has one (random)")->type_name("ID");
  command.add_option("--timestamp", flags->timestamp, "Unix seconds or an instant (now)")->type_name("TIME");
  add_hmac_flags(command, *flags);
  line.on(command, {[flags](const Context& context) { return sign(context, *flags); }, {"curl"}});
}

}  // namespace ipaas::cli
