#include "daemon/http/connection.h"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>

#include "daemon/http/envelope.h"
#include "daemon/http/response_writer.h"
#include "daemon/http/stream_state.h"

namespace ipaas::daemon::http {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
constexpr std::string_view kPing = ":\n\n";
/// So much of a long answer has Limits::write_time to be read: slow readers get it, those that stand still do not.
constexpr std::size_t kSlice = 256 * 1024;
/// What a client that was refused may go on sending, so that it gets to read the answer; it is kept nowhere.
constexpr std::size_t kLingerBytes = 32 * 1024 * 1024;
/// Larger buffers are given back after a request.
constexpr std::size_t kKeptBytes = kBodyAllowance;
constexpr int kTooLargeStatus = 413;

constexpr Refusal kTooSlow{408, "invalid_request", "the request took too long to arrive"};

Response no_memory() {
  return error({ErrorKind::kUnavailable, "too many large requests are under way", "try again later"});
}

void give_back(std::string& buffer) {
  buffer.clear();
  if (buffer.capacity() > kKeptBytes) buffer.shrink_to_fit();
}

}  // namespace

Connection::Connection(ServerContext& context, Socket socket, Peer peer, std::string address_key)
    : context_(context),
      socket_(std::move(socket)),
      address_key_(std::move(address_key)),
      exchange_(std::make_shared<Exchange>()),
      parser_(context.limits),
      body_room_(context.bodies) {
  exchange_->inbox = context.inbox;
  exchange_->max_stream_bytes = context.limits.stream_bytes;
  exchange_->request.client_address = peer.address;
  exchange_->request.peer = std::move(peer);
}

void Connection::start() {
  exchange_->connection = weak_from_this();
  error_code ignored;
  socket_.non_blocking(true, ignored);
  enter(Phase::kIdle, context_.limits.idle_time);
  wait_readable();
}

void Connection::enter(Phase phase, std::chrono::milliseconds time) {
  phase_ = phase;
  deadline_ = std::chrono::steady_clock::now() + time;
}

// ---- reading

void Connection::wait_readable() {
  if (std::exchange(waiting_, true)) return;
  socket_.async_wait(Socket::wait_read, [self = shared_from_this()](const error_code& error) {
    self->waiting_ = false;
    if (!error) self->on_readable();
  });
}

void Connection::on_readable() {
  if (phase_ == Phase::kHandling && gone_) return hear_client();
  // What comes while an answer is being made or written waits in the kernel, which slows the sender down.
  if (phase_ == Phase::kHandling || phase_ == Phase::kWriting || phase_ == Phase::kClosed) return;
  error_code error;
  const std::size_t size = socket_.read_some(asio::buffer(context_.scratch), error);
  if (error == asio::error::would_block) return wait_readable();
  if (error) return close();
  if (phase_ == Phase::kStreaming || phase_ == Phase::kLingering) {
    discarded_ += size;
    return discarded_ > kLingerBytes ? close() : wait_readable();
  }
  if (phase_ == Phase::kIdle) enter(Phase::kReading, context_.limits.request_time);
  consume({context_.scratch.data(), size});
}

void Connection::begin_request() {
  parser_.reset();
  give_back(exchange_->head);
  give_back(exchange_->decoded);
  exchange_->request_id.clear();
  exchange_->request.method = Method::kGet;
  exchange_->request.caller.reset();
  exchange_->request.found.reset();
  early_.reset();
}

/// Parses what was left over and what is fresh, and keeps what is left now.
void Connection::consume(std::string_view fresh) {
  if (input_.empty()) {
    const std::size_t used = parse(fresh);
    input_.assign(fresh.substr(used));
  } else {
    input_.append(fresh);
    input_.erase(0, parse(input_));
  }
  switch (parser_.state()) {
    case RequestParser::State::kDone:
      return dispatch();
    case RequestParser::State::kRefused:
      if (parser_.refusal().status == kTooLargeStatus && route_ && route_->too_large && !early_) route_->too_large(exchange_->request);
      return refuse(parser_.refusal());
    default:
      break;
  }
  if (phase_ == Phase::kReading) wait_readable();
}

