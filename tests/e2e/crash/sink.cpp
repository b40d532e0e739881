#include "tests/e2e/crash/sink.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <optional>
#include <random>
#include <thread>

#include "core/base/json.h"

namespace ipaas::test {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using Tcp = asio::ip::tcp;

constexpr int kLongestDelay = 40;  ///< milliseconds before an answer

/// One connection of the daemon. Keeps itself alive while something is under way.
class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(Tcp::socket socket, Ledger& ledger, std::mt19937_64& random)
      : stream_(std::move(socket)), timer_(stream_.get_executor()), ledger_(ledger), random_(random) {}

  void read() {
    request_ = {};
    http::async_read(stream_, buffer_, request_, [self = shared_from_this()](beast::error_code failure, std::size_t) {
      if (!failure) self->receive();
    });
  }

 private:
  void receive() {
    if (const auto body = parse_json(request_.body())) {
      const auto key = request_["Idempotency-Key"];
      ledger_.delivered(body->value("id", ""), body->value("execution", ""), {key.data(), key.size()});
    }
    timer_.expires_after(std::chrono::milliseconds(std::uniform_int_distribution<int>(0, kLongestDelay)(random_)));
    timer_.async_wait([self = shared_from_this()](beast::error_code failure) {
      if (!failure) self->answer();
    });
  }

  void answer() {
    response_ = {http::status::ok, request_.version(), "{}"};
    response_.set(http::field::content_type, "application/json");
    response_.prepare_payload();
    http::async_write(stream_, response_, [self = shared_from_this()](beast::error_code failure, std::size_t) {
      if (!failure) self->read();
    });
  }

  beast::tcp_stream stream_;
  asio::steady_timer timer_;
  beast::flat_buffer buffer_;
  http::request<http::string_body> request_;
  http::response<http::string_body> response_;
  Ledger& ledger_;
  std::mt19937_64& random_;
};

}  // namespace

class Sink::Server {
 public:
  Server(Ledger& ledger, std::uint64_t seed)
      : ledger_(ledger), random_(seed), acceptor_(io_, Tcp::endpoint(asio::ip::address_v4::loopback(), 0)) {
    accept_next();
    thread_ = std::jthread([this] { io_.run(); });
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server() { io_.stop(); }

  [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

 private:
  void accept_next() {
    acceptor_.async_accept([this](beast::error_code failure, Tcp::socket socket) {
      if (!failure) std::make_shared<Session>(std::move(socket), ledger_, random_)->read();
      accept_next();
    });
  }

  Ledger& ledger_;
  std::mt19937_64 random_;
  asio::io_context io_{1};
  Tcp::acceptor acceptor_;
  std::jthread thread_;
};

Sink::Sink(Ledger& ledger, std::uint64_t seed) : server_(std::make_unique<Server>(ledger, seed)) {}
Sink::~Sink() = default;

std::uint16_t Sink::port() const { return server_->port(); }

}  // namespace ipaas::test
