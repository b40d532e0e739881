// Takes secrets out of text before it is written and again before it is shown.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/secret.h"

namespace ipaas::security {

inline constexpr std::string_view kRedacted = "***REDACTED***";

struct MaskingRules {
  bool personal = false;  ///< email, phone, payment cards (Luhn), IBAN (mod 97) too
  bool workflow = false;  ///< a workflow, whose `credential` and `credentials` hold names and not secrets
};

/// Replaces secrets in text by kRedacted: registered values in every form of promise 13-14 (raw, trimmed, per line;
/// from 8 characters on base64 at three offsets, base64url, hex, URL, JSON-escaped, XML-escaped; leaves of JSON values), known
/// token patterns (provider tokens, JWTs, private keys, URLs with user info or secret query keys, `Authorization`), values after secret
/// key names (`password`, `token`, `api_key` …) in JSON, YAML, query and `key=value` texts, and personal data.
///
/// Linear in the text. Immutable and thread-safe; a changed set of values is a new Masker (share it by pointer).
class Masker {
 public:
  /// Patterns and key names only.
  explicit Masker(MaskingRules rules = {});
  Masker(const std::vector<Secret>& values, MaskingRules rules);
  ~Masker();
  Masker(Masker&&) noexcept;
  Masker& operator=(Masker&&) noexcept;

  /// One that knows these values, too. It shares what both know: one more value costs little, however many there are.
  [[nodiscard]] Masker with(const std::vector<Secret>& values) const;

  [[nodiscard]] std::string mask(std::string_view text) const;
  /// Is the value of a member with this name a secret?
  [[nodiscard]] bool is_secret_name(std::string_view name) const;

 private:
  class Layer;
  using Layers = std::vector<std::shared_ptr<const Layer>>;
  Masker(MaskingRules rules, Layers layers);

  MaskingRules rules_;
  /// The first knows the patterns and the values given at first; each of the others some of those that came later, and
  /// at least twice as many as the one behind it.
  Layers layers_;
};

}  // namespace ipaas::security
