// Texts with `${{ }}` in them, and conditions.
#include "core/language/expression/template.h"

#include "tests/support/catch.h"

using namespace ipaas;
using namespace ipaas::language;

namespace {

const ExpressionScope kScope{{"event", "inputs", "steps"}};
const ExpressionScope kConditionScope{{"event", "inputs", "steps"}, true};
const Json kContexts = {{"event", {{"n", 3}, {"list", {1, 2}}, {"text", "${{ inputs.x }}"}}},
                        {"inputs", {{"x", "secret-ish"}}}};

Json evaluate(std::string_view text) {
  const auto parsed = Template::parse(text, kScope);
  REQUIRE(parsed);
  auto result = parsed->evaluate(JsonContext(kContexts));
  REQUIRE(result);
  return std::move(*result);
}

Error error_of(std::string_view text) {
  const auto parsed = Template::parse(text, kScope);
  REQUIRE_FALSE(parsed);
  return parsed.error();
}

}  // namespace

TEST_CASE("a text without an expression is itself") {
  const auto parsed = Template::parse("costs $5 {{ not ours }} }}", kScope);
  REQUIRE(parsed);
  CHECK(parsed->is_literal());
  CHECK(evaluate("costs $5 {{ not ours }} }}") == "costs $5 {{ not ours }} }}");
  CHECK(evaluate("") == "");
}

TEST_CASE("a text that is one expression keeps the value's type") {
  CHECK(evaluate("${{ event.list }}") == Json({1, 2}));
  CHECK(evaluate("${{event.n}}") == 3);
  CHECK(evaluate("${{ inputs.missing }}").is_null());
  CHECK(Template::parse("${{ event.n }}", kScope)->is_single_expression());
}

TEST_CASE("an expression among text becomes text") {
  CHECK(evaluate("n is ${{ event.n }}, list ${{ event.list }}!") == "n is 3, list Array!");
  CHECK(evaluate(" ${{ event.n }}") == " 3");
  CHECK(evaluate("${{ event.n }}${{ event.n }}") == "33");
  CHECK_FALSE(Template::parse(" ${{ event.n }}", kScope)->is_single_expression());
}

TEST_CASE("a result is never parsed again") {
  CHECK(evaluate("${{ event.text }}") == "${{ inputs.x }}");
  CHECK(evaluate("a ${{ event.text }}") == "a ${{ inputs.x }}");
}

TEST_CASE("braces inside a text literal do not end the expression") {
  CHECK(evaluate("${{ '}}' }}") == "}}");
  CHECK(evaluate("${{ 'it''s }}' }}-${{ '${{' }}") == "it's }}-${{");
  CHECK(evaluate("${{ format('{{{0}}}', event.n) }}") == "{3}");
}

TEST_CASE("an expression that is empty or not closed is refused where it begins") {
  CHECK(error_of("ab ${{ event.n }").code == "unclosed_expression");
  CHECK(error_of("ab ${{ event.n }").position == SourcePosition{1, 4});
  CHECK(error_of("${{ 'a }}").code == "unclosed_expression");
  CHECK(error_of("x${{  }}").code == "empty_expression");
  CHECK(error_of("x${{  }}").position == SourcePosition{1, 2});
}

TEST_CASE("an error inside an expression is placed in the whole text") {
  CHECK(error_of("ab ${{ wrong.n }}").position == SourcePosition{1, 8});
  CHECK(error_of("${{ event.n }} ${{ 1 == }}").code == "unexpected_end");
  CHECK(error_of("${{ event.n }} ${{ fromat('') }}").position == SourcePosition{1, 20});
}

TEST_CASE("a template knows the steps of all its expressions") {
  const auto parsed = Template::parse("${{ steps.a.outputs }} and ${{ steps.b.outcome }}", kScope);
  REQUIRE(parsed);
  REQUIRE(parsed->references().contexts.size() == 2);
  CHECK(parsed->references().contexts[1].key == "b");
  CHECK(parsed->references().contexts[1].position == SourcePosition{1, 38});
}

TEST_CASE("the limits hold for a template as a whole") {
  const Json contexts{{"event", std::string(4'000'000, 'x')}};
  const auto parsed = Template::parse("${{ event }}${{ event }}${{ event }}", kScope);
  REQUIRE(parsed);
  const auto result = parsed->evaluate(JsonContext(contexts));
  REQUIRE_FALSE(result);
  CHECK(result.error().code == "budget_exceeded");
}

TEST_CASE("braces are optional in a condition") {
  for (const char* text : {"event.n == 3", "${{ event.n == 3 }}", "  ${{event.n == 3}}\n", "success() && event.n"}) {
    CAPTURE(text);
    const auto condition = parse_condition(text, kConditionScope);
    REQUIRE(condition);
    CHECK(is_truthy(*condition->evaluate(JsonContext(kContexts))));
  }
}

TEST_CASE("text around a condition's braces is refused, not always true") {
  for (const char* text : {"${{ event.n }} == 4", "event.n == ${{ 4 }}", "! ${{ event.n }}", "${{ event.n }}${{ event.n }}"}) {
    CAPTURE(text);
    const auto condition = parse_condition(text, kConditionScope);
    REQUIRE_FALSE(condition);
    CHECK(condition.error().code == "text_around_condition");
  }
  CHECK(parse_condition("contains('${{', 'x')", kConditionScope));
}

TEST_CASE("text around a condition's braces is answered with what to write") {
  const auto hint = [](std::string_view text) { return parse_condition(text, kConditionScope).error().hint; };
  CHECK(hint("${{ success() }} && always()") ==
        "write it without braces, `success() && always()`, or put all of it inside one `${{ }}`");
  CHECK(hint("always() && ${{ success() || failure() }}").find("`always() && (success() || failure())`") !=
        std::string::npos);
  CHECK(hint("${{ success() }} && ${{ always() }}").find("leave the braces out") != std::string::npos);
}

TEST_CASE("a condition that says nothing is refused") {
  for (const char* text : {"", "  ", "${{ }}"}) {
    const auto condition = parse_condition(text, kConditionScope);
    REQUIRE_FALSE(condition);
    CHECK(condition.error().code == "empty_expression");
  }
}

TEST_CASE("a condition's positions are those of its text") {
  const auto condition = parse_condition("${{ steps.a.outcome == 'success' }}", kConditionScope);
  REQUIRE(condition);
  CHECK(condition->references().contexts.at(0).position == SourcePosition{1, 11});
  CHECK(parse_condition("${{ wrong }}", kConditionScope).error().position == SourcePosition{1, 5});
}
