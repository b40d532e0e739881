// How this adapter fails inside, and what leaves it.
#pragma once

#include <SQLiteCpp/Exception.h>

#include <exception>
#include <filesystem>

#include "core/base/error.h"

namespace ipaas::store::sqlite {

/// An expected failure found too deep for a return value. Never leaves the adapter.
class Refusal : public std::exception {
 public:
  explicit Refusal(Error error) : error_(std::move(error)) {}
  [[nodiscard]] const Error& error() const { return error_; }
  [[nodiscard]] const char* what() const noexcept override { return error_.message.c_str(); }

 private:
  Error error_;
};

/// The value, or the error as a Refusal.
template <typename T>
T value_or_throw(Result<T> result) {
  if (!result) throw Refusal(std::move(result.error()));
  return std::move(*result);
}

/// What SQLite said, in words that name the file and what to do. Of kind kUnavailable, but kInvalid with code
/// `store_damaged` for a file that is not a whole database.
[[nodiscard]] Error explain(const SQLite::Exception& exception, const std::filesystem::path& file);

/// It lies in what was to be written and not in the disk: whatever else is written meanwhile may go well.
[[nodiscard]] bool concerns_one_write(const SQLite::Exception& exception);

/// Such a failure as a refusal: kConflict, or kTooLarge for a value that is longer than the database takes.
[[nodiscard]] Error explain_write(const SQLite::Exception& exception);

/// After these the connection cannot be trusted: what was being committed may be there or not.
[[nodiscard]] bool loses_trust(const SQLite::Exception& exception);

/// Runs `body` and turns what it throws into an Error.
template <typename Body>
auto guarded(const std::filesystem::path& file, Body&& body) -> Result<decltype(body())> {
  try {
    return body();
  } catch (const Refusal& refusal) {
    return tl::unexpected<Error>(refusal.error());
  } catch (const SQLite::Exception& exception) {
    return tl::unexpected<Error>(explain(exception, file));
  }
}

}  // namespace ipaas::store::sqlite
