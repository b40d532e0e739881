#include "core/security/link_token.h"

#include <array>

#include "core/base/encoding.h"
#include "core/security/digest.h"
#include "core/security/keyring.h"

namespace ipaas::security {
namespace {

DigestValue proof(std::string_view key, std::initializer_list<std::string_view> parts) {
  const std::string text = associated_data(parts);
  return hmac(Digest::kSha256, key, std::array{std::string_view(text)});
}

}  // namespace

std::string link_token(const Secret& key, std::initializer_list<std::string_view> parts) {
  return base64_encode(proof(key.reveal(), parts).view(), Base64Alphabet::kUrl);
}

bool is_link_token(const std::vector<Secret>& keys, std::initializer_list<std::string_view> parts, std::string_view token) {
  std::string presented = base64_decode(token, Base64Alphabet::kUrl).value_or("");
  // Padding and loose last bits decode, too; a link is valid as it was made, and in no other spelling.
  if (base64_encode(presented, Base64Alphabet::kUrl) != token) presented.clear();
  bool known = false;
  for (const Secret& key : keys) known = proof(key.reveal(), parts).equals(presented) || known;
  if (keys.empty()) static_cast<void>(proof("nobody", parts).equals(presented));
  return known;
}

}  // namespace ipaas::security
