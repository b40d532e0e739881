#include "core/security/masker.h"

#include <algorithm>
#include <set>

#include "core/security/masking/key_names.h"
#include "core/security/masking/key_values.h"
#include "core/security/masking/literal_index.h"
#include "core/security/masking/personal_data.h"
#include "core/security/masking/token_patterns.h"
#include "core/security/masking/value_forms.h"

namespace ipaas::security {
namespace {

using masking::LiteralIndex;
using masking::Span;
using masking::Spans;

/// What the index reports: a registered value, a secret name, or from here on a token rule.
constexpr std::uint32_t kValue = 0;
constexpr std::uint32_t kName = 1;
constexpr std::uint32_t kFirstToken = 2;

/// Masking can bring things together that were apart (`abc` of `abcsk-…`), so it is done until nothing changes. Each round
/// leaves less; the bound is for texts made to need many.
constexpr int kRounds = 8;

/// Our own marks are kept whole: a registered value `REDACTED` must not mask a mask.
void add_marks(std::string_view text, Spans& spans) {
  for (std::size_t at = text.find(kRedacted); at != std::string_view::npos; at = text.find(kRedacted, at + kRedacted.size())) {
    spans.push_back({at, at + kRedacted.size()});
  }
}

constexpr std::string_view kCredential = "credential";
constexpr std::string_view kCredentials = "credentials";

/// The word at `at` is one of the two, whole.
bool names_credential(std::string_view text, std::size_t at) {
  const auto is_part = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
  };
  if (at > 0 && is_part(text[at - 1])) return false;
  std::size_t end = at;
  while (end < text.size() && is_part(text[end])) ++end;
  const std::string_view word = text.substr(at, end - at);
  return word == kCredential || word == kCredentials;
}

std::string replace(std::string_view text, Spans& spans) {
  std::sort(spans.begin(), spans.end(), [](const Span& a, const Span& b) { return a.begin < b.begin; });
  std::string out;
  out.reserve(text.size() + kRedacted.size());
  std::size_t done = 0;
  for (std::size_t i = 0; i < spans.size();) {
    Span merged = spans[i++];
    while (i < spans.size() && spans[i].begin < merged.end) merged.end = std::max(merged.end, spans[i++].end);
    out += text.substr(done, merged.begin - done);
    out += kRedacted;
    done = merged.end;
  }
  out += text.substr(done);
  return out;
}

}  // namespace

class Masker::Layer {
 public:
  /// Values only.
  explicit Layer(std::set<std::string> forms) : forms_(std::move(forms)) {
    for (const std::string& form : forms_) index_.add(form, kValue);
    index_.build();
  }

  Layer(const std::vector<Secret>& values, MaskingRules rules) : rules_(rules) {
    for (const std::string& form : all_forms(values)) index_.add(form, kValue);
    for (const std::string& name : masking::name_anchors()) index_.add(name, kName, masking::Letters::kAnyCase);
    for (const masking::TokenAnchor& anchor : masking::token_anchors()) {
      index_.add(anchor.literal, kFirstToken + anchor.rule, anchor.letters);
    }
    index_.build();
  }

  [[nodiscard]] static std::set<std::string> all_forms(const std::vector<Secret>& values) {
    std::set<std::string> forms;
    for (const Secret& value : values) forms.merge(masking::forms_of(value.reveal()));
    return forms;
  }

  /// Of a layer of values only.
  [[nodiscard]] const std::set<std::string>& forms() const { return forms_; }

  void find(std::string_view text, Spans& spans) const {
    std::size_t values_end = 0;
    std::size_t patterns_end = 0;
    index_.scan(text, [&](std::size_t begin, std::size_t entry, std::uint32_t id) {
      if (id == kValue) {
        values_end = std::max(values_end, add_value(text, begin, index_.literal(entry), values_end, spans));
        return;
      }
      // Inside a value that is masked already a name is no name; and the text is looked at once.
      if (begin < patterns_end) return;
      const std::size_t before = spans.size();
      if (id == kName) {
        if (!rules_.workflow || !names_credential(text, begin)) masking::find_value(text, begin, spans);
      } else if (const std::optional<Span> token = masking::token_at(id - kFirstToken, text, begin)) {
        spans.push_back(*token);
      }
      for (std::size_t i = before; i < spans.size(); ++i) patterns_end = std::max(patterns_end, spans[i].end);
    });
  }

 private:
  /// The index has compared the head of a long value; the rest is masked as far as it is there, for a log line may have been cut.
  /// What lies before `masked_to` is hidden anyway, so each byte is compared once.
  static std::size_t add_value(std::string_view text, std::size_t begin, std::string_view literal, std::size_t masked_to,
                               Spans& spans) {
    std::size_t end = begin + std::min(literal.size(), LiteralIndex::kHead);
    const std::size_t whole = std::min(begin + literal.size(), text.size());
    end = std::min(std::max(end, masked_to), whole);
    while (end < whole && text[end] == literal[end - begin]) ++end;
    spans.push_back({begin, end});
    return end;
  }

  MaskingRules rules_;
  std::set<std::string> forms_;
  LiteralIndex index_;
};

Masker::Masker(MaskingRules rules) : Masker({}, rules) {}
Masker::Masker(const std::vector<Secret>& values, MaskingRules rules)
    : Masker(rules, {std::make_shared<const Layer>(values, rules)}) {}
Masker::Masker(MaskingRules rules, Layers layers) : rules_(rules), layers_(std::move(layers)) {}
Masker::~Masker() = default;
Masker::Masker(Masker&&) noexcept = default;
Masker& Masker::operator=(Masker&&) noexcept = default;

Masker Masker::with(const std::vector<Secret>& values) const {
  Layers layers = layers_;
  std::set<std::string> forms = Layer::all_forms(values);
  // As in a binary counter: each form is moved to a larger layer so often as the logarithm of their number.
  while (layers.size() > 1 && layers.back()->forms().size() < 2 * forms.size()) {
    forms.insert(layers.back()->forms().begin(), layers.back()->forms().end());
    layers.pop_back();
  }
  if (!forms.empty()) layers.push_back(std::make_shared<const Layer>(std::move(forms)));
  return Masker(rules_, std::move(layers));
}

bool Masker::is_secret_name(std::string_view name) const {
  if (rules_.workflow && (name == kCredential || name == kCredentials)) return false;
  return masking::is_secret_name(name);
}

std::string Masker::mask(std::string_view text) const {
  std::string masked(text);
  for (int round = 0; round < kRounds; ++round) {
    Spans spans;
    for (const auto& layer : layers_) layer->find(masked, spans);
    if (rules_.personal) masking::find_personal_data(masked, spans);
    if (spans.empty()) return masked;
    add_marks(masked, spans);
    std::string next = replace(masked, spans);
    if (next == masked) return masked;
    masked = std::move(next);
  }
  return masked;
}

}  // namespace ipaas::security
