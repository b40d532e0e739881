// One client: reads a request, waits for its answer, writes it, and again.
#pragma once

#include <boost/asio/generic/stream_protocol.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "daemon/http/body_budget.h"
#include "daemon/http/exchange.h"
#include "daemon/http/request_parser.h"
#include "daemon/http/responder.h"
#include "daemon/http/router.h"
#include "daemon/http/server_context.h"

namespace ipaas::daemon::http {

/// Lives on the io thread. Requests of one connection are handled one after the other, so pipelined answers are in
/// order.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  using Socket = boost::asio::generic::stream_protocol::socket;
  using TimePoint = std::chrono::steady_clock::time_point;

  /// `address_key` is what ConnectionTable counts by. `context` must outlive this, except for the destructor.
  Connection(ServerContext& context, Socket socket, Peer peer, std::string address_key);

  void start();

  /// The three ends of a Responder, by way of the Inbox.
  void answer(Response response);
  void start_stream(std::shared_ptr<StreamState> stream, Response head);
  void send_events();
  /// The answer will take its time: the body is let go, and `gone` called if the client goes away before it.
  void hold(std::function<void()> gone);

  /// When the present phase has lasted too long; on_deadline() then ends it.
  [[nodiscard]] TimePoint deadline() const { return deadline_; }
  void on_deadline();

  /// Ends the connection now where it is idle, else after the present answer.
  void drain();
  void close();

 private:
  enum class Phase {
    kIdle,       ///< between requests
    kReading,    ///< a request has begun
    kHandling,   ///< a Responder is out
    kWriting,    ///< the answer does not fit into the socket's buffer
    kStreaming,  ///< events
    kLingering,  ///< all is said; the client may still be talking
    kClosed,
  };

  void wait_readable();
  void on_readable();
  void begin_request();
  void consume(std::string_view fresh);
  std::size_t parse(std::string_view bytes);
  bool has_room_for(std::size_t bytes);
  void decide(bool body_follows_at_once);
  [[nodiscard]] std::size_t largest_body() const;
  std::optional<Response> find_route();
  void name_request();
  void dispatch();
  void hear_client();
  void probe_client();
  void listen_for_reset();
  void client_gone();
  void refuse(const Refusal& refusal);
  void give_up(const Response& response);
  bool write_now();
  void write_rest();
  void on_written();
  void drop_body();
  void finish_answer();
  void linger();
  void enter(Phase phase, std::chrono::milliseconds time);

  ServerContext& context_;
  Socket socket_;
  const std::string address_key_;
  std::shared_ptr<Exchange> exchange_;
  RequestParser parser_;
  BodyRoom body_room_;
  Phase phase_ = Phase::kIdle;
  TimePoint deadline_ = TimePoint::max();
  bool waiting_ = false;  ///< an async_wait is out

  std::string input_;  ///< read and not parsed: a pipelined request, or half a chunk header
  const Route* route_ = nullptr;
  std::size_t max_body_ = 0;        ///< of the present request
  std::optional<Response> early_;  ///< known before the body has come: no such path, not allowed

  std::string out_;
  std::size_t written_ = 0;
  std::size_t slice_start_ = 0;  ///< of the slice whose deadline runs
  bool writing_ = false;         ///< an async write is out
  bool keep_alive_ = true;
  std::size_t discarded_ = 0;

  std::shared_ptr<StreamState> stream_;

  std::function<void()> gone_;         ///< while an answer is held
  bool half_closed_ = false;           ///< the client sends no more, and perhaps listens no more
  bool awaits_reset_ = false;          ///< an async_wait for an error is out
  std::size_t probed_ = 0;             ///< bytes of the answer that were sent ahead of it
};

}  // namespace ipaas::daemon::http
