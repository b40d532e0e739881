// GitHub Actions' expression language: what stands inside `${{ }}`.
//
// Behaviour follows docs.github.com/actions "Evaluate expressions" and its public implementations (actions/runner
// DTExpressions2, actions/languageservices expressions): operators, coercion, case-insensitive comparison, filters.
// On top of it: lambdas as arguments of calls, and the functions of function_docs.h.
// Numbers are IEEE doubles in arithmetic and comparison; an integer that is only moved keeps every digit.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/json.h"

namespace ipaas::language {

struct Program;

/// What one evaluation may spend. Passing a limit is the error `budget_exceeded`.
struct EvalLimits {
  std::size_t operations = 1'000'000;        ///< nodes evaluated, items visited, and 16-byte pieces of text scanned
  std::size_t bytes = 10 * 1024 * 1024;      ///< everything the expression makes, its result included
};

/// The names an expression may use at its place in a workflow. Borrowed while parsing, not longer.
struct ExpressionScope {
  std::vector<std::string_view> contexts = {};  ///< as they are documented: `event`, `inputs`, `steps` …
  bool status_functions = false;                ///< `success()` `failure()` `always()` `cancelled()` may be called
  bool any_context = false;                     ///< every context name is legal (`ipaas eval`)
};

/// What an expression sees while it is evaluated. Values are borrowed: what `context` returns stays valid and
/// unchanged until the evaluation ends.
class EvalContext {
 public:
  virtual ~EvalContext() = default;
  /// By the name as the scope spells it (as written, where any is legal). nullptr evaluates to null.
  [[nodiscard]] virtual const Json* context(std::string_view name) const = 0;
  /// One of `success failure always cancelled`; asked only where the scope allows these.
  [[nodiscard]] virtual bool status_function(std::string_view name) const = 0;

  /// `context.key.property`, from a context that keeps its parts apart, so that they need not be put together first:
  /// nothing where it does not; nullptr evaluates to null.
  [[nodiscard]] virtual std::optional<const Json*> property(std::string_view context, std::string_view key,
                                                            std::string_view property) const {
    static_cast<void>(context), static_cast<void>(key), static_cast<void>(property);
    return std::nullopt;
  }

  // What follows is not there unless a context brings it; asking for it then fails the expression.

  /// What `now()` gives: one instant for all that is evaluated for a step, and the same in a replay.
  [[nodiscard]] virtual std::optional<Instant> now() const { return std::nullopt; }
  /// What the ids of `uuid()` follow from: another one for each place that is evaluated, and the same in a replay.
  [[nodiscard]] virtual std::optional<std::string> uuid_seed() const { return std::nullopt; }
  /// Takes a text that `mask()` was given and that is not to be shown from now on. False where that cannot be seen to.
  [[nodiscard]] virtual bool mask(std::string_view text) const {
    static_cast<void>(text);
    return false;
  }

  /// Told at the end of each evaluation how many operations it has taken.
  virtual void spent(std::size_t operations) const { static_cast<void>(operations); }
};

/// The contexts are the keys of one JSON object, found without regard to letter case. As no step has failed yet,
/// `success()` and `always()` hold. There is no time, no uuid and no masking.
class JsonContext : public EvalContext {
 public:
  explicit JsonContext(const Json& contexts) : contexts_(contexts) {}
  [[nodiscard]] const Json* context(std::string_view name) const override;
  [[nodiscard]] bool status_function(std::string_view name) const override;

 private:
  const Json& contexts_;
};

/// A context as it stands in an expression: `steps.<id>.outputs`, `inputs['<name>']`, `event`.
struct Reference {
  std::string context;           ///< as the scope spells it
  std::string key = {};          ///< the name after it; empty where none is written out
  std::string property = {};     ///< the name after that
  SourcePosition position = {};  ///< of the key, or else of the context, counted like the positions of errors
};

/// A function that is called.
struct CallReference {
  std::string_view function;  ///< as it is documented
  SourcePosition position = {};
};

/// What an expression names, each in the order of the source.
struct References {
  std::vector<Reference> contexts;
  std::vector<CallReference> calls;

  void append(const References& others) {
    contexts.insert(contexts.end(), others.contexts.begin(), others.contexts.end());
    calls.insert(calls.end(), others.calls.begin(), others.calls.end());
  }
};

/// A parsed expression: immutable, cheap to copy, thread-safe. Parsed once, it is evaluated any number of times.
class Expression {
 public:
  /// Parses the inside of `${{ }}`. Nothing but white space is the expression `null`. Errors have a position (line 1,
  /// column = byte offset + 1, counted in a text in which the source begins at `shift`) and one of the codes
  /// `unexpected_symbol unexpected_end unknown_context unknown_function wrong_arguments bad_parameter bad_pattern
  /// too_deep too_long`.
  [[nodiscard]] static Result<Expression> parse(std::string_view source, const ExpressionScope& scope,
                                                std::size_t shift = 0);

  /// Errors: `expression_failed`, `budget_exceeded`, with the position of the call at fault if there is one. A number that the expression made is an integer where it is whole
  /// and below 2^53; NaN and infinities are doubles.
  [[nodiscard]] Result<Json> evaluate(const EvalContext& context, EvalLimits limits = {}) const;

  [[nodiscard]] const std::string& source() const;
  [[nodiscard]] const References& references() const;
  [[nodiscard]] bool uses_status_function() const;

  /// The parsed form, for this folder's own use.
  [[nodiscard]] const Program& program() const { return *program_; }

 private:
  explicit Expression(std::shared_ptr<const Program> program) : program_(std::move(program)) {}

  std::shared_ptr<const Program> program_;
};

/// False are null, false, 0, NaN and the empty text; everything else, `{}` and `[]` too, is true.
[[nodiscard]] bool is_truthy(const Json& value);

/// The text that `format`, `join` and interpolation write: null is empty, an array is `Array`, an object `Object`.
[[nodiscard]] std::string to_text(const Json& value);

}  // namespace ipaas::language
