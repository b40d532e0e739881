// Bytes in, one request out: Beast's parser behind our rules.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "daemon/http/exchange.h"
#include "daemon/http/limits.h"
#include "daemon/http/refusal.h"
#include "daemon/http/request_check.h"

namespace ipaas::daemon::http {

/// Fills an Exchange with one request after the other. Never holds more than the limits allow and one read beyond.
class RequestParser {
 public:
  enum class State {
    kHead,     ///< needs more bytes of the request line or the fields
    kDecide,   ///< the head is there; whether a body may follow is for the caller to say: allow_body() or a refusal
    kBody,     ///< needs more bytes of the body
    kDone,     ///< the request is complete, its views are set
    kRefused,  ///< see refusal(); nothing more is parsed
  };

  /// `limits` must outlive this.
  explicit RequestParser(const Limits& limits);
  ~RequestParser();
  RequestParser(RequestParser&&) noexcept;

  /// For the next request on the connection.
  void reset();

  /// Takes bytes until the state says something new; answers how many. What is left must come again, in front of newer
  /// bytes.
  std::size_t feed(std::string_view bytes, Exchange& exchange);

  /// Goes on from kDecide with a body of at most so many bytes, which may refuse at once.
  void allow_body(std::size_t max_bytes, Exchange& exchange);

  [[nodiscard]] State state() const;
  [[nodiscard]] const Refusal& refusal() const;

  /// From kDecide on.
  [[nodiscard]] const Framing& framing() const;
  [[nodiscard]] bool keep_alive() const;
  [[nodiscard]] int minor_version() const;

 private:
  class Machine;
  std::unique_ptr<Machine> machine_;
};

}  // namespace ipaas::daemon::http
