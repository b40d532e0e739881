#include "tests/e2e/crash/sink.h"

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
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

/// Draws how each request is treated, and counts. `draw` is for the one thread that serves.
class Manners {
 public:
  explicit Manners(std::uint64_t seed) : random_(seed) {}

  std::atomic<unsigned> bad_percent{0};

  Manner draw() {
    std::size_t manner = 0;
    if (number_below(100) < bad_percent) manner = 1 + number_below(kManners - 1);
    ++treated_.at(manner);
    return static_cast<Manner>(manner);
  }
  std::chrono::milliseconds delay() { return std::chrono::milliseconds(number_below(kLongestDelay + 1)); }

  [[nodiscard]] std::array<std::uint64_t, kManners> treated() const {
    std::array<std::uint64_t, kManners> counts{};
    for (std::size_t i = 0; i < kManners; ++i) counts.at(i) = treated_.at(i);
    return counts;
  }

 private:
  std::size_t number_below(std::size_t end) { return std::uniform_int_distribution<std::size_t>(0, end - 1)(random_); }

  std::mt19937_64 random_;
  std::array<std::atomic<std::uint64_t>, kManners> treated_{};
};

std::string text_of(const Json& body, const char* key) {
  const auto found = body.find(key);
  if (found == body.end()) return {};
  return found->is_string() ? found->get<std::string>() : found->dump();
}

/// One connection of the daemon. Keeps itself alive while something is under way.
class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(Tcp::socket socket, Ledger& ledger, Manners& manners)
      : stream_(std::move(socket)), timer_(stream_.get_executor()), ledger_(ledger), manners_(manners) {}

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
      ledger_.delivered(text_of(*body, "id"), text_of(*body, "part"), text_of(*body, "execution"),
                        {key.data(), key.size()});
    }
    switch (manners_.draw()) {
      case Manner::kAnswers:
        return after(manners_.delay(), [this] { answer(); });
      case Manner::kNeverAnswers:
        return wait_for_its_end();
      case Manner::kResets:
        return reset();
      case Manner::kDrips:
        return drip(0);
    }
  }

  template <typename Action>
  void after(std::chrono::milliseconds time, Action action) {
    timer_.expires_after(time);
    timer_.async_wait([self = shared_from_this(), action](beast::error_code failure) {
      if (!failure) action();
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

  void wait_for_its_end() {
    stream_.async_read_some(asio::buffer(byte_), [self = shared_from_this()](beast::error_code failure, std::size_t) {
      if (!failure) self->wait_for_its_end();
    });
  }

  void reset() {
    stream_.socket().set_option(asio::socket_base::linger(true, 0));
    stream_.socket().close();
  }

  /// A byte a second, of an answer that would be over in a minute.
  void drip(std::size_t sent) {
    static const std::string kAnswer = "HTTP/1.1 200 OK\r\nContent-Length: 30\r\n\r\n" + std::string(30, 'x');
    if (sent == kAnswer.size()) return;
    asio::async_write(stream_, asio::buffer(&kAnswer.at(sent), 1),
                      [self = shared_from_this(), sent](beast::error_code failure, std::size_t) {
                        if (failure) return;
                        self->after(std::chrono::seconds(1), [session = self.get(), sent] { session->drip(sent + 1); });
                      });
  }

  beast::tcp_stream stream_;
  asio::steady_timer timer_;
  beast::flat_buffer buffer_;
  std::array<char, 1> byte_{};
  http::request<http::string_body> request_;
  http::response<http::string_body> response_;
  Ledger& ledger_;
  Manners& manners_;
};

}  // namespace

class Sink::Server {
 public:
  Server(Ledger& ledger, std::uint64_t seed)
      : ledger_(ledger), manners_(seed), acceptor_(io_, Tcp::endpoint(asio::ip::address_v4::loopback(), 0)) {
    accept_next();
    thread_ = std::jthread([this] { io_.run(); });
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server() { io_.stop(); }

  [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
  [[nodiscard]] Manners& manners() { return manners_; }

 private:
  void accept_next() {
    acceptor_.async_accept([this](beast::error_code failure, Tcp::socket socket) {
      if (!failure) std::make_shared<Session>(std::move(socket), ledger_, manners_)->read();
      accept_next();
    });
  }

  Ledger& ledger_;
  Manners manners_;
  asio::io_context io_{1};
  Tcp::acceptor acceptor_;
  std::jthread thread_;
};

Sink::Sink(Ledger& ledger, std::uint64_t seed) : server_(std::make_unique<Server>(ledger, seed)) {}
Sink::~Sink() = default;

std::uint16_t Sink::port() const {
  return server_->port();
}

void Sink::misbehave(unsigned percent) {
  server_->manners().bad_percent = percent;
}

std::array<std::uint64_t, kManners> Sink::treated() const {
  return server_->manners().treated();
}

}  // namespace ipaas::test
