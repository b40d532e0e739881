#include "core/security/json_masking.h"

#include "core/security/masking/key_names.h"

namespace ipaas::security {
namespace {

Json mask_below(const Masker& masker, const Json& value, bool secret) {
  if (value.is_string() || value.is_number()) {
    if (secret) return Json(kRedacted);
    return value.is_string() ? Json(masker.mask(value.get_ref<const std::string&>())) : value;
  }
  if (value.is_array()) {
    Json masked = Json::array();
    for (const Json& item : value) masked.push_back(mask_below(masker, item, secret));
    return masked;
  }
  if (value.is_object()) {
    Json masked = Json::object();
    auto& members = masked.get_ref<Json::object_t&>();
    members.reserve(value.size());
    // Objects decide by their own names, as the masker has it for text.
    for (const auto& [name, member] : value.items()) {
      members.emplace(masker.mask(name), mask_below(masker, member, masking::is_secret_name(name)));
    }
    return masked;
  }
  return value;
}

}  // namespace

Json mask_json(const Masker& masker, const Json& value) { return mask_below(masker, value, false); }

}  // namespace ipaas::security
