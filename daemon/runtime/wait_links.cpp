#include "daemon/runtime/wait_links.h"

#include "core/security/link_token.h"

namespace ipaas::daemon {
namespace {

constexpr std::string_view kPurpose = "wait-link";

/// RFC 3986, section 2.3: everything else is encoded.
bool is_unreserved(unsigned char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
}

std::string encoded(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (is_unreserved(byte)) {
      out += c;
    } else {
      out.append(1, '%').append(1, kDigits[byte >> 4U]).append(1, kDigits[byte & 15U]);
    }
  }
  return out;
}

}  // namespace

std::string SignedWaitLinks::link(const domain::Execution& execution, std::string_view path) const {
  if (public_url_.empty()) return {};
  const std::vector<Secret> keys = vault_.signing_keys(execution.tenant, kPurpose);
  if (keys.empty()) return {};
  const std::string proof = security::link_token(keys.front(), {execution.tenant.str(), execution.id.str(), path});
  return public_url_ + "/api/waits/" + execution.id.str() + "/" + encoded(path) + "?token=" + execution.tenant.str() + "." + proof;
}

std::optional<TenantId> SignedWaitLinks::owner(std::string_view execution, std::string_view path,
                                               std::string_view token) const {
  const std::size_t dot = token.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  TenantId tenant{std::string(token.substr(0, dot))};
  const std::vector<Secret> keys = vault_.signing_keys(tenant, kPurpose);
  if (!security::is_link_token(keys, {tenant.str(), execution, path}, token.substr(dot + 1))) return std::nullopt;
  return tenant;
}

}  // namespace ipaas::daemon
