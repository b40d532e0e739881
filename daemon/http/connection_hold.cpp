// Waiting with a client for an answer that takes its time, and noticing when the client goes away.
#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>

#include "daemon/http/connection.h"

namespace ipaas::daemon::http {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

/// What every answer begins with; sent ahead byte by byte, it shows whether anybody is there.
constexpr std::string_view kAhead = "HTTP/1.1 ";
constexpr std::chrono::seconds kProbePause{3};
/// What is kept of requests that a client sends while the answer to one of them is held.
constexpr std::size_t kHeardBytes = 4096;

}  // namespace

void Connection::hold(std::function<void()> gone) {
  if (phase_ == Phase::kClosed) return gone();
  if (phase_ != Phase::kHandling) return;
  drop_body();
  gone_ = std::move(gone);
  wait_readable();
}

void Connection::hear_client() {
  error_code error;
  const std::size_t room = std::min(context_.scratch.size(), kHeardBytes - input_.size());
  const std::size_t size = socket_.read_some(asio::buffer(context_.scratch.data(), room), error);
  if (error == asio::error::would_block) return wait_readable();
  if (error == asio::error::eof) {
    half_closed_ = true;
    return probe_client();
  }
  if (error) return client_gone();
  input_.append(context_.scratch.data(), size);
  input_.size() < kHeardBytes ? wait_readable() : listen_for_reset();
}

/// Who has sent all there is and still listens looks like who has gone away, until something is sent to them: then the
/// system of who has gone says so. What is sent is what the answer begins with in any case.
void Connection::probe_client() {
  if (probed_ == kAhead.size()) return;
  error_code error;
  probed_ += socket_.write_some(asio::buffer(kAhead.substr(probed_, 1)), error);
  if (error && error != asio::error::would_block) return client_gone();
  enter(Phase::kHandling, kProbePause);
  listen_for_reset();
}

void Connection::listen_for_reset() {
  if (std::exchange(awaits_reset_, true)) return;
  socket_.async_wait(Socket::wait_error, [self = shared_from_this()](const error_code& error) {
    self->awaits_reset_ = false;
    if (!error && self->phase_ == Phase::kHandling && self->gone_) self->probe_client();
  });
}

void Connection::client_gone() {
  const std::function<void()> gone = std::exchange(gone_, nullptr);
  close();
  gone();
}

}  // namespace ipaas::daemon::http
