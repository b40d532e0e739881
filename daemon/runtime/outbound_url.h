// The address of an HTTP call, taken apart once and put together for the wire.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

using CURLU = struct Curl_URL;

namespace ipaas::daemon {

/// An absolute http or https URL without user info (RFC 3986). Copyable; not thread-safe.
class OutboundUrl {
 public:
  /// Longer ones are refused.
  static constexpr std::size_t kMaxBytes = 64 * 1024;

  /// The error says what is wrong and quotes nothing of the text, which may be a secret.
  [[nodiscard]] static tl::expected<OutboundUrl, std::string> parse(std::string_view text);

  /// What a `Location` of this URL's answer names. Relative references are resolved (RFC 3986 section 5).
  [[nodiscard]] tl::expected<OutboundUrl, std::string> resolve(std::string_view reference) const;

  /// Lower case, numbers in dotted form, IPv6 without its brackets: as the egress rules name it.
  [[nodiscard]] const std::string& host() const { return host_; }
  [[nodiscard]] bool is_https() const { return scheme_ == "https"; }
  /// Scheme, host and port agree (RFC 6454).
  [[nodiscard]] bool same_origin(const OutboundUrl& other) const;

  [[nodiscard]] bool has_query_key(std::string_view encoded_name) const;
  /// Both must be percent-encoded.
  void append_query(std::string_view encoded_name, std::string_view encoded_value);

  [[nodiscard]] std::string text() const;

 private:
  struct Deleter {
    void operator()(CURLU* handle) const;
  };
  using Handle = std::unique_ptr<CURLU, Deleter>;

  explicit OutboundUrl(Handle handle);

  Handle handle_;
  std::string scheme_;
  std::string host_;
  std::string port_;

 public:
  OutboundUrl(const OutboundUrl& other);
  OutboundUrl(OutboundUrl&&) noexcept = default;
  OutboundUrl& operator=(const OutboundUrl& other);
  OutboundUrl& operator=(OutboundUrl&&) noexcept = default;
  ~OutboundUrl() = default;
};

/// Everything but the unreserved characters of RFC 3986 becomes %xx, in lower case as curl writes it.
[[nodiscard]] std::string percent_encode(std::string_view text);

}  // namespace ipaas::daemon
