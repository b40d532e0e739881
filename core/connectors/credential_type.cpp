#include "core/connectors/credential_type.h"

#include <algorithm>

#include "core/connectors/host_rule.h"
#include "core/connectors/http_text.h"
#include "core/connectors/url.h"
#include "core/language/suggest.h"

namespace ipaas::connectors {
namespace {

constexpr std::size_t kShortestSecret = 4;  // characters; the masker leaves shorter texts alone

tl::unexpected<Error> bad_field(std::string what, std::string hint = {}) {
  return fail(ErrorKind::kInvalid, std::move(what), std::move(hint), "input_invalid");
}

std::string ticked(std::string_view name) { return "`" + excerpt(name, 64) + "`"; }

const CredentialField* find_field(const CredentialType& type, std::string_view name) {
  const auto found = std::find_if(type.fields.begin(), type.fields.end(),
                                  [&](const CredentialField& field) { return field.name == name; });
  return found == type.fields.end() ? nullptr : &*found;
}

bool is_common_field(std::string_view name) { return name == "base_url" || name == "hosts"; }

bool is_secret(const CredentialType& type, std::string_view name) {
  if (is_common_field(name)) return false;
  const auto* field = find_field(type, name);
  return field == nullptr || field->secret;
}

bool is_there(const Json& fields, const std::string& name) {
  const auto found = fields.find(name);
  return found != fields.end() && !found->is_null();
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80; }));
}

/// Calls `visit` with every text in the value. The depth of a stored credential is bounded by parse_json.
template <typename Visit>
void for_each_text(const Json& value, Visit&& visit) {
  if (value.is_string()) visit(value.get_ref<const std::string&>());
  if (!value.is_structured()) return;
  for (const auto& child : value) for_each_text(child, visit);
}

Result<void> check_length(std::string_view name, const Json& value) {
  bool too_short = false;
  for_each_text(value, [&](const std::string& text) { too_short |= characters(text) < kShortestSecret; });
  if (!too_short) return {};
  return bad_field("the field " + ticked(name) + " holds a secret shorter than 4 characters, which could not be masked",
                   "use a longer secret");
}

Result<void> check_base_url(const Json& value) {
  if (!value.is_string()) return bad_field("the field `base_url` is not a text", "write https://host/path");
  const auto& text = value.get_ref<const std::string&>();
  if (const auto url = parse_url(text); !url) return bad_field("the field `base_url`: " + url.error().message, url.error().hint);
  if (text.find_first_of("?#") == std::string::npos) return {};
  return bad_field("the field `base_url` has a query or a fragment", "end it with the path");
}

Result<void> check_common_field(std::string_view name, const Json& value) {
  if (name == "base_url") return check_base_url(value);
  if (const auto rule = HostRule::parse(value); !rule) return tl::unexpected(rule.error());
  return {};
}

Result<void> check_format(const CredentialField& field, const std::string& text) {
  if (has_control_character(text)) {
    return bad_field("the field " + ticked(field.name) + " holds a line break or another control character",
                     "check the end of the value");
  }
  if (field.format == CredentialField::Format::kUrl) {
    if (const auto url = parse_url(text); !url) {
      return bad_field("the field " + ticked(field.name) + ": " + url.error().message, url.error().hint);
    }
  }
  if (field.format == CredentialField::Format::kToken && !is_token(text)) {
    return bad_field("the field " + ticked(field.name) + " holds a character that a name cannot have",
                     "use letters, digits and dashes");
  }
  if (field.options.empty() || std::find(field.options.begin(), field.options.end(), text) != field.options.end()) return {};
  std::string allowed;
  for (const auto& option : field.options) allowed += (allowed.empty() ? "" : " or ") + option;
  return bad_field("the field " + ticked(field.name) + " has a value that is not allowed", "write " + allowed);
}

Result<void> check_field(const CredentialType& type, const std::string& name, const Json& value) {
  if (is_common_field(name)) return check_common_field(name, value);
  const auto* field = find_field(type, name);
  if (field == nullptr && !type.open) {
    std::vector<std::string_view> names;
    for (const auto& known : type.fields) names.push_back(known.name);
    names.insert(names.end(), {"base_url", "hosts"});
    std::string hint = language::did_you_mean(name, names);
    if (hint.empty()) {
      for (const std::string_view known : names) hint += (hint.empty() ? "it has " : ", ") + ticked(std::string(known));
    }
    return bad_field("a credential of type " + type.name + " has no field " + ticked(name), std::move(hint));
  }
  if (field != nullptr) {
    if (!value.is_string()) return bad_field("the field " + ticked(name) + " is not a text");
    if (value.get_ref<const std::string&>().empty()) return bad_field("the field " + ticked(name) + " is empty");
    if (const auto checked = check_format(*field, value.get_ref<const std::string&>()); !checked) return checked;
  }
  return is_secret(type, name) ? check_length(name, value) : Result<void>();
}

std::string name_list(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : " or ") + ticked(name);
  return text;
}

Result<void> check_presence(const CredentialType& type, const Json& fields) {
  for (const auto& field : type.fields) {
    if (field.required && !is_there(fields, field.name)) {
      return bad_field("a credential of type " + type.name + " needs the field " + ticked(field.name), field.description);
    }
  }
  for (const auto& names : type.one_of) {
    const auto there = std::count_if(names.begin(), names.end(), [&](const auto& name) { return is_there(fields, name); });
    if (there == 1) continue;
    return bad_field("a credential of type " + type.name + " needs exactly one of " + name_list(names));
  }
  return {};
}

}  // namespace

Result<void> check_credential(const CredentialType& type, const Json& fields) {
  if (!fields.is_object()) return bad_field("a credential is an object of fields", R"(write {"field": "value"})");
  for (const auto& [name, value] : fields.items()) {
    if (value.is_null()) continue;
    if (const auto checked = check_field(type, name, value); !checked) return checked;
  }
  const auto user = fields.find("username");
  if (type.name == "basic" && user != fields.end() && user->is_string() &&
      user->get_ref<const std::string&>().find(':') != std::string::npos) {
    return bad_field("the field `username` holds a colon, which separates it from the password (RFC 7617)");
  }
  return check_presence(type, fields);
}

std::vector<Secret> secret_values(const CredentialType& type, const Json& fields) {
  std::vector<Secret> secrets;
  if (!fields.is_object()) return secrets;
  for (const auto& [name, value] : fields.items()) {
    if (is_secret(type, name)) for_each_text(value, [&](const std::string& text) { secrets.emplace_back(text); });
  }
  return secrets;
}

}  // namespace ipaas::connectors
