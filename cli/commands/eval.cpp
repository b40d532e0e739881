// ipaas eval: what an expression gives, offline.
#include <algorithm>
#include <cmath>
#include <memory>
#include <ostream>

#include "cli/commands/commands.h"
#include "cli/input.h"
#include "cli/json_or_yaml.h"
#include "cli/output/caret.h"
#include "cli/output/function_list.h"
#include "core/base/terminal_text.h"
#include "core/language/expression/template.h"

namespace ipaas::cli {
namespace {

struct Flags {
  const CLI::Option* given = nullptr;  ///< the expression, which may be empty
  std::string expression;
  std::string context;
  bool functions = false;
};

/// The contexts of the file, the time and the chance of this run.
class EvalScope final : public language::JsonContext {
 public:
  EvalScope(const Json& contexts, World& world)
      : JsonContext(contexts), now_(world.clock.now()), seed_(std::to_string(world.randomness.next())) {}

  [[nodiscard]] std::optional<Instant> now() const override { return now_; }
  [[nodiscard]] std::optional<std::string> uuid_seed() const override { return seed_; }
  [[nodiscard]] bool mask(std::string_view) const override {
    masks_ = true;
    return true;
  }
  [[nodiscard]] bool masks() const { return masks_; }

 private:
  Instant now_;
  std::string seed_;
  mutable bool masks_ = false;
};

Result<std::string> source_of(const World& world, const Flags& flags) {
  if (flags.expression != "-") return flags.expression;
  if (flags.context == "-") {
    return tl::unexpected(usage_error("standard input cannot be both the expression and the context",
                                      "name a file with --context, or write the expression as an argument"));
  }
  Result<std::string> text = read_input(world, "-");
  // The line end that a shell's echo or an editor adds is not part of a text with expressions in it.
  if (text && text->ends_with('\n')) text->pop_back();
  if (text && text->ends_with('\r')) text->pop_back();
  return text;
}

/// With `${{ }}` in it, it is the text of a workflow; otherwise it is what stands inside the braces.
bool is_template(std::string_view source) {
  const std::size_t open = source.find("${{");
  if (open == std::string_view::npos) return false;
  return std::count(source.begin(), source.begin() + static_cast<std::ptrdiff_t>(open), '\'') % 2 == 0;
}

Result<Json> evaluate(std::string_view source, const language::ExpressionScope& scope, const EvalScope& context) {
  if (is_template(source)) {
    const auto text = language::Template::parse(source, scope);
    return text ? text->evaluate(context) : tl::unexpected(text.error());
  }
  const auto expression = language::Expression::parse(source, scope);
  return expression ? expression->evaluate(context) : tl::unexpected(expression.error());
}

/// JSON has no NaN and no infinities; their names are what the language reads back.
void name_numbers(Json& value) {
  if (value.is_structured()) {
    for (Json& member : value) name_numbers(member);
  } else if (value.is_number_float() && !std::isfinite(value.get<double>())) {
    const double number = value.get<double>();
    value = std::isnan(number) ? "NaN" : number < 0 ? "-Infinity" : "Infinity";
  }
}

void print_value(const Context& context, Json value) {
  name_numbers(value);
  if (context.print.structured() || !value.is_string()) return context.print.structure(value);
  const auto& text = value.get_ref<const std::string&>();
  context.world.out << (context.world.out_is_terminal ? escape_control(text, Newlines::kKeep) : text) << '\n';
}

/// An error of the expression, shown in its place; positions become lines and characters of the source.
Outcome refuse(const Context& context, const Flags& flags, std::string_view source, Error error) {
  if (error.code == "unknown_context" && flags.context.empty() && error.hint.starts_with("no contexts")) {
    error.hint = "give contexts with --context FILE: an object whose keys are their names, in JSON or YAML";
  }
  if (error.position.line > 0) {
    const auto offset = static_cast<std::size_t>(error.position.column - 1);
    error.position = position_at(source, offset);
    if (!context.print.structured()) {
      const Caret caret = caret_at(source, offset);
      context.print.note(caret.line);
      context.print.note(caret.mark);
    }
  }
  return fail_with(std::move(error));
}

Outcome eval(const Context& context, const Flags& flags) {
  if (flags.functions) {
    if (context.print.structured()) context.print.structure(function_list_json());
    else context.print.out() << function_list(context.print.style());
    return ExitCode::kOk;
  }
  if (flags.given->count() == 0) {
    return fail_with(usage_error("there is no expression", "as in `ipaas eval \"upper('abc')\"`; `-` reads standard input"));
  }
  const auto source = source_of(context.world, flags);
  if (!source) return fail_with(source.error());
  Json contexts = Json::object();
  if (!flags.context.empty()) {
    auto read = read_object(context.world, flags.context);
    if (!read) return tl::unexpected(std::move(read.error()));
    contexts = std::move(*read);
  }
  language::ExpressionScope scope;
  scope.status_functions = true;
  for (const auto& [name, value] : contexts.items()) scope.contexts.push_back(name);
  const EvalScope sees(contexts, context.world);
  auto value = evaluate(*source, scope, sees);
  if (!value) return refuse(context, flags, *source, std::move(value.error()));
  print_value(context, std::move(*value));
  if (sees.masks()) context.print.note("what mask() was given is redacted where a workflow runs, and shown here");
  return ExitCode::kOk;
}

}  // namespace

void add_eval(CommandLine& line) {
  CLI::App& command = line.add(line.app(), "eval", "What an expression gives, offline",
                               "ipaas eval \"filter(event.body.items, x => x.total > 100).*.id\" --context event.yaml");
  const auto flags = std::make_shared<Flags>();
  flags->given =
      command.add_option("EXPR", flags->expression, "An expression, or a text with ${{ }} in it; - reads standard input")
          ->type_name("");
  command.add_option("--context", flags->context, "JSON or YAML whose keys are the contexts; - reads standard input")
      ->type_name("FILE");
  command.add_flag("--functions", flags->functions, "Explain every function, with an example");
  line.take_signed(command);
  command.footer("Functions (--functions explains them):\n" + function_names() + "\n\n" + command.get_footer());
  line.on(command, {[flags](const Context& context) { return eval(context, *flags); }});
}

}  // namespace ipaas::cli
