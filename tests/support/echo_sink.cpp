// A service on loopback for tests, examples and measurements: writes down what it is asked and answers as it is told.
//
//   echo_sink [--listen 127.0.0.1:0] [--status 200] [--first N] [--delay-ms 0] [--count-file FILE] [--quiet]
//   [--black-hole]
//
// Its first line on standard output is {"listening":PORT}. Then comes one JSON line a request: method, path, body and,
// where they were sent, the Authorization and Idempotency-Key headers. POST /api/chat.postMessage is answered as Slack
// answers, everything else with `ok`. With --first, only the first N requests get --status; later ones get 200.
// A path that begins with /hold is never answered; when the caller goes away, a line says which path that was and when,
// in milliseconds since 1970. With --black-hole there is a second port, named on the first line, to which nobody can
// connect, though nobody refuses it either.
#include <CLI/CLI.hpp>
#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <deque>
#include <fstream>
#include <iostream>
#include <limits>
#include <memory>
#include <optional>
#include <string>

#include "core/base/json.h"

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using Tcp = asio::ip::tcp;
using Request = http::request<http::string_body>;
using Response = http::response<http::string_body>;

constexpr std::uint64_t kLargestBody = 64ULL * 1024 * 1024;

struct Options {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;
  unsigned status = 200;
  std::uint64_t first = std::numeric_limits<std::uint64_t>::max();
  std::chrono::milliseconds delay{0};
  std::string count_file;
  bool quiet = false;
  bool black_hole = false;
};

std::string text_of(beast::string_view view) {
  return {view.data(), view.size()};
}

/// What was asked, for everybody to see. One thread uses it.
class Notebook {
 public:
  explicit Notebook(const Options& options) : options_(options) {}

  static void write_down_end(const std::string& path) {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const ipaas::Json line = {{"gone", path},
                              {"at", std::chrono::duration_cast<std::chrono::milliseconds>(now).count()}};
    std::cout << line.dump() << std::endl;
  }

  /// How many requests there were, this one counted.
  std::uint64_t write_down(const Request& request) {
    ++count_;
    if (!options_.count_file.empty()) std::ofstream(options_.count_file, std::ios::trunc) << count_ << '\n';
    if (options_.quiet) return count_;
    ipaas::Json line = {
        {"method", text_of(request.method_string())}, {"path", text_of(request.target())}, {"body", request.body()}};
    note(line, "authorization", request, "Authorization");
    note(line, "idempotency_key", request, "Idempotency-Key");
    std::cout << line.dump(-1, ' ', false, ipaas::Json::error_handler_t::replace) << std::endl;
    return count_;
  }

 private:
  static void note(ipaas::Json& line, const char* key, const Request& request, const char* header) {
    if (const auto found = request.find(header); found != request.end()) line[key] = text_of(found->value());
  }

  const Options& options_;
  std::uint64_t count_ = 0;
};

/// Slack's answer to chat.postMessage, as its documentation shows it, or `ok`.
Response answer_to(const Request& request, unsigned status) {
  const bool slack =
      request.method() == http::verb::post && request.target() == "/api/chat.postMessage" && status == 200;
  Response response(static_cast<http::status>(status), request.version());
  response.set(http::field::content_type, slack ? "application/json; charset=utf-8" : "text/plain");
  response.body() =
      slack ? R"({"ok":true,"channel":"C024BE91L","ts":"1503435956.000247","message":{"type":"message"}})" : "ok";
  response.keep_alive(request.keep_alive());
  response.prepare_payload();
  return response;
}

