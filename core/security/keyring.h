// The tenants' data keys as a text, each sealed under the master key.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/base/ids.h"
#include "core/base/random.h"
#include "core/base/secret.h"

namespace ipaas::security {

struct DataKey {
  std::uint8_t id = 1;  ///< the first byte of what it sealed: 1 to 255
  Secret bytes;
};

/// Every tenant's keys, oldest first; the last one seals, all of them open.
using Keyring = std::map<TenantId, std::vector<DataKey>>;

/// JSON: a format name, a check value that only the right master key opens, and each tenant's sealed keys. The associated
/// data of a key names its tenant and id, so that nobody can swap two of them.
[[nodiscard]] std::string write_keyring(const Keyring& keyring, const Secret& master_key, Randomness& randomness);

/// Codes: `keyring_malformed` when it is not such a text, `key_wrong` when the master key is another one.
[[nodiscard]] Result<Keyring> read_keyring(std::string_view text, const Secret& master_key, Randomness& randomness);

/// A text that no other list of the same length can make: each part is headed by its length.
[[nodiscard]] std::string associated_data(std::initializer_list<std::string_view> parts);

}  // namespace ipaas::security
