#include "core/language/yaml/reader.h"

#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <istream>

#include "core/language/yaml/text_check.h"
#include "core/language/yaml/tree_builder.h"
#include "core/language/yaml/view_buffer.h"

namespace ipaas::language::yaml {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kMarker = "---";

Error whole_text_error(ErrorKind kind, std::string code, std::string message, SourcePosition position = {1, 1}) {
  Error error;
  error.kind = kind;
  error.message = std::move(message);
  error.code = std::move(code);
  error.position = position;
  return error;
}

/// yaml-cpp begins a new document wherever it cannot go on with the last one, and at some texts for ever.
std::optional<Error> check_start(std::string_view text, std::size_t start, SourcePosition position, bool first) {
  if (first || text.substr(start).starts_with(kMarker)) return std::nullopt;
  Error error = whole_text_error(ErrorKind::kInvalid, "yaml_syntax", "this does not belong to the document above it", position);
  error.hint = "check the indentation, or write `---` in front of a further document";
  return error;
}

/// The part of the text that is this document, without its `---`, up to the next one's.
std::string_view slice(std::string_view text, std::size_t begin, std::size_t end) {
  std::string_view part = text.substr(begin, end - begin);
  if (begin == 0 || !part.starts_with(kMarker)) return part;
  part.remove_prefix(kMarker.size());
  const std::size_t content = part.find_first_not_of(" \t\r");
  if (content != std::string_view::npos && part[content] == '\n') part.remove_prefix(content + 1);
  return part;
}

class Reading {
 public:
  Reading(std::string_view text, const Limits& limits, Stream& stream)
      : text_(text), limits_(limits), stream_(stream), builder_(text, limits, stream.errors) {}

  void run() {
    ViewBuffer buffer(text_);
    std::istream input(&buffer);
    YAML::Parser parser(input);
    try {
      while (next(parser)) {
      }
    } catch (const StopReading& stopped) {
      stream_.errors.push_back(stopped.error);
    } catch (const YAML::Exception& failure) {
      Columns& columns = builder_.columns();
      stream_.errors.push_back(explain_syntax_error(failure.msg, text_, columns.offset(failure.mark),
                                                    columns.at(failure.mark), builder_.innermost_flow()));
    } catch (const std::exception&) {
      stream_.errors.push_back(whole_text_error(ErrorKind::kInvalid, "yaml_syntax", "this is not YAML"));
    }
    set_sources();
  }

 private:
  bool next(YAML::Parser& parser) {
    builder_.begin();
    if (!parser.HandleNextDocument(builder_) || !builder_.start()) return false;
    Document document = builder_.take();
    if (auto error = check_start(text_, *builder_.start(), document.position, starts_.empty())) {
      throw StopReading{std::move(*error)};
    }
    if (starts_.size() >= limits_.documents) {
      throw StopReading{whole_text_error(ErrorKind::kInvalid, "too_large",
                                         "more than " + std::to_string(limits_.documents) + " documents", document.position)};
    }
    starts_.push_back(*builder_.start());
    document.text = text_;
    stream_.documents.push_back(std::move(document));
    return true;
  }

  void set_sources() {
    for (std::size_t i = 0; i < stream_.documents.size(); ++i) {
      const std::size_t begin = i == 0 ? 0 : starts_[i];
      const std::size_t end = i + 1 < starts_.size() ? starts_[i + 1] : text_.size();
      stream_.documents[i].source = slice(text_, begin, end);
    }
  }

  std::string_view text_;
  const Limits& limits_;
  Stream& stream_;
  TreeBuilder builder_;
  std::vector<std::size_t> starts_;
};

}  // namespace

Stream read(std::string_view text, const Limits& limits) {
  Stream stream;
  if (text.size() > limits.bytes) {
    stream.errors.push_back(whole_text_error(ErrorKind::kTooLarge, "too_large",
                                             "the text is larger than " + std::to_string(limits.bytes) + " bytes"));
    return stream;
  }
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  if (auto error = check_text(text)) {
    stream.errors.push_back(std::move(*error));
    return stream;
  }
  Reading(text, limits, stream).run();
  return stream;
}

}  // namespace ipaas::language::yaml
