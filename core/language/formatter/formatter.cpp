#include "core/language/formatter/formatter.h"

#include <algorithm>

#include "core/language/formatter/order.h"
#include "core/language/formatter/same_meaning.h"
#include "core/language/formatter/scalar_text.h"
#include "core/language/formatter/writer.h"
#include "core/language/yaml/reader.h"

namespace ipaas::language {
namespace {

using namespace formatter;

using Documents = std::vector<yaml::LaidOutDocument>;

tl::unexpected<std::vector<Error>> refuse(Error error) {
  return tl::unexpected(std::vector<Error>{std::move(error)});
}

Error internal(std::string message) {
  return Error{ErrorKind::kInternal, std::move(message), "the file is left as it is; please report this", "internal"};
}

SourcePosition position_of(std::string_view text, std::size_t at) {
  const std::string_view before = text.substr(0, at);
  const std::size_t line = before.rfind('\n') + 1;  // npos + 1 is 0
  return {static_cast<int>(std::ranges::count(before, '\n')) + 1, static_cast<int>(width_of(before.substr(line))) + 1};
}

/// Lines end in a line feed, and there is no byte order mark.
Result<std::string> with_line_feeds(std::string_view text) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\r') {
      out += text[i];
    } else if (i + 1 == text.size() || text[i + 1] != '\n') {
      Error error{ErrorKind::kInvalid, "there is a carriage return without a line feed",
                  "end lines with a line feed, and write \"\\r\" where a value has one", "carriage_return"};
      error.position = position_of(text, i);
      return tl::unexpected(error);
    }
  }
  return out;
}

/// One text, with what is known of it.
class Formatting {
 public:
  Formatting(std::string_view text, const Documents& documents) : text_(text), lines_(text), documents_(documents) {}

  Result<std::string> run() {
    const yaml::Piece nothing;
    if (documents_.empty()) {
      if (auto done = write(nothing, {0, text_.size()}); !done) return tl::unexpected(done.error());
    }
    for (std::size_t i = 0; i < documents_.size(); ++i) {
      const std::size_t begin = i == 0 ? 0 : documents_[i].begin;
      const std::size_t end = i + 1 < documents_.size() ? documents_[i + 1].begin : text_.size();
      if (auto done = write(documents_[i].root, {begin, end}); !done) return tl::unexpected(done.error());
    }
    return writer_.take();
  }

  /// In the order of their letters, since keys change their places.
  [[nodiscard]] std::vector<std::string> comments() const {
    std::vector<std::string> sorted = comments_;
    std::ranges::sort(sorted);
    return sorted;
  }

 private:
  Result<void> write(const yaml::Piece& root, Region region) {
    auto document = take_apart(text_, root);
    if (!document) return tl::unexpected(document.error());
    const auto comments = list_comments(text_, region, *document);
    comments_.insert(comments_.end(), comments.begin(), comments.end());
    std::vector<std::string> next_directives;
    Surroundings around = attach_comments(text_, lines_, region, *document, next_directives);
    around.directives.insert(around.directives.begin(), directives_.begin(), directives_.end());
    directives_ = std::move(next_directives);
    arrange(document->root);
    if (!documents_.empty()) {
      writer_.write(document->root, around);
    } else {
      writer_.write_comments(around.before_marker, 0);
      writer_.write_comments(around.header, 0);
    }
    return {};
  }

  std::string_view text_;
  Lines lines_;
  const Documents& documents_;
  Writer writer_;
  std::vector<std::string> comments_;
  std::vector<std::string> directives_;  ///< of the next document
};

/// A text with its documents and what a formatter makes of it.
struct Round {
  Documents documents;
  std::vector<std::string> comments;
  std::string result;
};

Result<Round> format_once(std::string_view text) {
  auto documents = yaml::read_layout(text);
  if (!documents) return tl::unexpected(documents.error());
  Formatting formatting(text, *documents);
  auto result = formatting.run();
  if (!result) return tl::unexpected(result.error());
  return Round{std::move(*documents), formatting.comments(), std::move(*result)};
}

Result<void> check_same(const Round& first, const Round& again) {
  if (!same_meaning(first.documents, again.documents)) {
    return tl::unexpected(internal("the formatted text would not mean the same"));
  }
  if (first.comments != again.comments) return tl::unexpected(internal("the formatted text would miss a comment"));
  return {};
}

Result<void> check_readable(std::string_view text) {
  if (text.size() > yaml::Limits().bytes) {
    Error error{ErrorKind::kTooLarge,
                "formatted, the text would be larger than 1 MiB",
                "split it into several files",
                "too_large",
                {},
                {1, 1}};
    return tl::unexpected(error);
  }
  if (!yaml::read(text).errors.empty()) return tl::unexpected(internal("the formatted text would not be valid"));
  return {};
}

/// Formats what has been formatted until that changes nothing, which as a rule is at once.
Result<std::string> format_until_stable(std::string_view text) {
  constexpr int kMostRounds = 5;
  const Result<Round> first = format_once(text);
  if (!first) return tl::unexpected(first.error());
  std::string result = first->result;
  for (int i = 0; i < kMostRounds; ++i) {
    if (auto readable = check_readable(result); !readable) return tl::unexpected(readable.error());
    Result<Round> again = format_once(result);
    if (!again) return tl::unexpected(again.error());
    if (auto same = check_same(*first, *again); !same) return tl::unexpected(same.error());
    if (again->result == result) return result;
    result = std::move(again->result);
  }
  return tl::unexpected(internal("the formatted text would change each time"));
}

}  // namespace

ResultOrErrors<std::string> format_yaml(std::string_view text) {
  if (yaml::Stream stream = yaml::read(text); !stream.errors.empty()) return tl::unexpected(std::move(stream.errors));
  const Result<std::string> source = with_line_feeds(text);
  if (!source) return refuse(source.error());
  Result<std::string> result = format_until_stable(*source);
  if (!result) return refuse(result.error());
  return std::move(*result);
}

}  // namespace ipaas::language
