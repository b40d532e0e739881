#include "core/language/parser/secret_literals.h"

namespace ipaas::language {
namespace {

void walk(Reading& reading, const yaml::Node& node, std::string_view key, const SecretTest& looks_secret) {
  if (const auto* items = node.items()) {
    for (const yaml::Node* item : *items) walk(reading, *item, {}, looks_secret);
  } else if (const auto* entries = node.entries()) {
    for (const yaml::Entry& entry : *entries) walk(reading, *entry.value, entry.key, looks_secret);
  } else if (const auto* scalar = node.scalar(); scalar != nullptr && looks_secret(key, scalar->text)) {
    reading.warnings.add(node.position(), "secret_literal", "this looks like a secret, and a workflow is not kept secret",
                         "put it into a credential: `ipaas credential create NAME --type T --from-file -`");
  }
}

}  // namespace

void warn_of_secrets(Reading& reading, const yaml::Node& root, const SecretTest& looks_secret) {
  walk(reading, root, {}, looks_secret);
}

}  // namespace ipaas::language
