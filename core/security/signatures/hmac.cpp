// The scheme that a workflow spells out itself.
#include <array>

#include "core/base/encoding.h"
#include "core/security/signatures/scheme.h"

namespace ipaas::security::signatures {
namespace {

constexpr std::string_view kBody = "{body}";
constexpr std::string_view kTimestamp = "{timestamp}";

/// The template's pieces in one pass, so that a body that holds `{timestamp}` is not filled in once more.
std::vector<std::string_view> filled(std::string_view text, std::string_view timestamp, std::string_view body) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t body_at = text.find(kBody);
    const std::size_t time_at = text.find(kTimestamp);
    const std::size_t next = std::min(body_at, time_at);
    parts.push_back(text.substr(0, next));
    if (next == std::string_view::npos) break;
    parts.push_back(next == body_at ? body : timestamp);
    text.remove_prefix(next + (next == body_at ? kBody : kTimestamp).size());
  }
  return parts;
}

std::optional<Digest> algorithm_of(const VerifyRule& rule) {
  return rule.algorithm.empty() ? Digest::kSha256 : digest_from_name(rule.algorithm);
}

std::optional<std::string> decode(const VerifyRule& rule, std::string_view text) {
  return rule.encoding == "hex" ? hex_decode(text) : base64_decode(text);
}

tl::unexpected<Error> bad(std::string message, std::string hint) {
  return fail(ErrorKind::kInvalid, std::move(message), std::move(hint), "verify_rule");
}

}  // namespace

Result<void> check_hmac(const VerifyRule& rule) {
  if (!algorithm_of(rule)) return bad("verify.algorithm is unknown", "use sha1, sha256, sha384 or sha512");
  if (rule.encoding != "hex" && rule.encoding != "base64") return bad("verify.encoding is unknown", "use hex or base64");
  if (rule.header.empty()) return bad("verify.header is empty", "name the header that carries the signature");
  if (rule.payload.find(kBody) == std::string::npos) return bad("verify.payload does not name {body}", "what is not signed can be forged");
  const bool signs_time = rule.payload.find(kTimestamp) != std::string::npos;
  if (signs_time == rule.timestamp_header.empty()) {
    return bad(signs_time ? "verify.payload names {timestamp}, but there is no verify.timestamp-header"
                          : "verify.timestamp-header is set, but verify.payload does not name {timestamp}",
               "set both or neither: a timestamp that is not signed proves nothing");
  }
  return {};
}

Result<void> verify_hmac(const VerifyRule& rule, const Secrets& secrets, const SignedRequest& request, Instant now) {
  if (auto checked = check_hmac(rule); !checked) return checked;
  const Result<std::string_view> value = only(request, rule.header);
  if (!value) return tl::unexpected(value.error());
  const std::optional<std::string> digest =
      value->starts_with(rule.prefix) ? decode(rule, value->substr(rule.prefix.size())) : std::nullopt;
  if (!digest) return refuse("signature_malformed", rule.header + " is not \"" + rule.prefix + "\" and " + rule.encoding);
  std::string_view timestamp;
  if (!rule.timestamp_header.empty()) {
    const Result<std::string_view> claimed = only(request, rule.timestamp_header, "timestamp_missing");
    if (!claimed) return tl::unexpected(claimed.error());
    timestamp = *claimed;
    if (auto fresh = check_fresh(rule.timestamp_header, timestamp, rule.tolerance, now); !fresh) return fresh;
  }
  const Digest kind = algorithm_of(rule).value_or(Digest::kSha256);
  return match(kind, secrets, filled(rule.payload, timestamp, request.body), std::array{*digest});
}

Result<Signature> sign_hmac(const VerifyRule& rule, const Secret& secret, const Outgoing& outgoing, Instant now) {
  if (auto checked = check_hmac(rule); !checked) return tl::unexpected(std::move(checked.error()));
  const std::string timestamp = seconds_of(now);
  const Digest kind = algorithm_of(rule).value_or(Digest::kSha256);
  const DigestValue digest = hmac(kind, secret.reveal(), filled(rule.payload, timestamp, outgoing.body));
  Headers headers;
  if (!rule.timestamp_header.empty()) headers.emplace_back(rule.timestamp_header, timestamp);
  headers.emplace_back(rule.header, rule.prefix + (rule.encoding == "hex" ? hex_encode(digest.view()) : base64_encode(digest.view())));
  return Signature{std::move(headers)};
}

}  // namespace ipaas::security::signatures