/// One connection: request, wait, answer, again. Keeps itself alive while something is under way.
class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(Tcp::socket socket, const Options& options, Notebook& notebook)
      : stream_(std::move(socket)), timer_(stream_.get_executor()), options_(options), notebook_(notebook) {}

  void read() {
    parser_.emplace();
    parser_->body_limit(kLargestBody);
    http::async_read(stream_, buffer_, *parser_, [self = shared_from_this()](beast::error_code failure, std::size_t) {
      if (!failure) self->receive();
    });
  }

 private:
  void receive() {
    const std::uint64_t number = notebook_.write_down(parser_->get());
    if (parser_->get().target().starts_with("/hold")) return hold();
    response_ = answer_to(parser_->get(), number <= options_.first ? options_.status : 200);
    if (options_.delay.count() == 0) return write();
    timer_.expires_after(options_.delay);
    timer_.async_wait([self = shared_from_this()](beast::error_code failure) {
      if (!failure) self->write();
    });
  }

  void hold() {
    stream_.async_read_some(asio::buffer(byte_), [self = shared_from_this()](beast::error_code failure, std::size_t) {
      if (!failure) return self->hold();
      Notebook::write_down_end(text_of(self->parser_->get().target()));
    });
  }

  void write() {
    http::async_write(stream_, response_, [self = shared_from_this()](beast::error_code failure, std::size_t) {
      if (!failure && self->response_.keep_alive()) self->read();
    });
  }

  beast::tcp_stream stream_;
  asio::steady_timer timer_;
  beast::flat_buffer buffer_;
  std::array<char, 1> byte_{};
  std::optional<http::request_parser<http::string_body>> parser_;
  Response response_;
  const Options& options_;
  Notebook& notebook_;
};

void accept_next(Tcp::acceptor& acceptor, const Options& options, Notebook& notebook) {
  acceptor.async_accept([&](beast::error_code failure, Tcp::socket socket) {
    if (failure == asio::error::operation_aborted) return;
    if (!failure) {
      beast::error_code ignored;
      socket.set_option(Tcp::no_delay(true), ignored);
      std::make_shared<Session>(std::move(socket), options, notebook)->read();
    }
    accept_next(acceptor, options, notebook);
  });
}

/// A port whose queue of connections is full, and stays full: whoever connects waits.
class BlackHole {
 public:
  explicit BlackHole(asio::io_context& io) : acceptor_(io) {
    const Tcp::endpoint anywhere(asio::ip::address_v4::loopback(), 0);
    acceptor_.open(anywhere.protocol());
    acceptor_.bind(anywhere);
    acceptor_.listen(0);
    for (int i = 0; i < kFillers; ++i) {
      Tcp::socket& filler = fillers_.emplace_back(io);
      filler.open(anywhere.protocol());
      filler.async_connect(acceptor_.local_endpoint(), [](beast::error_code) {});
    }
  }

  [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

 private:
  static constexpr int kFillers = 4;

  Tcp::acceptor acceptor_;
  std::deque<Tcp::socket> fillers_;
};

void serve(const Options& options) {
  asio::io_context io(1);
  Notebook notebook(options);
  Tcp::acceptor acceptor(io, Tcp::endpoint(asio::ip::make_address(options.host), options.port), true);
  asio::signal_set signals(io, SIGINT, SIGTERM);
  signals.async_wait([&](beast::error_code, int) { io.stop(); });
  ipaas::Json first = {{"listening", acceptor.local_endpoint().port()}};
  std::optional<BlackHole> black_hole;
  if (options.black_hole) first["black_hole"] = black_hole.emplace(io).port();
  std::cout << first.dump() << std::endl;
  accept_next(acceptor, options, notebook);
  io.run();
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App parser("Writes down every request as a JSON line and answers as it is told.", "echo_sink");
  Options options;
  std::string listen = "127.0.0.1:0";
  std::int64_t delay = 0;
  parser.add_option("--listen", listen, "ADDRESS:PORT; port 0 takes a free one");
  parser.add_option("--status", options.status, "Status of the answers")->check(CLI::Range(200, 599));
  parser.add_option("--first", options.first, "Only so many answers get --status; the others get 200");
  parser.add_option("--delay-ms", delay, "Milliseconds before each answer")->check(CLI::Range(0, 600'000));
  parser.add_option("--count-file", options.count_file, "Keeps the number of requests in this file");
  parser.add_flag("--black-hole", options.black_hole, "Also a port to which nobody can connect");
  parser.add_flag("--quiet", options.quiet, "Write no line a request");
  CLI11_PARSE(parser, argc, argv);
  try {
    const std::size_t colon = listen.rfind(':');
    options.host = listen.substr(0, colon);
    options.port = static_cast<std::uint16_t>(std::stoi(listen.substr(colon + 1)));
    options.delay = std::chrono::milliseconds(delay);
    serve(options);
    return 0;
  } catch (const std::exception& failure) {
    std::cerr << "error: " << listen << ": " << failure.what() << '\n';
    return 1;
  }
}
