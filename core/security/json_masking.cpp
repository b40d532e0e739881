#include "core/security/json_masking.h"

#include <string>
#include <utility>
#include <vector>

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
    // As the vector that it is: the ordered map would look for an equal name at each insertion. Two names that are
    // masked alike stay two members.
    using Members = std::vector<std::pair<const std::string, Json>>;
    Json masked = Json::object();
    Members& members = masked.get_ref<Json::object_t&>();
    const Members& given = value.get_ref<const Json::object_t&>();
    members.reserve(given.size());
    // Objects decide by their own names, as the masker has it for text.
    for (const auto& [name, member] : given) {
      members.emplace_back(masker.mask(name), mask_below(masker, member, masker.is_secret_name(name)));
    }
    return masked;
  }
  return value;
}

}  // namespace

Json mask_json(const Masker& masker, const Json& value) { return mask_below(masker, value, false); }

}  // namespace ipaas::security
