#include "core/security/keyring.h"

#include <set>

#include "core/base/encoding.h"
#include "core/base/json.h"
#include "core/security/aes_gcm.h"

namespace ipaas::security {
namespace {

constexpr std::string_view kFormat = "ipaas-keyring-1";
constexpr std::string_view kCheckPlace = "keyring.check";
constexpr std::string_view kKeyPlace = "keyring.key";

std::string seal(AesGcm& master, std::string_view associated, std::string_view plain) {
  std::string sealed;
  master.seal(associated, plain, sealed);
  return base64_encode(sealed);
}

std::string key_label(std::string_view tenant, std::uint8_t id) {
  const char byte = static_cast<char>(id);
  return associated_data({kKeyPlace, tenant, {&byte, 1}});
}

tl::unexpected<Error> malformed(std::string what) {
  return fail(ErrorKind::kInvalid, "the keyring is damaged: " + std::move(what), "restore it from its backup",
              "keyring_malformed");
}

Result<std::string> open(AesGcm& master, std::string_view associated, const Json& value) {
  const std::optional<std::string> sealed =
      value.is_string() ? base64_decode(value.get_ref<const std::string&>()) : std::nullopt;
  if (!sealed) return malformed("a sealed value is not base64");
  return master.open(associated, *sealed);
}

Result<DataKey> read_key(AesGcm& master, const std::string& tenant, const Json& entry) {
  if (!entry.is_object() || !entry.contains("id") || !entry.contains("key")) return malformed("a key lacks its id or value");
  const Json& number = entry.at("id");
  if (!number.is_number_unsigned() || number < 1 || number > 255) return malformed("a key's id is not 1 to 255");
  const auto id = number.get<std::uint8_t>();
  Result<std::string> bytes = open(master, key_label(tenant, id), entry.at("key"));
  if (!bytes) return malformed("the key of " + tenant + " was altered");
  DataKey key{id, Secret(*bytes)};
  wipe(*bytes);
  if (key.bytes.reveal().size() != kAesKeySize) return malformed("a key has the wrong size");
  return key;
}

Result<std::vector<DataKey>> read_keys(AesGcm& master, const std::string& tenant, const Json& list) {
  if (!list.is_array() || list.empty()) return malformed("a tenant has no list of keys");
  std::vector<DataKey> keys;
  std::set<std::uint8_t> ids;
  for (const Json& entry : list) {
    Result<DataKey> key = read_key(master, tenant, entry);
    if (!key) return tl::unexpected(std::move(key.error()));
    if (!ids.insert(key->id).second) return malformed("a tenant has two keys of one id");
    keys.push_back(std::move(*key));
  }
  return keys;
}

}  // namespace

std::string associated_data(std::initializer_list<std::string_view> parts) {
  std::string out;
  out.reserve(96);
  for (const std::string_view part : parts) {
    for (const unsigned shift : {24U, 16U, 8U, 0U}) out += static_cast<char>(part.size() >> shift & 0xFFU);
    out += part;
  }
  return out;
}

std::string write_keyring(const Keyring& keyring, const Secret& master_key, Randomness& randomness) {
  AesGcm master(master_key.reveal(), randomness);
  Json tenants = Json::object();
  for (const auto& [tenant, keys] : keyring) {
    Json list = Json::array();
    for (const DataKey& key : keys) {
      list.push_back({{"id", key.id}, {"key", seal(master, key_label(tenant.str(), key.id), key.bytes.reveal())}});
    }
    tenants.push_back({tenant.str(), std::move(list)});
  }
  Json document = Json::object();
  document["format"] = kFormat;
  document["check"] = seal(master, associated_data({kCheckPlace}), kFormat);
  document["tenants"] = std::move(tenants);
  return dump_json(document) + "\n";
}

Result<Keyring> read_keyring(std::string_view text, const Secret& master_key, Randomness& randomness) {
  const Result<Json> document = parse_json(text);
  if (!document || !document->is_object()) return malformed("it is not JSON");
  if (document->value("format", Json()) != kFormat) return malformed("its format is not " + std::string(kFormat));
  if (!document->contains("check") || !document->contains("tenants") || !document->at("tenants").is_object()) {
    return malformed("its check value or its tenants are missing");
  }
  AesGcm master(master_key.reveal(), randomness);
  const Result<std::string> check = open(master, associated_data({kCheckPlace}), document->at("check"));
  if (!check && check.error().code == "keyring_malformed") return tl::unexpected(check.error());
  if (!check || *check != kFormat) {
    return fail(ErrorKind::kInvalid, "the master key is not the one that this keyring was sealed under",
                "restore the key and the keyring of one installation", "key_wrong");
  }
  Keyring keyring;
  for (const auto& [tenant, list] : document->at("tenants").items()) {
    Result<std::vector<DataKey>> keys = read_keys(master, tenant, list);
    if (!keys) return tl::unexpected(std::move(keys.error()));
    keyring.emplace(TenantId(tenant), std::move(*keys));
  }
  return keyring;
}

}  // namespace ipaas::security
