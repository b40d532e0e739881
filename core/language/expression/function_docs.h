// What there is to know about every function of the expression language, for whoever shows it: help, the manual, the
// schema, the tests. The same rows say what a call may be given.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace ipaas::language {

/// What an argument may be: bits to be combined.
struct Accepts {
  enum Bits : std::uint16_t {
    kString = 1,
    kNumber = 2,
    kBoolean = 4,
    kArray = 8,
    kObject = 16,
    kNull = 32,
    kAny = 63,
    kLambda = 64,    ///< a lambda, written out
    kPattern = 128,  ///< a string that is a regular expression
    kTime = 256,     ///< a string in RFC 3339, or a number of Unix seconds
  };
};

/// A parameter. Where only a string is accepted, null, booleans and numbers are converted; where only a number is, a
/// string that spells one is.
struct Parameter {
  std::string_view name;
  std::uint16_t accepts = Accepts::kAny;
  bool optional = false;  ///< may be left out, or be null; so may all that follow
  bool repeated = false;  ///< the last one may be given any number of times, once at least
  std::uint8_t lambda_takes = 0;  ///< the most parameters that a lambda here may have
};

struct FunctionDoc {
  std::string_view group;    ///< `text`, `arrays and objects` …
  std::string_view name;     ///< as it is documented; calls may use any letter case
  std::array<Parameter, 4> parameters = {};  ///< those that have a name
  std::string_view returns;
  std::string_view summary;  ///< one sentence, without its full stop
  std::string_view errors;   ///< when it fails, beside arguments of wrong types; empty if it cannot
  std::string_view example;  ///< an expression
  std::string_view result;   ///< what the example gives, as JSON
};

/// Every function there is, in the order in which they are documented, one group after the other.
[[nodiscard]] std::span<const FunctionDoc> function_docs();

[[nodiscard]] std::span<const Parameter> parameters_of(const FunctionDoc& function);

/// `slice(value: string|array, start: number, end?: number) -> string|array`
[[nodiscard]] std::string signature_of(const FunctionDoc& function);

/// `string|array`
[[nodiscard]] std::string types_text(std::uint16_t accepts);

}  // namespace ipaas::language
