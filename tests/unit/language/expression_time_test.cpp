// now, uuid, mask, and dates on the calendars of zones.
#include <set>

#include "tests/unit/language/expression_case.h"

using namespace ipaas;
using namespace ipaas::language;
using namespace ipaas::language::test;

namespace {

std::string failure(std::string_view source) { return error_of(source).code; }

}  // namespace

TEST_CASE("parseDate reads RFC 3339, its shorter forms, Unix seconds and any format") {
  check_rows({{"parseDate('2026-03-29T02:30:00+02:00')", R"("2026-03-29T00:30:00.000Z")"},
              {"parseDate('2026-07-01', null, 'Europe/Berlin')", R"("2026-06-30T22:00:00.000Z")"},
              {"parseDate('2026-07-01 12:00', null, 'Asia/Kolkata')", R"("2026-07-01T06:30:00.000Z")"},
              {"parseDate('2026-07-01T12:00:00.5')", R"("2026-07-01T12:00:00.500Z")"},
              {"parseDate(0)", R"("1970-01-01T00:00:00.000Z")"}, {"parseDate(1769851800.25)", R"("2026-01-31T09:30:00.250Z")"},
              {"parseDate('1769851800', '%s')", R"("2026-01-31T09:30:00.000Z")"},
              {"parseDate('Sat, 31 Jan 2026 09:30:00 +0100', '%a, %d %b %Y %H:%M:%S %z')", R"("2026-01-31T08:30:00.000Z")"},
              {"parseDate('9.1.26 7:05 pm', '%d.%m.%y %I:%M %p')", R"("2026-01-09T19:05:00.000Z")"},
              {"parseDate('12 AM', '%I %p')", R"("1970-01-01T00:00:00.000Z")"},
              {"parseDate('100% 2026', '100%% %Y')", R"("2026-01-01T00:00:00.000Z")"},
              // A time that does not exist is the next that does; one that exists twice is the first.
              {"parseDate('2026-03-29 02:30', '%F %R', 'Europe/Berlin')", R"("2026-03-29T01:00:00.000Z")"},
              {"parseDate('2026-10-25 02:30', '%F %R', 'Europe/Berlin')", R"("2026-10-25T00:30:00.000Z")"}});
  for (const char* wrong : {"parseDate('tomorrow')", "parseDate('')", "parseDate('2026-02-30')", "parseDate('2026-13-01')",
                            "parseDate('2026-01-01', 'yyyy-MM-dd')", "parseDate('x', '%Q')", "parseDate('2026', '%Y-%m')",
                            "parseDate('2026-01 ', '%Y-%m')", "parseDate('25', '%H')", "parseDate(null)", "parseDate(NaN)",
                            "parseDate(1e15)", "parseDate('2026-01-01', '%F', 'Berlin')", "parseDate('2026-01-01', '%')",
                            "parseDate('2026-01-01', '')"}) {
    CAPTURE(wrong);
    CHECK(failure(wrong) == "expression_failed");
  }
}

TEST_CASE("formatDate writes every field, on the clocks of a zone") {
  check_rows({{"formatDate('2026-01-05T00:04:05.678Z', '%Y-%m-%d %H:%M:%S.%L')", R"("2026-01-05 00:04:05.678")"},
              {"formatDate('2026-01-05T00:04:05Z', '%y|%e|%j|%I|%p|%R|%T|%F')", R"("26| 5|005|12|AM|00:04|00:04:05|2026-01-05")"},
              {"formatDate('2026-01-05T13:00:00Z', '%A %a %B %b %u %w %I%p %%')", R"("Monday Mon January Jan 1 1 01PM %")"},
              {"formatDate('2027-01-01T00:00:00Z', '%G-W%V')", R"("2026-W53")"}, {"formatDate('2026-12-31T00:00:00Z', '%G-W%V')", R"("2026-W53")"},
              {"formatDate('2024-12-30T00:00:00Z', '%G-W%V')", R"("2025-W01")"}, {"formatDate(1.5, '%s %L')", R"("1 500")"},
              {"formatDate(-0.5, '%s')", R"("-1")"},
              {"formatDate('2026-07-01T12:00:00Z', '%H:%M %z %:z %Z', 'Europe/Berlin')", R"("14:00 +0200 +02:00 CEST")"},
              {"formatDate('2026-07-01T12:00:00Z', '%H:%M%:z', 'America/St_Johns')", R"("09:30-02:30")"},
              {"formatDate('0001-01-01T00:00:00Z', '%F')", R"("0001-01-01")"}, {"formatDate('2026-07-01', '%T')", R"("00:00:00")"}});
  for (const char* wrong : {"formatDate(now(), 'yyyy')", "formatDate(now(), '%')", "formatDate(now(), '%Q')", "formatDate(now(), '%F', 'Mars')",
                            "formatDate('x', '%F')", "formatDate(range(1), '%F')"}) {
    CAPTURE(wrong);
    CHECK(failure(wrong) == "expression_failed");
  }
}

