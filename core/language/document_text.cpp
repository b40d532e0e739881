#include "core/language/document_text.h"

#include "core/language/yaml/reader.h"
#include "core/language/yaml/value.h"

namespace ipaas::language {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kMarker = "---";
constexpr std::string_view kBlanks = " \t\r\n";

bool is_marker(std::string_view line) {
  return line.starts_with(kMarker) &&
         (line.size() == kMarker.size() || kBlanks.find(line[3]) != std::string_view::npos);
}

bool is_blank_or_comment(std::string_view line) {
  const std::size_t content = line.find_first_not_of(kBlanks);
  return content == std::string_view::npos || line[content] == '#';
}

/// Comments above the `---` stay, directives and the `---` itself go; without a `---` the text is as it was.
std::string without_start(std::string_view source) {
  std::string comments;
  for (std::string_view rest = source; !rest.empty();) {
    const std::size_t end = rest.find('\n');
    const std::string_view line = rest.substr(0, end == std::string_view::npos ? end : end + 1);
    rest.remove_prefix(line.size());
    if (is_marker(line)) {
      const std::string_view content = line.substr(kMarker.size());
      if (content.find_first_not_of(kBlanks) != std::string_view::npos) comments += content;
      return comments.append(rest);
    }
    if (is_blank_or_comment(line)) {
      comments += line;
    } else if (!line.starts_with('%')) {
      break;
    }
  }
  return std::string(source);
}

bool says_the_same(std::string_view a, std::string_view b) {
  const yaml::Stream left = yaml::read(a);
  const yaml::Stream right = yaml::read(b);
  const auto root = [](const yaml::Stream& stream) -> const yaml::Node* {
    return stream.errors.empty() && stream.documents.size() == 1 ? stream.documents.front().root : nullptr;
  };
  return root(left) != nullptr && root(right) != nullptr && yaml::same_value(*root(left), *root(right));
}

/// The scalar that ends the text; nullptr for an empty list, which needs its brackets.
const yaml::Node* last_scalar(const yaml::Node* node) {
  while (node != nullptr && node->scalar() == nullptr) {
    if (const auto* items = node->items()) {
      node = items->empty() ? nullptr : items->back();
    } else {
      const auto* entries = node->entries();
      node = entries == nullptr || entries->empty() ? nullptr : entries->back().value;
    }
  }
  return node;
}

/// With `-` in the header of the block that ends the text: it keeps no line break, however many follow.
std::string with_stripped_block(const std::string& text) {
  const yaml::Stream stream = yaml::read(text);
  if (!stream.errors.empty() || stream.documents.size() != 1) return text;
  const yaml::Node* last = last_scalar(stream.documents.front().root);
  if (last == nullptr || last->offset() >= text.size()) return text;
  std::size_t header = last->offset();
  if (text[header] != '|' && text[header] != '>') return text;
  std::string stripped = text;
  for (++header;
       header < stripped.size() && std::string_view("+123456789").find(stripped[header]) != std::string::npos;) {
    if (stripped[header] == '+') {
      stripped.erase(header, 1);
    } else {
      ++header;
    }
  }
  return stripped.insert(header, "-");
}

}  // namespace

std::string document_text(std::string_view source) {
  if (source.starts_with(kByteOrderMark)) source.remove_prefix(kByteOrderMark.size());
  std::string text = without_start(source);
  if (text != source && !says_the_same(source, text)) text = source;
  if (text.ends_with('\n')) return text;
  std::string ended = text + '\n';
  if (!says_the_same(text, ended)) ended = with_stripped_block(text) + '\n';
  return says_the_same(text, ended) ? ended : text;
}

DocumentStream join_documents(const std::vector<std::string>& documents) {
  DocumentStream stream;
  for (std::size_t i = 0; i < documents.size(); ++i) {
    if (i > 0) stream.text += "---\n";
    stream.text += documents[i];
    // The last one may end as it likes.
    if (!documents[i].ends_with('\n') && i + 1 < documents.size()) stream.unfit = stream.unfit.value_or(i);
  }
  const yaml::Stream read = yaml::read(stream.text);
  if (stream.unfit) return stream;
  for (std::size_t i = 0; i < documents.size(); ++i) {
    const bool found = i < read.documents.size() && document_text(read.documents[i].source) == documents[i];
    if (!found) {
      stream.unfit = i;
      break;
    }
  }
  return stream;
}

}  // namespace ipaas::language
