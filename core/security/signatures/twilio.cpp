// https://www.twilio.com/docs/usage/webhooks/webhooks-security, and what Twilio's own validators accept beyond it.

#include <algorithm>
#include <array>
#include <set>

#include "core/base/encoding.h"
#include "core/base/letter_case.h"
#include "core/security/signatures/scheme.h"

namespace ipaas::security::signatures {
namespace {

constexpr std::string_view kHeader = "X-Twilio-Signature";
constexpr std::string_view kBodyDigest = "bodySHA256";

/// A part of application/x-www-form-urlencoded; a percent sign without two digits stands for itself.
std::string decoded(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = text[i] == '%' && i + 2 < text.size() ? hex_decode(text.substr(i + 1, 2)) : std::nullopt;
    if (byte) {
      out += *byte;
      i += 2;
    } else {
      out += text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

/// As many as the daemon takes of a form; before the signature is known to be right nobody may make us sort more.
constexpr std::size_t kMostPairs = 1000;

/// The parameters of a form as Twilio signs them: sorted by name and then value, each pair once. Nothing when there are
/// too many.
std::optional<std::string> parameters_of(std::string_view form) {
  std::set<std::pair<std::string, std::string>> pairs;
  for (std::size_t count = 0; !form.empty();) {
    const std::size_t end = std::min(form.find('&'), form.size());
    const std::string_view pair = form.substr(0, end);
    form.remove_prefix(std::min(end + 1, form.size()));
    if (pair.empty()) continue;
    if (++count > kMostPairs) return std::nullopt;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    pairs.emplace(decoded(pair.substr(0, equals)), decoded(pair.substr(std::min(equals + 1, pair.size()))));
  }
  std::string text;
  for (const auto& [name, value] : pairs) text.append(name).append(value);
  return text;
}

std::string_view query_of(std::string_view url) {
  url = url.substr(0, url.find('#'));
  const std::size_t mark = url.find('?');
  return mark == std::string_view::npos ? std::string_view() : url.substr(mark + 1);
}

/// Nothing when the query names none; the first where it names several, as Twilio's validators take it.
std::optional<std::string> body_digest_of(std::string_view url) {
  for (std::string_view query = query_of(url); !query.empty();) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(pair.size() + 1, query.size()));
    const std::size_t equals = pair.find('=');
    if (equals != std::string_view::npos && pair.substr(0, equals) == kBodyDigest) return decoded(pair.substr(equals + 1));
  }
  return std::nullopt;
}

/// The signature covers names and values, not how they are written: read as something else the body would be another
/// one that is signed the same. A sender that names no type is one whose body nobody reads as anything but text.
Result<void> check_form(const SignedRequest& request) {
  constexpr std::string_view kForm = "application/x-www-form-urlencoded";
  if (request.body.empty() || request.count("Content-Type") == 0) return {};
  const Result<std::string_view> value = only(request, "Content-Type");
  if (!value) return tl::unexpected(value.error());
  const std::string_view type = value->substr(0, value->find_first_of("; \t"));
  if (equal_letters(type, kForm)) return {};
  return refuse("signature_malformed", "the body is no form, and the URL has no bodySHA256 that binds it");
}

bool is_web_url(std::string_view url) { return url.starts_with("https://") || url.starts_with("http://"); }

bool is_digest_of(std::string_view body, const std::string& hex) {
  const auto bytes = hex_decode(hex);
  return bytes && digest(Digest::kSha256, body).equals(*bytes);
}

/// As configured, with the scheme's port where none is written, and without the port that is written: which of them
/// Twilio signed depends on the product.
std::vector<std::string> spellings_of(std::string_view url) {
  const std::size_t start = url.find("//") + 2;
  const std::size_t end = std::min(url.find_first_of("/?#", start), url.size());
  const std::string_view host = url.substr(start, end - start);
  const std::size_t colon = host.rfind(':');
  const bool has_port = colon != std::string_view::npos && host.find(']', colon) == std::string_view::npos;
  std::vector<std::string> spellings = {std::string(url)};
  std::string other(url.substr(0, start));
  if (has_port) {
    other.append(host.substr(0, colon));
  } else {
    other.append(host).append(url.starts_with("https") ? ":443" : ":80");
  }
  spellings.push_back(other.append(url.substr(end)));
  return spellings;
}

}  // namespace

Result<void> verify_twilio(const VerifyRule&, const Secrets& secrets, const SignedRequest& request, Instant) {
  const Result<std::string_view> value = only(request, kHeader);
  if (!value) return tl::unexpected(value.error());
  const std::optional<std::string> presented = base64_decode(*value);
  if (!presented || presented->empty()) return refuse("signature_malformed", "X-Twilio-Signature is not base64");
  if (!is_web_url(request.url)) {
    return fail(ErrorKind::kUnavailable, "Twilio signs the public URL, and this instance does not know its own",
                "set public_url in the daemon's configuration", "public_url_missing");
  }
  std::optional<std::string> parameters = std::string();
  if (const auto claimed = body_digest_of(request.url)) {
    if (!is_digest_of(request.body, *claimed)) {
      return refuse("signature_mismatch", "bodySHA256 in the URL is not the digest of the body");
    }
  } else {
    if (auto form = check_form(request); !form) return form;
    parameters = parameters_of(request.body);
    if (!parameters) return refuse("signature_malformed", "the form holds more than 1000 parameters");
  }
  Result<void> outcome;
  for (const std::string& url : spellings_of(request.url)) {
    outcome = match(Digest::kSha1, secrets, std::array<std::string_view, 2>{url, *parameters}, std::array{*presented});
    if (outcome) break;
  }
  return outcome;
}

Result<Signature> sign_twilio(const VerifyRule&, const Secret& secret, const Outgoing& outgoing, Instant) {
  if (!is_web_url(outgoing.url)) {
    return fail(ErrorKind::kInvalid, "Twilio signs the URL, and there is none", "name the webhook's public URL", "verify_rule");
  }
  std::string url(outgoing.url.substr(0, outgoing.url.find('#')));  // a fragment is never sent
  const bool form = !outgoing.body.starts_with('{') && !outgoing.body.starts_with('[');
  const auto claimed = body_digest_of(url);
  if (claimed && !is_digest_of(outgoing.body, *claimed)) {
    return fail(ErrorKind::kInvalid, "bodySHA256 in the URL is not the digest of the body", "leave it out: it is added", "verify_rule");
  }
  if (!form && !claimed) {
    url += url.find('?') == std::string::npos ? "?" : "&";
    url.append(kBodyDigest).append("=").append(hex_encode(digest(Digest::kSha256, outgoing.body).view()));
  }
  const auto parameters = form && !claimed ? parameters_of(outgoing.body) : std::optional<std::string>(std::string());
  if (!parameters) return fail(ErrorKind::kInvalid, "the form holds more than 1000 parameters", "send JSON", "verify_rule");
  Headers headers;
  headers.emplace_back(kHeader, base64_encode(hmac(Digest::kSha1, secret.reveal(),
                                                   std::array<std::string_view, 2>{url, *parameters})
                                                  .view()));
  if (!outgoing.id.empty()) headers.emplace_back("I-Twilio-Idempotency-Token", outgoing.id);
  return Signature{std::move(headers), std::move(url)};
}

}  // namespace ipaas::security::signatures
