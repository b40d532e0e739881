#include "cli/commands/webhook_flags.h"

#include <algorithm>
#include <charconv>

#include "cli/input.h"
#include "core/base/time_text.h"
#include "core/language/suggest.h"
#include "core/security/signature_options.h"

namespace ipaas::cli {
namespace {

using security::Scheme;

struct OptionFlag {
  const char* key;
  const char* description;
};

/// Called like the keys of `verify`.
constexpr OptionFlag kOptionFlags[] = {
    {"algorithm", "hmac: sha1, sha256, sha384 or sha512 (sha256); jwt: HS256, RS256, ES256, EdDSA …"},
    {"header", "hmac: where the signature is (X-Signature)"},
    {"encoding", "hmac: hex or base64 (hex)"},
    {"prefix", "hmac: in front of the digest, such as sha256="},
    {"timestamp-header", "hmac: where the timestamp is, if it is signed"},
    {"tolerance", "hmac: how old a timestamp may be (5m)"},
    {"payload", "hmac: what is signed: a template of {body} and {timestamp} ({body})"},
    {"audience", "jwt: the token's aud"},
    {"issuer", "jwt: the token's iss"},
    {"leeway", "jwt: for the sender's clock (0s)"},
};

std::string scheme_list() {
  std::string text;
  for (const std::string_view name : security::scheme_names()) text += (text.empty() ? "" : ", ") + std::string(name);
  return text;
}

/// Whose signature says nothing about the body.
bool ignores_body(std::string_view scheme) {
  constexpr std::string_view kThese[] = {"bearer", "basic", "jwt", "url-token", "none"};
  return std::ranges::find(kThese, scheme) != std::end(kThese);
}

/// What a workflow calls `verify.header` is here a flag.
Error about_flags(Error error) {
  constexpr std::string_view kKey = "verify.";
  for (std::size_t at = error.message.find(kKey); at != std::string::npos; at = error.message.find(kKey, at)) {
    error.message.replace(at, kKey.size(), "--");
  }
  return error;
}

Result<Secret> piped_secret(const World& world) {
  Result<std::string> text = read_input(world, "-");
  if (!text) return tl::unexpected(text.error());
  if (text->ends_with('\n')) text->pop_back();
  if (text->ends_with('\r')) text->pop_back();
  Secret secret(*text);
  wipe(*text);
  return secret;
}

}  // namespace

std::shared_ptr<WebhookFlags> add_webhook_flags(CLI::App& command, const std::string& time) {
  const auto flags = std::make_shared<WebhookFlags>();
  command.add_option("--scheme", flags->scheme, scheme_list())->required()->type_name("SCHEME");
  command.add_flag("--secret-stdin", flags->secret_stdin, "Read the key from standard input (a terminal is asked)");
  command.add_option("-f,--file", flags->body, "The body, byte for byte; not needed where it is not signed")->type_name("BODY");
  command.add_option("--url", flags->url, "The public URL with its query, of twilio and url-token")->type_name("URL");
  command.add_option(time, flags->time, "Unix seconds or an instant (now)")->type_name("TIME");
  for (const OptionFlag& flag : kOptionFlags) {
    flags->given[flag.key] = command.add_option(std::string("--") + flag.key, flags->options[flag.key], flag.description)
                                 ->group("Flags of one scheme")
                                 ->type_name("TEXT");
  }
  return flags;
}

Result<security::VerifyRule> rule_of(const WebhookFlags& flags) {
  const auto scheme = security::scheme_from_name(flags.scheme);
  if (!scheme) {
    std::string hint = language::did_you_mean(flags.scheme, security::scheme_names());
    if (hint.empty()) hint = "one of " + scheme_list();
    return tl::unexpected(usage_error("unknown scheme `" + flags.scheme + "`", hint));
  }
  security::VerifyRule rule;
  rule.scheme = *scheme;
  const auto keys = security::option_keys(*scheme);
  for (const auto& [key, option] : flags.given) {
    if (option->count() == 0) continue;
    if (std::ranges::find(keys, key) == keys.end()) {
      return tl::unexpected(usage_error("--" + key + " is not for --scheme " + flags.scheme, "the scheme fixes it itself"));
    }
    if (auto set = security::set_option(rule, key, flags.options.at(key)); !set) {
      Error error = set.error();
      error.message = "--" + error.message;  // it begins with the key
      return tl::unexpected(std::move(error));
    }
  }
  if (const auto checked = security::check(rule); !checked) return tl::unexpected(about_flags(checked.error()));
  return rule;
}

Result<Instant> time_of(const WebhookFlags& flags, Instant now) {
  const std::string& text = flags.time;
  if (text.empty()) return now;
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  constexpr std::int64_t kLatest = 253'402'300'799;  // the year 9999
  if (error == std::errc() && end == text.data() + text.size() && seconds >= 0 && seconds <= kLatest) {
    return from_millis(seconds * 1000);
  }
  if (const auto instant = parse_instant(text)) return *instant;
  return tl::unexpected(usage_error("`" + text + "` is no time", "write Unix seconds or 2026-11-21T20:35:00Z"));
}

Result<Secret> secret_of(const World& world, const WebhookFlags& flags) {
  if (flags.scheme == "none") return Secret();
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

Result<std::string> body_of(const World& world, const WebhookFlags& flags) {
  if (!flags.body.empty()) return read_input(world, flags.body);
  if (ignores_body(flags.scheme)) return std::string();
  return tl::unexpected(usage_error("the body is missing", "name its file with -f, /dev/null for an empty one"));
}

}  // namespace ipaas::cli
