#include "core/security/signatures/scheme.h"

#include <strings.h>

#include <algorithm>

namespace ipaas::security::signatures {
namespace {

std::string_view without_blanks(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::int64_t whole_seconds(Instant now) {
  return std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
}

}  // namespace

tl::unexpected<Error> refuse(std::string_view code, std::string reason) {
  return fail(ErrorKind::kUnauthenticated, std::move(reason), {}, std::string(code));
}

tl::unexpected<Error> unfit(std::string message, std::string hint) {
  return fail(ErrorKind::kInvalid, std::move(message), std::move(hint), "verify_secret");
}

Result<std::string_view> only(const SignedRequest& request, std::string_view name, std::string_view missing) {
  const std::optional<std::string_view> value = request.header(name);
  if (!value) return refuse(missing, "the request has no header " + std::string(name));
  // Which of two would a proxy before us have looked at?
  if (request.count(name) > 1) return refuse("signature_malformed", "the header " + std::string(name) + " is there twice");
  return without_blanks(*value);
}

Result<std::string_view> authorization(const SignedRequest& request, std::string_view kind) {
  const Result<std::string_view> value = only(request, "Authorization");
  if (!value) return value;
  if (value->size() <= kind.size() || ::strncasecmp(value->data(), kind.data(), kind.size()) != 0) {
    return refuse("signature_malformed", "Authorization is not " + std::string(kind) + "and what follows it");
  }
  return value->substr(value->find_first_not_of(' ', kind.size()));
}

bool is_one_of(const Secrets& secrets, std::string_view presented) {
  const DigestValue digested = digest(Digest::kSha256, presented);
  bool found = false;
  for (const Secret& secret : secrets) {
    if (!secret.empty()) found |= digest(Digest::kSha256, secret.reveal()).equals(digested.view());
  }
  return found;
}

std::optional<std::int64_t> parse_seconds(std::string_view text) {
  if (text.empty() || text.size() > 12) return std::nullopt;
  std::int64_t value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

std::string seconds_of(Instant now) { return std::to_string(whole_seconds(now)); }

Result<void> check_fresh(std::string_view header, std::string_view seconds, Duration tolerance, Instant now) {
  const std::optional<std::int64_t> claimed = parse_seconds(seconds);
  if (!claimed) return refuse("signature_malformed", "the timestamp in " + std::string(header) + " is not in whole seconds since 1970");
  const std::int64_t age = whole_seconds(now) - *claimed;
  const std::chrono::seconds distance(age < 0 ? -age : age);
  if (distance <= tolerance) return {};
  const std::int64_t allowed = std::chrono::duration_cast<std::chrono::seconds>(tolerance).count();
  return refuse("timestamp_outside_tolerance", "timestamp is " + std::to_string(distance.count()) + " s " +
                                                   (age < 0 ? "ahead" : "old") + ", more than " +
                                                   std::to_string(allowed) + " s");
}

Result<void> match(Digest kind, const Secrets& secrets, std::span<const std::string_view> parts,
                   std::span<const std::string> presented) {
  bool tried = false;
  for (const Secret& secret : secrets) {
    if (secret.empty()) continue;
    tried = true;
    const DigestValue expected = hmac(kind, secret.reveal(), parts);
    for (const std::string& digest : presented) {
      if (expected.equals(digest)) return {};
    }
  }
  if (!tried) return refuse("signature_mismatch", "there is no secret to verify with");
  return refuse("signature_mismatch", "the signature does not fit the body and the secret");
}

}  // namespace ipaas::security::signatures
