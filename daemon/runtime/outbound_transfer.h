// One call on one curl handle, from its first hop to its outcome.
#pragma once

#include <curl/curl.h>

#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <string_view>

#include "core/security/egress_policy.h"
#include "daemon/runtime/outbound.h"
#include "daemon/runtime/outbound_failure.h"
#include "daemon/runtime/outbound_request.h"

namespace ipaas::daemon {

/// Sets the options of a handle for a hop and hears its callbacks. It never moves (curl holds its address), and must
/// outlive the handle's stay in the multi. Used by the outbound thread only.
class OutboundTransfer {
 public:
  using Deadline = std::chrono::steady_clock::time_point;

  OutboundTransfer(OutboundRequest request, const security::EgressPolicy& egress, Deadline deadline);
  OutboundTransfer(const OutboundTransfer&) = delete;
  OutboundTransfer& operator=(const OutboundTransfer&) = delete;

  /// `easy` is fresh or reset; it must not be in a multi. `share` holds the TLS sessions.
  void prepare(CURL* easy, CURLSH* share);

  /// What came of the hop. Nothing: a redirect is to be followed, so prepare a handle again.
  [[nodiscard]] std::optional<HttpOutcome> finished(CURL* easy, CURLcode code);

  [[nodiscard]] bool request_begun() const { return trace_.request_begun; }
  /// The resolver was asked, as curl did not know the name.
  [[nodiscard]] bool looked_up() const { return looked_up_; }
  /// The host has an address, from the resolver or from memory.
  [[nodiscard]] bool has_address() const { return has_address_; }

 private:
  void set_target(CURL* easy);
  void set_limits(CURL* easy);
  void set_callbacks(CURL* easy);
  void begin_hop();
  void take_header_line(std::string_view line);
  [[nodiscard]] std::string_view location() const;

  static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self);
  static int on_request(void* self, char* remote, char* local, int remote_port, int local_port);
  static int on_lookup(void* resolver, void* reserved, void* self);
  static curl_socket_t on_open_socket(void* self, curlsocktype purpose, curl_sockaddr* address);

  OutboundRequest request_;
  const security::EgressPolicy& egress_;
  Deadline deadline_;
  std::unique_ptr<HeaderLines> header_lines_;
  connectors::HttpReply reply_;
  std::size_t header_bytes_ = 0;   ///< of all answers of this hop, interim ones included
  bool in_final_headers_ = false;  ///< between the status line of the answer and its blank line
  bool headers_complete_ = false;  ///< later lines are trailers, which nothing trusts
  int times_sent_ = 0;             ///< at this hop
  bool looked_up_ = false;
  bool has_address_ = false;
  ExchangeTrace trace_;
  std::array<char, CURL_ERROR_SIZE> detail_{};
};

}  // namespace ipaas::daemon
