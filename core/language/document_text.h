// The text of one document apart from where it stood: what is kept of an applied workflow, and what export writes.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ipaas::language {

/// A document without what belongs to the stream around it: directives and its own `---`, a byte order mark; and with a
/// line break at its end; a `|` block that ends the text without one, which is part of what it says, becomes `|-`. Its
/// comments stay, and so does what it says: where a change would alter that, the text is left as it is. Applied to its
/// own result it changes nothing.
[[nodiscard]] std::string document_text(std::string_view source);

/// The documents with `---` between them, so that a reader finds the very same texts again.
struct DocumentStream {
  std::string text;
  /// The first document that cannot be one of this stream: it would be read as something else, or the stream is larger
  /// than a file may be.
  std::optional<std::size_t> unfit;
};
[[nodiscard]] DocumentStream join_documents(const std::vector<std::string>& documents);

}  // namespace ipaas::language
