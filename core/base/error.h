// What can go wrong, said so that a person can act on it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

namespace ipaas {

/// The kind of an expected failure. The API and the exit code of the CLI follow from it.
enum class ErrorKind {
  kInvalid,       ///< the request, a workflow or an input is wrong: exit 3, HTTP 400
  kUnauthenticated,
  kForbidden,
  kNotFound,
  kConflict,
  kTooLarge,
  kBacklogFull,   ///< try again later: HTTP 503 with Retry-After
  kDraining,
  kUnavailable,   ///< the disk or another resource failed; the outcome may be unknown: HTTP 503
  kInternal,      ///< a defect of ours
};

/// A place in a source text. Lines and columns count from 1; 0 means unknown.
struct SourcePosition {
  int line = 0;
  int column = 0;
  friend bool operator==(const SourcePosition&, const SourcePosition&) = default;
};

/// An expected failure. `message` says what happened, `hint` what to do; neither ends in a full stop and
/// neither holds a secret.
struct Error {
  ErrorKind kind = ErrorKind::kInternal;
  std::string message;
  std::string hint = {};
  /// Where the kind is too coarse for a caller: a stable identifier such as `unknown_key` or `credential_missing`.
  std::string code = {};
  std::string file = {};
  SourcePosition position = {};
};

template <typename T>
using Result = tl::expected<T, Error>;

/// Several failures at once: everything that is wrong with a file, not only the first thing.
template <typename T>
using ResultOrErrors = tl::expected<T, std::vector<Error>>;

[[nodiscard]] inline tl::unexpected<Error> fail(ErrorKind kind, std::string message, std::string hint = {},
                                                std::string code = {}) {
  return tl::unexpected<Error>(Error{kind, std::move(message), std::move(hint), std::move(code)});
}

/// The stable name that API answers and `-o json` errors carry: `invalid_request`, `not_found` …
[[nodiscard]] std::string_view api_code(ErrorKind kind);

/// `file:line:col: message: hint [code]`, leaving out what is empty.
[[nodiscard]] std::string to_string(const Error& error);

}  // namespace ipaas