TEST_CASE("dateAdd counts on the calendar: a day is a day also when it has 23 hours") {
  check_rows({{"dateAdd(now(), '-1d')", R"("2026-01-30T09:30:00.000Z")"}, {"dateAdd('2026-01-31T00:00:00Z', '1h30m')", R"("2026-01-31T01:30:00.000Z")"},
              {"dateAdd('2026-01-31T00:00:00Z', '+2w')", R"("2026-02-14T00:00:00.000Z")"}, {"dateAdd('2024-02-29T00:00:00Z', '1y')", R"("2025-02-28T00:00:00.000Z")"},
              {"dateAdd('2026-03-31T00:00:00Z', '-1mo')", R"("2026-02-28T00:00:00.000Z")"}, {"dateAdd('2026-01-31T00:00:00Z', '1mo1d')", R"("2026-03-01T00:00:00.000Z")"},
              {"dateAdd('2026-01-15T00:00:00Z', '-1y1mo')", R"("2024-12-15T00:00:00.000Z")"},
              {"dateAdd('2026-03-28T12:00:00+01:00', '1d', 'Europe/Berlin')", R"("2026-03-29T10:00:00.000Z")"},
              {"dateAdd('2026-03-28T12:00:00+01:00', '24h', 'Europe/Berlin')", R"("2026-03-29T11:00:00.000Z")"},
              {"dateAdd('2026-03-28T12:00:00+01:00', '1d')", R"("2026-03-29T11:00:00.000Z")"}, {"dateAdd(0, '250ms')", R"("1970-01-01T00:00:00.250Z")"}});
  for (const char* wrong : {"dateAdd(now(), '1')", "dateAdd(now(), 60)", "dateAdd(now(), '1 d')", "dateAdd(now(), '')", "dateAdd(now(), '-')",
                            "dateAdd(now(), '--1d')", "dateAdd(now(), '1d-1h')", "dateAdd(now(), '9999y')", "dateAdd(now(), '999999999999999999999d')",
                            "dateAdd(now(), '999999999999w999999999999w')", "dateAdd(now(), '-3000y')", "dateAdd(now(), '999999999999ms999999999999h')",
                            "dateAdd('now', '1d')"}) {
    CAPTURE(wrong);
    CHECK(failure(wrong) == "expression_failed");
  }
}

TEST_CASE("dateDiff is what the second is later than the first") {
  check_rows({{"dateDiff('2026-01-01T00:00:00Z', '2026-01-01T00:01:30Z')", "90"}, {"dateDiff('2026-01-02', '2026-01-01', 'h')", "-24"},
              {"dateDiff('2026-01-01T00:00:00Z', '2026-01-01T01:00:00+01:00', 'ms')", "0"}, {"dateDiff(0, 604800, 'w')", "1"},
              {"dateDiff(0, 0.25, 'ms')", "250"}, {"dateDiff('2026-03-29', '2026-03-30', 'h', 'Europe/Berlin')", "23"}});
  CHECK(failure("dateDiff(0, 1, 'y')") == "expression_failed");
  CHECK(failure("dateDiff(0, 'x')") == "expression_failed");
}

TEST_CASE("now is one instant, and a time that is not there is an error") {
  CHECK(evaluate("now() == now()") == true);
  const Json nothing = Json::object();
  for (const char* source : {"now()", "uuid()", "mask('secret')"}) {
    const auto expression = Expression::parse(source, kAnything);
    REQUIRE(expression);
    const auto result = expression->evaluate(JsonContext(nothing));
    REQUIRE_FALSE(result);
    CHECK(result.error().code == "expression_failed");
  }
}

TEST_CASE("uuids follow from the seed: a replay sees the same, and no two are the same") {
  const auto expression = Expression::parse("map(range(100), x => uuid())", kAnything);
  REQUIRE(expression);
  const Json nothing = Json::object();
  const auto first = expression->evaluate(StepContext(nothing, "ex_1/a"));
  const auto again = expression->evaluate(StepContext(nothing, "ex_1/a"));
  const auto other = expression->evaluate(StepContext(nothing, "ex_1/b"));
  REQUIRE((first && again && other));
  CHECK(*first == *again);
  std::set<std::string> ids;
  for (const Json* list : {&*first, &*other}) {
    for (const Json& id : *list) ids.insert(id.get<std::string>());
  }
  CHECK(ids.size() == 200);
  for (const std::string& id : ids) {
    CAPTURE(id);
    REQUIRE(id.size() == 36);
    CHECK(id[14] == '4');
    CHECK(std::string("89ab").find(id[19]) != std::string::npos);
    CHECK(id.find_first_not_of("0123456789abcdef-") == std::string::npos);
  }
}

TEST_CASE("mask hands every string and number of a value to the context, and gives the value back") {
  const Json contexts = parsed(R"({"event": {"token": "s3cret-token", "list": ["another", 123456, 5, true, null, ""]}})");
  const StepContext context(contexts);
  const auto expression = Expression::parse("mask(event)", kAnything);
  REQUIRE(expression);
  const auto result = expression->evaluate(context);
  REQUIRE(result);
  CHECK(*result == contexts["event"]);
  CHECK(context.masked() == std::vector<std::string>{"s3cret-token", "another", "123456"});
  CHECK(failure("mask('abc')") == "expression_failed");
  CHECK(evaluate("mask(null)").is_null());
}