std::size_t Connection::parse(std::string_view bytes) {
  std::size_t used = 0;
  for (;;) {
    if (parser_.state() == RequestParser::State::kBody && !has_room_for(bytes.size() - used)) {
      give_up(no_memory());
      return bytes.size();
    }
    const std::size_t taken = used < bytes.size() ? parser_.feed(bytes.substr(used), *exchange_) : 0;
    used += taken;
    if (parser_.state() == RequestParser::State::kDecide) {
      decide(used < bytes.size());
      if (phase_ != Phase::kReading) return used;
    } else if (taken == 0) {
      return used;
    }
  }
}

/// The operator's socket is not held up by what comes in at the public port.
bool Connection::has_room_for(std::size_t bytes) {
  return exchange_->request.peer.door == Door::kSocket || body_room_.grow(exchange_->body, bytes);
}

// ---- deciding

void Connection::name_request() {
  const std::optional<std::string_view> given = exchange_->request.header("X-Request-Id");
  if (given && is_request_id(*given)) {
    exchange_->request_id = *given;
  } else {
    context_.ids.next(exchange_->request_id);
  }
  exchange_->request.request_id = exchange_->request_id;
}

/// Sets route_, or says why there is none for this caller. Who may not know comes before what there is.
std::optional<Response> Connection::find_route() {
  Request& request = exchange_->request;
  const Result<const Route*> found = context_.router.find(request);
  route_ = found ? *found : nullptr;
  if (const Result<void> admitted = context_.router.admit(request, route_); !admitted) return error(admitted.error());
  max_body_ = context_.limits.body_bytes;
  if (found && route_->gate) {
    Result<Passage> passage = route_->gate(request);
    if (!passage) return error(passage.error());
    max_body_ = passage->max_body;
    request.found = std::move(passage->found);
  }
  if (found) return std::nullopt;
  if (found.error().code != "method_not_allowed") return error(found.error());
  Response response = refusal(405, "invalid_request", found.error().message);
  response.headers.emplace_back("Allow", found.error().hint);
  return response;
}

void Connection::decide(bool body_follows_at_once) {
  name_request();
  if (!context_.proxies.empty())
    exchange_->request.client_address = context_.proxies.client_address(exchange_->request);
  early_ = find_route();
  const Framing& framing = parser_.framing();
  // Who asks before sending is told at once, and need not send; and a large body is not kept when nobody will read it.
  if (early_ && (framing.expects_continue || framing.content_length > kBodyAllowance)) return give_up(*early_);
  const std::size_t max_body = largest_body();
  parser_.allow_body(max_body, *exchange_);
  body_room_.expect(framing.chunked ? max_body : framing.content_length);
  if (parser_.state() != RequestParser::State::kBody || !framing.expects_continue || body_follows_at_once) return;
  // Nothing else is being written, so these few bytes fit.
  error_code error;
  socket_.write_some(asio::buffer(kContinue), error);
  if (error) close();
}

std::size_t Connection::largest_body() const {
  return early_ ? std::min(kBodyAllowance, context_.limits.body_bytes) : max_body_;
}

void Connection::dispatch() {
  phase_ = Phase::kHandling;
  deadline_ = TimePoint::max();
  Responder responder(exchange_);
  if (early_) return responder.respond(std::move(*early_));
  try {
    route_->handler(exchange_->request, std::move(responder));
  } catch (...) {
    // The Responder ended with the handler and has answered 500. What the exception says may quote the payload.
    context_.warn("the handler of " + std::string(method_name(route_->method)) + " " + route_->path +
                  " threw an exception");
  }
}

void Connection::refuse(const Refusal& why) {
  if (exchange_->request_id.empty()) context_.ids.next(exchange_->request_id);
  give_up(refusal(why.status, why.code, why.message));
}

/// The last answer of this connection, to a request that has not come to its end.
void Connection::give_up(const Response& response) {
  keep_alive_ = false;
  phase_ = Phase::kWriting;
  drop_body();
  out_.clear();
  const bool head_only = exchange_->request.method == Method::kHead;
  write_response(response, {exchange_->request_id, false, head_only, 1}, out_);
  if (write_now()) linger();
}

// ---- answering

void Connection::answer(Response response) {
  if (phase_ != Phase::kHandling) return;
  phase_ = Phase::kWriting;
  drop_body();
  keep_alive_ = parser_.keep_alive() && !response.close && !context_.draining;
  out_.clear();
  const bool head_only = exchange_->request.method == Method::kHead;
  write_response(response, {exchange_->request_id, keep_alive_, head_only, parser_.minor_version()}, out_);
  out_.erase(0, std::exchange(probed_, 0));
  gone_ = nullptr;
  half_closed_ = false;
  if (write_now()) finish_answer();
}

