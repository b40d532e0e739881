// The right to answer one request, once, from any thread.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "daemon/http/event_stream.h"
#include "daemon/http/request.h"
#include "daemon/http/response.h"

namespace ipaas::daemon::http {

struct Exchange;

/// Movable, not copyable. The first of respond() and stream() ends it, and with it the life of the Request; a second
/// call does nothing. Dropped without an answer it answers 500. Harmless when the client or the server is gone.
///
/// Many answers given at once cost the io thread one wake-up.
class Responder {
 public:
  explicit Responder(std::shared_ptr<Exchange> exchange);
  Responder(Responder&&) noexcept = default;
  Responder& operator=(Responder&& other) noexcept;
  ~Responder();

  void respond(Response response);

  /// The answer will take its time. Of the request nothing may be read any more, since its body is let go. `gone` is
  /// called at most once, on the io thread, if the client goes away first; one that has only said all it had to say
  /// (a half-closed connection) is still there. To be called once, and not before stream().
  void hold(std::function<void()> gone);

  /// Answers 200 with `text/event-stream` and these headers beside it.
  [[nodiscard]] EventStream stream(std::vector<std::pair<std::string, std::string>> headers = {});

 private:
  std::shared_ptr<Exchange> exchange_;  ///< null once answered
};

/// Runs on the io thread, so it must not block: hand slow work to a worker, with the Responder. An exception answers
/// 500.
using Handler = std::function<void(const Request&, Responder)>;

}  // namespace ipaas::daemon::http
