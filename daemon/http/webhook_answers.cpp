#include "daemon/http/webhook_answers.h"

#include <algorithm>

#include "core/security/digest.h"
#include "daemon/http/envelope.h"

namespace ipaas::daemon::http {
namespace {

using security::Scheme;

constexpr std::size_t kLongestChallenge = 1024;
// https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-object-interaction-type
constexpr int kDiscordPing = 1;

std::string reason_only(std::string_view reason) {
  return R"({"execution_id":null,"reason":")" + std::string(reason) + "\"}";
}

/// Those that do something with what they are answered: Slack shows it to whoever typed a command, Twilio runs it, Discord
/// wants to hear that an answer follows.
std::optional<Response> provider_answer(Scheme scheme) {
  if (scheme == Scheme::kSlack) return empty(200);
  if (scheme == Scheme::kTwilio) return raw(200, "text/xml", "<Response/>");
  if (scheme == Scheme::kDiscord) return raw(200, "application/json", R"({"type":5})");
  return std::nullopt;
}

/// What a stranger sent comes back to them, so no browser may take it for a page.
Response echo(std::string challenge) {
  Response response = raw(200, "text/plain", std::move(challenge));
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  return response;
}

bool is_challenge(const std::string& text) {
  return !text.empty() && text.size() <= kLongestChallenge &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

bool same(const Secret& token, std::string_view presented) {
  const auto digest = [](std::string_view text) { return security::digest(security::Digest::kSha256, text); };
  return digest(token.reveal()).equals(digest(presented).view());
}

Response not_by_get() {
  Response response = refusal(405, "invalid_request", "this path does not take the method");
  response.headers.emplace_back("Allow", "POST");
  return response;
}

}  // namespace

Response answer(Scheme scheme, const service::Acceptance& acceptance) {
  if (auto expected = provider_answer(scheme)) return *std::move(expected);
  if (acceptance.execution.empty()) return ok_text(reason_only("disabled"), 202);
  std::string data = R"({"execution_id":")" + acceptance.execution.str() + "\"";
  if (acceptance.duplicate) data += R"(,"reason":"duplicate")";
  return ok_text(data + "}", acceptance.duplicate ? 200 : 202);
}

Response answer_filtered(Scheme scheme) {
  if (auto expected = provider_answer(scheme)) return *std::move(expected);
  return ok_text(reason_only("filtered"));
}

std::optional<Response> answer_challenge(Scheme scheme, const Json& body) {
  if (!body.is_object()) return std::nullopt;
  const Json type = body.value("type", Json());
  if (scheme == Scheme::kDiscord && type == kDiscordPing) return raw(200, "application/json", R"({"type":1})");
  if (scheme != Scheme::kSlack || type != "url_verification" || !body.contains("challenge")) return std::nullopt;
  const Json& challenge = body["challenge"];
  return echo(challenge.is_string() ? challenge.get<std::string>() : "");
}

Result<Response> confirm_subscription(const Request& request, const Secret& token) {
  const auto mode = request.query("hub.mode");
  const auto challenge = request.query("hub.challenge");
  if (!mode && !challenge) return not_by_get();
  if (!token.empty() && !same(token, request.query("hub.verify_token").value_or(""))) {
    return fail(ErrorKind::kUnauthenticated, "hub.verify_token is not the one expected", {}, "signature_mismatch");
  }
  const bool known = mode == "subscribe" || (mode == "unsubscribe" && !token.empty());
  if (!known) return fail(ErrorKind::kInvalid, "hub.mode is not `subscribe`", {}, "challenge_refused");
  if (!challenge || !is_challenge(*challenge)) {
    return fail(ErrorKind::kInvalid, "hub.challenge is not 1 to 1024 printable characters of ASCII", {}, "challenge_refused");
  }
  return echo(*challenge);
}

void add_challenge(Scheme scheme, Response& response) {
  if (scheme == Scheme::kBasic) response.headers.emplace_back("WWW-Authenticate", "Basic realm=\"webhook\", charset=\"UTF-8\"");
  if (scheme == Scheme::kBearer || scheme == Scheme::kJwt) response.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"webhook\"");
}

}  // namespace ipaas::daemon::http
