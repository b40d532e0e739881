// Every function: what it is given, what it does, when it fails, an example. Help, the manual, the schema and tests are
// made of these rows, and calls are checked by them.
#include "core/language/expression/function_table.h"

#include <algorithm>

#include "core/language/expression/folding.h"

namespace ipaas::language {
namespace {

using enum Accepts::Bits;

constexpr Parameter optional(std::string_view name, std::uint16_t accepts = kAny) { return {name, accepts, true}; }
constexpr Parameter repeated(std::string_view name, std::uint16_t accepts = kAny) {
  return {name, accepts, false, true};
}
constexpr Parameter lambda(std::string_view name, std::uint8_t takes, bool optional = false) {
  return {name, kLambda, optional, false, takes};
}

constexpr std::string_view kGithub = "GitHub Actions";
constexpr std::string_view kText = "text";
constexpr std::string_view kCollections = "arrays and objects";
constexpr std::string_view kLogic = "logic and numbers";
constexpr std::string_view kTimes = "time";
constexpr std::string_view kEncoding = "encoding";
constexpr std::string_view kSecrets = "secrets";
constexpr std::string_view kStatus = "status, in `if`";

constexpr std::array kFunctions = {
    Function{{kGithub, "contains", {{{"search"}, {"item"}}}, "boolean",
              "Whether a string has a part, or an array an item, letter case aside", "",
              "contains('Hello world', 'WORLD')", "true"}, call_contains},
    Function{{kGithub, "startsWith", {{{"search"}, {"part"}}}, "boolean",
              "Whether a string begins so, letter case aside", "", "startsWith('Hello world', 'hello')",
              "true"}, call_starts_with},
    Function{{kGithub, "endsWith", {{{"search"}, {"part"}}}, "boolean",
              "Whether a string ends so, letter case aside", "", "endsWith('Hello world', 'World')",
              "true"}, call_ends_with},
    Function{{kGithub, "format", {{{"template"}, {"values", kAny, true, true}}}, "string",
              "The template with {0}, {1} … replaced; {{ and }} are braces",
              "a placeholder without its value, a lone brace", "format('{0} of {1}', 2, 3)",
              R"("2 of 3")"}, call_format},
    Function{{kGithub, "join", {Parameter{"array"}, optional("separator")}, "string",
              "The items one after the other, between them the separator (a comma)", "",
              "join(split('a b', ' '), '-')", R"("a-b")"}, call_join},
    Function{{kGithub, "toJSON", {{{"value"}}}, "string",
              "The value as JSON, indented by two", "", "toJSON(range(1))", R"("[\n  0\n]")"}, call_to_json},
    Function{{kGithub, "fromJSON", {{{"text"}}}, "any",
              "The value that a JSON text stands for", "a text that is not JSON", R"(fromJSON('{"a": [1, 2]}').a[1])",
              "2"}, call_from_json},
    Function{{kGithub, "case", {Parameter{"predicate"}, Parameter{"value"}, repeated("default")}, "any",
              "The value after the first predicate that is true, else the default",
              "a predicate that is not a boolean", "case(1 > 2, 'a', 2 > 1, 'b', 'c')",
              R"("b")"}, nullptr, call_case, true},
    Function{{kText, "lower", {{{"text", kString}}}, "string",
              "In lower case", "", "lower('ÄB')", R"("äb")"}, call_lower},
    Function{{kText, "upper", {{{"text", kString}}}, "string",
              "In upper case, letter by letter: ß stays", "", "upper('äb')", R"("ÄB")"}, call_upper},
    Function{{kText, "trim", {{{"text", kString}}}, "string",
              "Without white space at both ends", "", "trim('  a b ')", R"("a b")"}, call_trim},
    Function{{kText, "replace", {{{"text", kString}, {"from", kString}, {"to", kString}}}, "string",
              "Every occurrence replaced; letter case counts", "an empty `from`", "replace('a.b.c', '.', '/')",
              R"("a/b/c")"}, call_replace},
    Function{{kText, "split", {{{"text", kString}, {"separator", kString}}}, "array",
              "The parts between the separators; an empty separator gives the characters", "", "split('a,b,,c', ',')",
              R"(["a","b","","c"])"}, call_split},
    Function{{kText, "substring", {Parameter{"text", kString}, Parameter{"start", kNumber}, optional("end", kNumber)}, "string",
              "From start to before end, counted in characters from 0; below 0 is 0", "",
              "substring('integration', 0, 3)", R"("int")"}, call_substring},
    Function{{kText, "padStart", {Parameter{"text", kString}, Parameter{"length", kNumber}, optional("fill", kString)}, "string",
              "Filled up on the left to a length in characters, with spaces if nothing is said", "an empty `fill`",
              "padStart(7, 3, '0')", R"("007")"}, call_pad_start},
    Function{{kText, "regexMatch", {{{"text", kString}, {"pattern", kPattern}}}, "boolean",
              "Whether the pattern (RE2) matches somewhere; (?i) ignores letter case", "a wrong pattern",
              R"(regexMatch('v1.20', '^v\d+'))", "true"}, call_regex_match},
    Function{{kText, "regexReplace", {{{"text", kString}, {"pattern", kPattern}, {"to", kString}}}, "string",
              "Every match replaced; $1 and ${name} are groups, $& the match, $$ a dollar", "a wrong pattern",
              R"(regexReplace('2026-01', '(\d+)-(\d+)', '$2/$1'))", R"("01/2026")"}, call_regex_replace},
    Function{{kText, "regexExtract", {Parameter{"text", kString}, Parameter{"pattern", kPattern}, optional("group", kString | kNumber)}, "string|null",
              "The first match: its group by number or name, else its first group, else all of it",
              "a wrong pattern, a group that it has not", R"(regexExtract('order #42', '#(\d+)'))",
              R"("42")"}, call_regex_extract},
    Function{{kCollections, "length", {{{"value", kString | kArray | kObject | kNull}}}, "number",
              "Characters of a string, items of an array, members of an object; 0 of null", "", "length('grün')",
              "4"}, call_length},
    Function{{kCollections, "map", {Parameter{"array", kArray}, lambda("each", 2)}, "array",
              "What the lambda makes of each (item, index)", "", "map(range(1, 4), x => mul(x, x))",
              "[1,4,9]"}, call_map},
    Function{{kCollections, "filter", {Parameter{"array", kArray}, lambda("keep", 2)}, "array",
              "The items for which the lambda (item, index) gives something true", "", "filter(range(5), x => x > 2)",
              "[3,4]"}, call_filter},
    Function{{kCollections, "reduce", {Parameter{"array", kArray}, lambda("step", 3), Parameter{"initial"}}, "any",
              "The last result of the lambda (result so far, item, index)", "",
              "reduce(range(1, 5), (total, x) => add(total, x), 0)", "10"}, call_reduce},
    Function{{kCollections, "sortBy", {Parameter{"array", kArray}, lambda("key", 2, true), optional("order", kString)}, "array",
              "Sorted by what the lambda gives, as `<` orders; 'desc' turns it round; equals stay in order, "
              "null comes last",
              "keys of two types, a key that is an array or object",
              "sortBy(split('pear fig apple', ' '), x => length(x))", R"(["fig","pear","apple"])"}, call_sort_by},
    Function{{kCollections, "groupBy", {Parameter{"array", kArray}, lambda("key", 2)}, "object",
              "The items in arrays, by the string that the lambda gives", "a key that is an array or object",
              "groupBy(split('ant bee ape', ' '), x => first(split(x, '')))",
              R"({"a":["ant","ape"],"b":["bee"]})"}, call_group_by},
    Function{{kCollections, "unique", {Parameter{"array", kArray}, lambda("key", 2, true)}, "array",
              "The first of those that are the `same`, or whose keys are", "",
              R"(unique(fromJSON('[1, 2, 1, "1"]')))", R"([1,2,"1"])"}, call_unique},
    Function{{kCollections, "flatten", {Parameter{"array", kArray}, optional("depth", kNumber)}, "array",
              "Arrays in it replaced by their items, one level deep if nothing is said", "",
              "flatten(fromJSON('[1, [2, [3]]]'))", "[1,2,[3]]"}, call_flatten},
    Function{{kCollections, "first", {{{"array", kArray}}}, "any",
              "The first item; null of an empty array", "", "first(split('a b', ' '))", R"("a")"}, call_first},
    Function{{kCollections, "last", {{{"array", kArray}}}, "any",
              "The last item; null of an empty array", "", "last(split('a b', ' '))", R"("b")"}, call_last},
    Function{{kCollections, "slice", {Parameter{"value", kString | kArray}, Parameter{"start", kNumber}, optional("end", kNumber)}, "string|array",
              "From start to before end, from 0; below 0 counts from the end", "", "slice(range(5), 1, -1)",
              "[1,2,3]"}, call_slice},
    Function{{kCollections, "range", {Parameter{"start", kNumber}, optional("end", kNumber), optional("step", kNumber)}, "array",
              "Numbers from start to before end; with one argument from 0 to before it",
              "a step of 0, NaN, an infinity", "range(2, 10, 3)", "[2,5,8]"}, call_range},
    Function{{kCollections, "pick", {Parameter{"object", kObject}, repeated("names", kString | kArray)}, "object",
              "Only these members", "", R"(pick(fromJSON('{"id": 1, "name": "a", "x": 0}'), 'id', 'name'))",
              R"({"id":1,"name":"a"})"}, call_pick},
    Function{{kCollections, "omit", {Parameter{"object", kObject}, repeated("names", kString | kArray)}, "object",
              "All but these members", "", R"(omit(fromJSON('{"id": 1, "x": 0}'), 'x'))", R"({"id":1})"}, call_omit},
    Function{{kCollections, "merge", {repeated("objects", kObject | kNull)}, "object",
              "The members of all; of one name the last value stays", "",
              R"(merge(fromJSON('{"a": 1, "b": 1}'), fromJSON('{"b": 2}')))", R"({"a":1,"b":2})"}, call_merge},
    Function{{kCollections, "keys", {{{"object", kObject}}}, "array",
              "The names of its members", "", R"(keys(fromJSON('{"a": 1, "b": 2}')))", R"(["a","b"])"}, call_keys},
    Function{{kCollections, "values", {{{"object", kObject}}}, "array",
              "The values of its members", "", R"(values(fromJSON('{"a": 1, "b": 2}')))", "[1,2]"}, call_values},
    Function{{kCollections, "entries", {{{"object", kObject}}}, "array",
              "Its members as objects with key and value", "", R"(entries(fromJSON('{"a": 1}')))",
              R"([{"key":"a","value":1}])"}, call_entries},
    Function{{kCollections, "fromEntries", {{{"array", kArray}}}, "object",
              "An object of {key, value} or [key, value]; of one key the last stays", "an item that is no entry",
              "fromEntries(map(split('a b', ' '), x => split(format('{0}={0}', x), '=')))",
              R"({"a":"a","b":"b"})"}, call_from_entries},
    Function{{kLogic, "coalesce", {repeated("values")}, "any",
              "The first that is not null", "", "coalesce(null, '', 'x')", R"("")"}, nullptr, call_coalesce},
    Function{{kLogic, "isEmpty", {{{"value"}}}, "boolean",
              "Whether it is null, an empty string, array or object", "", "isEmpty(trim('  '))",
              "true"}, call_is_empty},
    Function{{kLogic, "typeOf", {{{"value"}}}, "string",
              "null, boolean, number, string, array or object", "", "typeOf(1.5)", R"("number")"}, call_type_of},
    Function{{kLogic, "same", {{{"a"}, {"b"}}}, "boolean",
              "Strictly equal: of one type, letter case counts; arrays and objects by what they hold", "",
              "same('A', 'a')", "false"}, call_same},
    Function{{kLogic, "add", {Parameter{"a", kNumber}, repeated("more", kNumber)}, "number",
              "The sum", "", "add(1, 2, 3)", "6"}, call_add},
    Function{{kLogic, "sub", {{{"a", kNumber}, {"b", kNumber}}}, "number",
              "a less b", "", "sub(5, 2)", "3"}, call_sub},
    Function{{kLogic, "mul", {Parameter{"a", kNumber}, repeated("more", kNumber)}, "number",
              "The product", "", "mul(2, 3, 4)", "24"}, call_mul},
    Function{{kLogic, "div", {{{"a", kNumber}, {"b", kNumber}}}, "number",
              "a through b; through 0 it is an infinity or NaN", "", "div(7, 2)", "3.5"}, call_div},
    Function{{kLogic, "mod", {{{"a", kNumber}, {"b", kNumber}}}, "number",
              "What is left of a when divided by b, with the sign of a", "", "mod(7, 3)", "1"}, call_mod},
    Function{{kLogic, "round", {Parameter{"number", kNumber}, optional("digits", kNumber)}, "number",
              "To the nearest with so many digits after the point (0); halves go up", "", "round(1.005, 2)",
              "1.01"}, call_round},
    Function{{kLogic, "floor", {{{"number", kNumber}}}, "number",
              "The greatest whole number that is not greater", "", "floor(-1.5)", "-2"}, call_floor},
    Function{{kLogic, "ceil", {{{"number", kNumber}}}, "number",
              "The smallest whole number that is not smaller", "", "ceil(1.2)", "2"}, call_ceil},
    Function{{kLogic, "min", {repeated("numbers", kNumber | kString | kArray)}, "number|null",
              "The smallest of the arguments and of the items of arrays; null if there is none",
              "something that is no number", "min(3, 1, 2)", "1"}, call_min},
    Function{{kLogic, "max", {repeated("numbers", kNumber | kString | kArray)}, "number|null",
              "The greatest of the arguments and of the items of arrays; null if there is none",
              "something that is no number", "max(range(4))", "3"}, call_max},
    Function{{kLogic, "sum", {{{"array", kArray}}}, "number",
              "The sum of the items; 0 if there is none", "an item that is no number", "sum(range(4))",
              "6"}, call_sum},
    Function{{kLogic, "abs", {{{"number", kNumber}}}, "number",
              "Without its sign", "", "abs(-2)", "2"}, call_abs},
    Function{{kTimes, "now", {}, "string",
              "The time of this step in RFC 3339, UTC; the same in all of its expressions", "", "now()",
              R"("2026-01-31T09:30:00.000Z")"}, call_now},
    Function{{kTimes, "parseDate", {Parameter{"value", kTime}, optional("format", kString), optional("zone", kString)}, "string",
              "RFC 3339 in UTC, from a time, a date, or a text in a format of strftime; the zone (UTC) is that "
              "of a text without an offset",
              "a text that is no time, an unknown zone",
              "parseDate('31.01.2026 10:30', '%d.%m.%Y %H:%M', 'Europe/Berlin')",
              R"("2026-01-31T09:30:00.000Z")"}, call_parse_date},
    Function{{kTimes, "formatDate", {Parameter{"time", kTime}, Parameter{"format", kString}, optional("zone", kString)}, "string",
              "The time in a format of strftime, on the clocks of a zone (UTC)",
              "a text that is no time, an unknown field or zone",
              "formatDate('2026-01-31T09:30:00Z', '%A %H:%M', 'Europe/Berlin')",
              R"("Saturday 10:30")"}, call_format_date},
    Function{{kTimes, "dateAdd", {Parameter{"time", kTime}, Parameter{"span", kString}, optional("zone", kString)}, "string",
              "The time later by a span of y mo w d h m s ms, or earlier by one with a minus; days and months "
              "are those of a zone (UTC)",
              "a text that is no time or span", "dateAdd('2026-01-31T09:30:00Z', '1mo')",
              R"("2026-02-28T09:30:00.000Z")"}, call_date_add},
    Function{{kTimes, "dateDiff", {Parameter{"from", kTime}, Parameter{"to", kTime}, optional("unit", kString), optional("zone", kString)}, "number",
              "How much later `to` is than `from`, in ms s m h d w (seconds), with its fraction",
              "a text that is no time, an unknown unit", "dateDiff('2026-01-31', '2026-02-01T12:00:00Z', 'd')",
              "1.5"}, call_date_diff},
    Function{{kEncoding, "base64Encode", {{{"text", kString}}}, "string",
              "The UTF-8 bytes in base64", "", "base64Encode('hi?')", R"("aGk/")"}, call_base64_encode},
    Function{{kEncoding, "base64Decode", {{{"text", kString}}}, "string",
              "The text behind base64, of either alphabet, padded or not",
              "what is not base64, bytes that are not UTF-8", "base64Decode('aGk_')",
              R"("hi?")"}, call_base64_decode},
    Function{{kEncoding, "urlEncode", {{{"text", kString}}}, "string",
              "Percent-encoded, as a part of an address", "", "urlEncode('a b&c')",
              R"("a%20b%26c")"}, call_url_encode},
    Function{{kEncoding, "urlDecode", {{{"text", kString}}}, "string",
              "The text behind percent-encoding; + stays", "a broken %, bytes that are not UTF-8",
              "urlDecode('a%20b')", R"("a b")"}, call_url_decode},
    Function{{kEncoding, "hexEncode", {{{"text", kString}}}, "string",
              "The UTF-8 bytes in hexadecimal", "", "hexEncode('hi')", R"("6869")"}, call_hex_encode},
    Function{{kEncoding, "sha256", {Parameter{"text", kString}, optional("encoding", kString)}, "string",
              "The digest, 'hex' (if nothing is said) or 'base64'", "another encoding",
              "substring(sha256('hi'), 0, 8)", R"("8f434346")"}, call_sha256},
    Function{{kEncoding, "hmacSha256", {Parameter{"key", kString}, Parameter{"text", kString}, optional("encoding", kString)}, "string",
              "The keyed digest, 'hex' (if nothing is said) or 'base64'", "another encoding",
              "substring(hmacSha256('key', 'hi'), 0, 8)", R"("1c9dc82e")"}, call_hmac_sha256},
    Function{{kEncoding, "uuid", {}, "string",
              "A UUID, another one with every call; a replay of the step gets the same", "", "length(uuid())",
              "36"}, call_uuid},
    Function{{kSecrets, "mask", {{{"value"}}}, "any",
              "The value itself; from now on its strings, and numbers of 4 digits or more, are shown as "
              "***REDACTED***",
              "a string of fewer than 4 characters", "mask('hunter2-hunter2')", R"("hunter2-hunter2")"}, call_mask},
    Function{{kStatus, "success", {}, "boolean",
              "No step has failed", "", "success()", "true"}},
    Function{{kStatus, "failure", {}, "boolean",
              "A step has failed", "", "failure()", "false"}},
    Function{{kStatus, "always", {}, "boolean",
              "True: run also after a failure", "", "always()", "true"}},
    Function{{kStatus, "cancelled", {}, "boolean",
              "The execution is being cancelled", "", "cancelled()", "false"}},
};

constexpr auto kDocs = [] {
  std::array<FunctionDoc, kFunctions.size()> docs{};
  for (std::size_t i = 0; i < docs.size(); ++i) docs[i] = kFunctions[i].doc;
  return docs;
}();

const Function* find_row(std::string_view name, bool status) {
  const auto found = std::find_if(kFunctions.begin(), kFunctions.end(), [&](const Function& function) {
    return (function.doc.group == kStatus) == status && equal_folded(function.doc.name, name);
  });
  return found == kFunctions.end() ? nullptr : &*found;
}

}  // namespace

std::span<const FunctionDoc> function_docs() { return kDocs; }

const Function* find_function(std::string_view name) { return find_row(name, false); }

std::string_view find_status_function(std::string_view name) {
  const Function* function = find_row(name, true);
  return function == nullptr ? std::string_view() : function->doc.name;
}

}  // namespace ipaas::language
