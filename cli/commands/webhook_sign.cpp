#include <algorithm>
#include <memory>
#include <span>

#include "cli/commands/webhook_flags.h"
#include "cli/commands/webhook_verbs.h"
#include "cli/output/structured.h"
#include "core/base/encoding.h"
#include "core/base/shell_text.h"

namespace ipaas::cli {
namespace {

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

std::string content_type_of(const std::string& scheme, const std::string& body) {
  if (parse_json(body)) return "application/json";
  return scheme == "twilio" ? "application/x-www-form-urlencoded" : "application/octet-stream";
}

std::string curl_line(const security::Signature& signature, const WebhookFlags& flags, const std::string& body) {
  std::string out = "curl --data-binary " + shell_quoted(flags.body.empty() ? "" : "@" + flags.body);
  out += " -H 'Content-Type: " + content_type_of(flags.scheme, body) + "'";
  for (const auto& [name, value] : signature.headers) out += " -H " + shell_quoted(name + ": " + value);
  const std::string& url = signature.url.empty() ? flags.url : signature.url;
  return out + " " + (url.empty() ? "\"$URL\"" : shell_quoted(url));
}

/// The headers one a line, as `curl -H @-` reads them; the URL is on a line of its own where it carries the proof.
void print_signature(const Context& context, const security::Signature& signature, const WebhookFlags& flags, const std::string& body) {
  if (context.print.structured()) {
    Json object = Json::object();
    for (const auto& [name, value] : signature.headers) object[name] = value;
    if (!signature.url.empty()) object["url"] = signature.url;
    return context.print.structure(object);
  }
  if (context.options.output == "curl") return context.print.line(curl_line(signature, flags, body));
  for (const auto& [name, value] : signature.headers) {
    context.print.line(context.print.format() == OutputFormat::kName ? "header/" + name : name + ": " + value);
  }
  if (signature.headers.empty() && !signature.url.empty()) context.print.line(signature.url);
  if (!signature.headers.empty() && signature.url != flags.url && !signature.url.empty()) context.print.note("send it to " + signature.url);
}

Outcome sign(const Context& context, const WebhookFlags& flags, const std::string& given_id) {
  const auto rule = rule_of(flags);
  if (!rule) return fail_with(rule.error());
  if (rule->scheme == security::Scheme::kTwilio && flags.url.empty()) {
    return fail_with(usage_error("--url is missing", "Twilio signs the URL: give the one that it is configured with"));
  }
  const auto at = time_of(flags, context.world.clock.now());
  if (!at) return fail_with(at.error());
  const auto secret = secret_of(context.world, flags);
  if (!secret) return fail_with(secret.error());
  const auto body = body_of(context.world, flags);
  if (!body) return fail_with(body.error());
  const std::string id = given_id.empty() ? random_id(context.world.randomness) : given_id;
  const auto signature = security::sign(*rule, *secret, {*body, id, flags.url}, *at);
  if (!signature) return fail_with(signature.error());
  print_signature(context, *signature, flags, *body);
  return ExitCode::kOk;
}

}  // namespace

void add_webhook_sign(CommandLine& line, CLI::App& webhook) {
  CLI::App& command = line.add(webhook, "sign", "The headers with which a sender signs a body; offline",
                               "ipaas webhook sign --scheme github --secret-stdin -f push.json < secret.txt |\n"
                               "    curl -H @- -H 'Content-Type: application/json' --data-binary @push.json \"$(ipaas "
                               "webhook url order-alerts)\"");
  const auto flags = add_webhook_flags(command, "--timestamp,--now");
  const auto id = std::make_shared<std::string>();
  command.add_option("--id", *id, "The delivery's id, where the scheme has one (random)")->type_name("ID");
  line.on(command, {[flags, id](const Context& context) { return sign(context, *flags, *id); }, {"curl"}});
}

}  // namespace ipaas::cli
