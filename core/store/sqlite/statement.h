// A prepared statement for the hot path. SQLiteCpp's own copies what it binds, numbers parameters by hand and shares
// ownership for every column read; at 20,000 webhooks a second that is felt.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "core/base/clock.h"
#include "core/base/ids.h"

namespace ipaas::store::sqlite {

/// A sealed column, or nothing where there is nothing to keep.
struct Sealed {
  std::optional<std::string> bytes = {};
};

class Statement;

/// The rows of a running statement, which is reset when this dies. One at a time for each statement.
class Rows {
 public:
  explicit Rows(sqlite3_stmt* statement) : statement_(statement) {}
  Rows(const Rows&) = delete;
  Rows& operator=(const Rows&) = delete;
  ~Rows() { sqlite3_reset(statement_); }

  /// Moves to the next row. Throws SQLite::Exception.
  bool next();

  // Columns of the present row count from 0. Views live until the next row.
  [[nodiscard]] bool is_null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
  [[nodiscard]] std::int64_t integer(int column) const { return sqlite3_column_int64(statement_, column); }
  [[nodiscard]] int small(int column) const { return sqlite3_column_int(statement_, column); }
  [[nodiscard]] bool flag(int column) const { return small(column) != 0; }
  [[nodiscard]] std::string_view view(int column) const;
  [[nodiscard]] std::string text(int column) const { return std::string(view(column)); }
  [[nodiscard]] Instant instant(int column) const { return from_millis(integer(column)); }
  [[nodiscard]] std::optional<Instant> maybe_instant(int column) const {
    return is_null(column) ? std::nullopt : std::optional(instant(column));
  }
  template <typename Id>
  [[nodiscard]] Id id(int column) const {
    return Id(text(column));
  }
  template <typename Enum>
  [[nodiscard]] Enum enumeration(int column) const {
    return static_cast<Enum>(small(column));
  }

 private:
  sqlite3_stmt* statement_;
};

class Statement {
 public:
  /// Throws SQLite::Exception. `sql` is one statement.
  Statement(sqlite3* database, const char* sql);
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement() { sqlite3_finalize(statement_); }

  /// Binds the values in order, without copying them, and runs to the end. Throws SQLite::Exception.
  template <typename... Values>
  void execute(const Values&... values) {
    bind_all(SQLITE_STATIC, values...);
    run_to_end();
  }

  /// Binds copies of the values in order. The rows come as they are asked for.
  template <typename... Values>
  [[nodiscard]] Rows query(const Values&... values) {
    bind_all(copied(), values...);
    return Rows(statement_);
  }

 private:
  static sqlite3_destructor_type copied() { return reinterpret_cast<sqlite3_destructor_type>(std::intptr_t{-1}); }

  template <typename... Values>
  void bind_all([[maybe_unused]] sqlite3_destructor_type lifetime, const Values&... values) {
    int index = 0;
    (check(bind(++index, values, lifetime)), ...);
  }

  int bind(int index, std::string_view value, sqlite3_destructor_type lifetime) {
    // A null pointer would bind NULL.
    return sqlite3_bind_text64(statement_, index, value.data() == nullptr ? "" : value.data(), value.size(), lifetime,
                               SQLITE_UTF8);
  }
  int bind(int index, const Sealed& value, sqlite3_destructor_type lifetime) {
    if (!value.bytes) return sqlite3_bind_null(statement_, index);
    return sqlite3_bind_blob64(statement_, index, value.bytes->data(), value.bytes->size(), lifetime);
  }
  int bind(int index, Instant value, sqlite3_destructor_type) {
    return sqlite3_bind_int64(statement_, index, to_millis(value));
  }
  template <typename Tag>
  int bind(int index, const StrongId<Tag>& id, sqlite3_destructor_type lifetime) {
    return bind(index, std::string_view(id.str()), lifetime);
  }
  template <typename Value>
  int bind(int index, const std::optional<Value>& value, sqlite3_destructor_type lifetime) {
    return value ? bind(index, *value, lifetime) : sqlite3_bind_null(statement_, index);
  }
  template <typename Number>
  requires std::is_integral_v<Number> || std::is_enum_v<Number>
  int bind(int index, Number value, sqlite3_destructor_type) {
    return sqlite3_bind_int64(statement_, index, static_cast<std::int64_t>(value));
  }

  void check(int code) const;
  void run_to_end();

  sqlite3_stmt* statement_ = nullptr;
};

}  // namespace ipaas::store::sqlite