/// Writes `out_`. True when all of it is in the kernel's hands; else on_written() or close() follows.
bool Connection::write_now() {
  error_code error;
  written_ = socket_.write_some(asio::buffer(out_), error);
  if (error && error != asio::error::would_block) {
    close();
    return false;
  }
  if (written_ == out_.size()) return true;
  slice_start_ = written_;
  enter(phase_, context_.limits.write_time);
  write_rest();
  return false;
}

void Connection::write_rest() {
  writing_ = true;
  socket_.async_write_some(asio::buffer(out_) + written_,
                           [self = shared_from_this()](const error_code& error, std::size_t size) {
                             Connection& me = *self;
                             me.writing_ = false;
                             if (me.phase_ == Phase::kClosed) return;
                             if (error) return me.close();
                             me.written_ += size;
                             if (me.written_ == me.out_.size()) return me.on_written();
                             if (me.written_ - me.slice_start_ >= kSlice) {
                               me.slice_start_ = me.written_;
                               me.enter(me.phase_, me.context_.limits.write_time);
                             }
                             me.write_rest();
                           });
}

void Connection::on_written() {
  if (phase_ == Phase::kStreaming) return send_events();
  finish_answer();
}

/// Who has answered reads the request no more: others may have its memory while the answer is on its way.
void Connection::drop_body() {
  give_back(exchange_->body);
  body_room_.release();
}

void Connection::finish_answer() {
  give_back(out_);
  if (!keep_alive_ || context_.draining) return linger();
  begin_request();
  if (input_.empty()) {
    give_back(input_);
    enter(Phase::kIdle, context_.limits.idle_time);
    return wait_readable();
  }
  enter(Phase::kReading, context_.limits.request_time);
  consume({});
}

/// Closing while the client's bytes are unread resets the connection, and the client may never see the answer
/// (RFC 9112, section 9.6). So: say that we are done, and listen a little longer.
void Connection::linger() {
  error_code error;
  socket_.shutdown(Socket::shutdown_send, error);
  if (error) return close();
  discarded_ = 0;
  enter(Phase::kLingering, context_.limits.linger_time);
  wait_readable();
}

// ---- streaming

void Connection::start_stream(std::shared_ptr<StreamState> stream, Response head) {
  if (phase_ != Phase::kHandling) return stream->lose();
  stream_ = std::move(stream);
  phase_ = Phase::kStreaming;
  drop_body();
  discarded_ = 0;
  keep_alive_ = false;
  out_.clear();
  write_stream_head(head, exchange_->request_id, out_);
  if (exchange_->request.method == Method::kHead) stream_->lose();
  if (context_.draining) stream_->close();
  wait_readable();  // a reader that hangs up shows by an end of file
  if (write_now()) send_events();
}

void Connection::send_events() {
  while (phase_ == Phase::kStreaming && !writing_) {
    const bool goes_on = stream_->take(out_);
    if (!out_.empty()) {
      if (!write_now()) return;
    } else if (goes_on) {
      return enter(Phase::kStreaming, context_.limits.ping_time);
    } else {
      return linger();
    }
  }
  // A stream that lost its reader's pace is over, whatever is still being written.
  if (phase_ == Phase::kStreaming && stream_->overrun()) close();
}

// ---- ending

void Connection::on_deadline() {
  switch (phase_) {
    case Phase::kReading:
      return refuse(kTooSlow);
    case Phase::kStreaming:
      if (writing_) return close();
      out_ = kPing;
      if (write_now()) send_events();
      return;
    case Phase::kHandling:
      deadline_ = TimePoint::max();
      if (gone_ && half_closed_) probe_client();
      return;
    default:
      return close();
  }
}

void Connection::drain() {
  if (phase_ == Phase::kIdle) return close();
  if (phase_ == Phase::kStreaming) stream_->close();
}

void Connection::close() {
  if (phase_ == Phase::kClosed) return;
  const std::shared_ptr<Connection> self = shared_from_this();
  phase_ = Phase::kClosed;
  deadline_ = TimePoint::max();
  error_code ignored;
  socket_.close(ignored);
  if (stream_) stream_->lose();
  // The body itself may be in use by a handler, and goes with the Responder.
  body_room_.release();
  context_.table.remove(this, address_key_);
}

}  // namespace ipaas::daemon::http
