// What goes onto the wire at one hop of a call, and how a redirect changes it. No socket is here.
#pragma once

#include <curl/curl.h>

#include <memory>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "core/connectors/http_call.h"
#include "daemon/runtime/outbound_url.h"

namespace ipaas::daemon {

/// Header lines in the form that curl takes, over memory of ours, so that they can be wiped when they die.
class HeaderLines {
 public:
  explicit HeaderLines(std::size_t count) { lines_.reserve(count); }
  ~HeaderLines();
  HeaderLines(const HeaderLines&) = delete;
  HeaderLines& operator=(const HeaderLines&) = delete;

  /// At most as many as the constructor was told.
  void add(std::string_view name, std::string_view value);
  /// curl's way to leave out a header that it would add by itself.
  void leave_out(std::string_view name);
  /// Valid until the next change.
  [[nodiscard]] curl_slist* list();

 private:
  std::vector<std::string> lines_;
  std::vector<curl_slist> nodes_;
};

/// A call that was checked and can be sent. Not thread-safe.
class OutboundRequest {
 public:
  static constexpr int kMaxRedirects = 10;
  static constexpr std::size_t kMaxHeaderBytes = 256 * 1024;

  /// Refuses what could smuggle a second header or request, and headers that belong to the connection (Host,
  /// Content-Length, Transfer-Encoding …). The error is a sentence for a person and holds no value.
  [[nodiscard]] static tl::expected<OutboundRequest, std::string> from(connectors::HttpCall call);

  [[nodiscard]] const std::string& method() const { return call_.method; }
  [[nodiscard]] const std::string& body() const { return call_.body; }
  [[nodiscard]] const std::string& host() const { return target_.host(); }
  [[nodiscard]] std::size_t response_cap() const { return call_.response_cap; }
  /// With what a credential adds to the query: a secret.
  [[nodiscard]] std::string wire_url() const;
  /// The header lines of this hop, those of a credential included.
  [[nodiscard]] std::unique_ptr<HeaderLines> wire_headers() const;
  /// The body is sent, be it empty: the method promises one (RFC 9110 section 8.6) or the caller gave one.
  [[nodiscard]] bool has_body() const;
  /// The receiver changes nothing, so that a lost answer may be asked for again (RFC 9110 section 9.2.1).
  [[nodiscard]] bool is_safe() const;
  /// 0 for the first hop. From 1 on the first receiver has acted.
  [[nodiscard]] int hop() const { return hop_; }

  /// Turns this into the request that a redirect asks for. False: it is not to be followed (not wanted, not a redirect,
  /// too many, a malformed or foreign scheme, https to http), and the answer at hand is the answer.
  ///
  /// POST becomes GET at 301 and 302, anything but HEAD at 303 (RFC 9110 section 15.4). On another origin everything
  /// that proves who we are stays behind, also for the hops after it.
  [[nodiscard]] bool follow(int status, std::string_view location);

 private:
  OutboundRequest(connectors::HttpCall call, OutboundUrl target);
  void leave_credentials_behind();
  void become_get();

  connectors::HttpCall call_;
  OutboundUrl target_;  ///< without the credential's query
  int hop_ = 0;
};

}  // namespace ipaas::daemon
