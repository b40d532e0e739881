#include "daemon/http/responder.h"

#include "daemon/http/envelope.h"
#include "daemon/http/exchange.h"
#include "daemon/http/inbox.h"
#include "daemon/http/stream_state.h"

namespace ipaas::daemon::http {

Responder::Responder(std::shared_ptr<Exchange> exchange) : exchange_(std::move(exchange)) {}

Responder& Responder::operator=(Responder&& other) noexcept {
  // The one that is replaced still owes its answer, which its destructor gives.
  Responder replaced(std::move(*this));
  exchange_ = std::move(other.exchange_);
  return *this;
}

Responder::~Responder() {
  if (exchange_) respond(error(Error{ErrorKind::kInternal, "dropped without an answer"}));
}

void Responder::respond(Response response) {
  if (!exchange_) return;
  const std::shared_ptr<Inbox> inbox = exchange_->inbox;
  inbox->push({std::move(exchange_), std::move(response), nullptr, true});
  exchange_ = nullptr;
}

void Responder::hold(std::function<void()> gone) {
  if (exchange_) exchange_->inbox->push({exchange_, {}, nullptr, false, std::move(gone)});
}

EventStream Responder::stream(std::vector<std::pair<std::string, std::string>> headers) {
  Response response = raw(200, "text/event-stream", {});
  response.headers = std::move(headers);
  response.headers.emplace_back("Cache-Control", "no-cache");
  auto state = std::make_shared<StreamState>(exchange_, exchange_ ? exchange_->max_stream_bytes : 0);
  if (!exchange_) {
    state->lose();
    return EventStream(state);
  }
  const std::shared_ptr<Inbox> inbox = exchange_->inbox;
  if (!inbox->push({std::move(exchange_), std::move(response), state, true})) state->lose();
  exchange_ = nullptr;
  return EventStream(state);
}

}  // namespace ipaas::daemon::http
