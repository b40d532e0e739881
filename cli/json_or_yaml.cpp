#include "cli/json_or_yaml.h"

#include "cli/input.h"
#include "core/language/yaml/reader.h"
#include "core/language/yaml/value.h"

namespace ipaas::cli {
namespace {

namespace yaml = language::yaml;

ResultOrErrors<Json> read_yaml(const std::string& text, const std::string& path) {
  yaml::Stream stream = yaml::read(text);
  for (Error& error : stream.errors) error.file = display_name(path);
  if (!stream.errors.empty()) return tl::unexpected(std::move(stream.errors));
  const bool one = stream.documents.size() == 1 && stream.documents.front().root != nullptr;
  const yaml::Node* root = one ? stream.documents.front().root : nullptr;
  if (root != nullptr && root->entries() != nullptr) return yaml::value_of(*root);
  Error error{ErrorKind::kInvalid, "is not an object in JSON or YAML", "write names and their values", "input_invalid"};
  error.file = display_name(path);
  return fail_with(std::move(error));
}

}  // namespace

ResultOrErrors<Json> read_object(const World& world, const std::string& path) {
  const Result<std::string> text = read_input(world, path);
  if (!text) return fail_with(text.error());
  // JSON first: its numbers keep all digits, and it may be larger.
  Result<Json> json = parse_json(*text);
  if (json && json->is_object()) return std::move(*json);
  if (!path.ends_with(".json")) return read_yaml(*text, path);
  Error error = json ? Error{ErrorKind::kInvalid, "is not a JSON object", "write {\"name\": value, …}", "input_invalid"}
                     : std::move(json.error());
  error.file = display_name(path);
  return fail_with(std::move(error));
}

}  // namespace ipaas::cli
