// The table of functions is what people read, so it has to be true.
#include <set>

#include "core/language/expression/function_docs.h"
#include "tests/unit/language/expression_case.h"

using namespace ipaas;
using namespace ipaas::language;
using namespace ipaas::language::test;

namespace {
using enum Accepts::Bits;
}

TEST_CASE("every example of the table gives the result beside it") {
  for (const FunctionDoc& function : function_docs()) check_rows({{function.example.data(), function.result.data()}});
}

TEST_CASE("every function is documented once, in one group, by an example that calls it") {
  std::set<std::string_view> names;
  std::set<std::string_view> ended;
  std::string_view group;
  for (const FunctionDoc& function : function_docs()) {
    CAPTURE(std::string(function.name));
    CHECK(names.insert(function.name).second);
    if (function.group != group) CHECK(ended.insert(group).second);
    group = function.group;
    CHECK_FALSE(ended.contains(group));
    CHECK_FALSE(function.summary.empty());
    CHECK(function.summary.back() != '.');
    CHECK_FALSE(function.returns.empty());
    CHECK(function.example.find(std::string(function.name) + "(") != std::string_view::npos);
  }
}

TEST_CASE("all functions of the language are there") {
  std::set<std::string_view> names;
  for (const FunctionDoc& function : function_docs()) names.insert(function.name);
  for (const char* name :
       {"contains", "startsWith", "endsWith", "format", "join", "toJSON", "fromJSON", "case", "mask", "lower", "upper",
        "trim", "replace", "split", "substring", "padStart", "regexMatch", "regexReplace", "regexExtract", "length", "map",
        "filter", "reduce", "sortBy", "groupBy", "unique", "flatten", "first", "last", "slice", "range", "pick", "omit",
        "merge", "keys", "values", "entries", "fromEntries", "coalesce", "isEmpty", "typeOf", "add", "sub", "mul", "div",
        "mod", "round", "floor", "ceil", "min", "max", "sum", "abs", "same", "now", "parseDate", "formatDate", "dateAdd",
        "dateDiff", "base64Encode", "base64Decode", "urlEncode", "urlDecode", "hexEncode", "sha256", "hmacSha256", "uuid",
        "success", "failure", "always", "cancelled"}) {
    CAPTURE(name);
    CHECK(names.erase(name) == 1);
  }
  CHECK(names.empty());
}

TEST_CASE("a signature says types, what may be left out and what may be repeated") {
  const auto signature = [](std::string_view name) {
    for (const FunctionDoc& function : function_docs()) {
      if (function.name == name) return signature_of(function);
    }
    return std::string();
  };
  CHECK(signature("slice") == "slice(value: string|array, start: number, end?: number) -> string|array");
  CHECK(signature("map") == "map(array: array, each: lambda) -> array");
  CHECK(signature("now") == "now() -> string");
  CHECK(signature("coalesce") == "coalesce(...values: any) -> any");
}

TEST_CASE("an argument of a wrong type is an error that names function, argument and type") {
  // Everything that a parameter may not be, tried at every parameter.
  struct Wrong { std::uint16_t bit; const char* source; const char* type; };
  const Wrong values[] = {{kString, "'x y z'", "string"}, {kNumber, "7", "number"},  {kBoolean, "true", "boolean"},
                          {kArray, "range(2)", "array"},  {kNull, "null", "null"},   {kObject, "fromJSON('{}')", "object"}};
  int tried = 0;
  for (const FunctionDoc& function : function_docs()) {
    const auto parameters = parameters_of(function);
    for (std::size_t at = 0; at < parameters.size(); ++at) {
      for (const Wrong& wrong : values) {
        const std::uint16_t accepts = parameters[at].accepts;
        const bool text = accepts == kString || accepts == kPattern;
        const bool converted = (text && (wrong.bit & (kArray | kObject)) == 0) ||
                               (accepts == kTime && (wrong.bit & (kString | kNumber)) != 0);
        if ((accepts & (wrong.bit | kLambda)) != 0 || converted || (parameters[at].optional && wrong.bit == kNull)) continue;
        std::string source = std::string(function.name) + "(";
        for (std::size_t i = 0; i < parameters.size() && (i <= at || !parameters[i].optional); ++i) {
          const std::uint16_t takes = parameters[i].accepts;
          const char* right = takes == kLambda              ? "x => x"
                              : (takes & kNumber) != 0      ? "1"
                              : (takes & kArray) != 0       ? "range(1)"
                              : (takes & kObject) != 0      ? "fromJSON('{}')"
                              : takes == kTime              ? "0"
                                                            : "'a'";
          source += (i > 0 ? ", " : "") + std::string(i == at ? wrong.source : right);
        }
        const Error error = error_of(source + ")");
        CAPTURE(source, error.message);
        CHECK(error.code == "expression_failed");
        CHECK(error.message.find("`" + std::string(function.name) + "` takes ") == 0);
        CHECK(error.message.find("argument " + std::to_string(at + 1)) != std::string::npos);
        CHECK(error.message.find(std::string(" ") + wrong.type) != std::string::npos);
        CHECK(error.position == SourcePosition{1, 1});
        ++tried;
      }
    }
  }
  CHECK(tried > 200);
}

TEST_CASE("too few and too many arguments are refused before anything runs") {
  for (const FunctionDoc& function : function_docs()) {
    const auto parameters = parameters_of(function);
    const bool repeated = !parameters.empty() && parameters.back().repeated;
    std::string many = std::string(function.name) + "(";
    for (std::size_t i = 0; i <= parameters.size(); ++i) many += i == 0 ? "1" : ", 1";
    CAPTURE(many);
    if (!repeated) CHECK(error_of(many + ")").code == "wrong_arguments");
    if (!parameters.empty() && !parameters.front().optional) {
      CHECK(error_of(std::string(function.name) + "()").code == "wrong_arguments");
    }
  }
}
