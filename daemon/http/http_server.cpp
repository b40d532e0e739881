#include "daemon/http/http_server.h"

#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <condition_variable>
#include <future>
#include <list>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "daemon/crash_report.h"
#include "daemon/http/acceptor.h"
#include "daemon/http/connection.h"
#include "daemon/http/envelope.h"
#include "daemon/http/listener.h"
#include "daemon/http/response_writer.h"
#include "daemon/http/server_context.h"

namespace ipaas::daemon::http {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;

/// File descriptors that connections leave to the rest of the process: its database, its calls.
constexpr std::size_t kReservedFiles = 64;

std::size_t file_limit() {
  rlimit limit{};
  return getrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : 1024;
}

milliseconds sweep_interval(const Limits& limits) {
  const milliseconds smallest =
      std::min({limits.request_time, limits.idle_time, limits.write_time, limits.linger_time, limits.ping_time});
  return std::clamp(smallest / 4, milliseconds(1), milliseconds(250));
}

}  // namespace

class HttpServer::Core {
 public:
  Core(Limits limits, const Router& router, Randomness& randomness, Warn warn)
      : context_(
            std::move(limits), router, randomness, warn ? std::move(warn) : [](std::string_view) {}),
        work_(asio::make_work_guard(io_)),
        sweeper_(io_),
        interval_(sweep_interval(context_.limits)) {
    context_.inbox = std::make_shared<Inbox>(io_);
  }

  [[nodiscard]] Result<std::uint16_t> listen_tcp(const std::string& host, std::uint16_t port, Door door) {
    if (auto trusted = trust_proxies(); !trusted) return tl::unexpected<Error>(trusted.error());
    Result<FileDescriptor> socket = open_tcp_listener(host, port);
    if (!socket) return tl::unexpected<Error>(socket.error());
    const std::uint16_t bound = local_port(socket->get());
    add_acceptor(std::move(*socket), door);
    return bound;
  }

  [[nodiscard]] Result<void> listen_unix(const std::string& path, unsigned mode) {
    if (auto trusted = trust_proxies(); !trusted) return trusted;
    Result<UnixListener> listener = UnixListener::open(path, mode);
    if (!listener) return tl::unexpected<Error>(listener.error());
    add_acceptor(listener->take_socket(), Door::kSocket);
    unix_listeners_.push_back(std::move(*listener));
    return {};
  }

  void start() {
    asio::post(io_, [this] {
      for (Acceptor& acceptor : acceptors_) acceptor.start();
      sweep();
    });
    thread_ = std::jthread([this] {
      const FaultStack fault_stack;
      io_.run();
    });
  }

  void stop_accepting() {
    on_io_thread([this] {
      context_.draining = true;
      for (Acceptor& acceptor : acceptors_) acceptor.close();
      for (UnixListener& listener : unix_listeners_) listener.remove_file();
      unix_listeners_.clear();
      for (const auto& connection : context_.table.all()) connection->drain();
    });
  }

  bool drain(milliseconds time) {
    const auto end = std::chrono::steady_clock::now() + time;
    std::unique_lock lock(mutex_);
    return swept_.wait_until(lock, end, [this] { return connections() == 0; });
  }

  void stop() {
    stop_accepting();
    context_.inbox->close();
    on_io_thread([this] {
      for (const auto& connection : context_.table.all()) connection->close();
      sweeper_.cancel();
    });
    io_.stop();
    if (thread_.joinable()) thread_.join();
  }

  [[nodiscard]] std::size_t connections() const { return context_.table.size(); }

 private:
  Result<void> trust_proxies() {
    Result<TrustedProxies> proxies = TrustedProxies::parse(context_.limits.trusted_proxies);
    if (!proxies) return tl::unexpected<Error>(proxies.error());
    context_.proxies = std::move(*proxies);
    return {};
  }

  void add_acceptor(FileDescriptor socket, Door door) {
    acceptors_.emplace_back(io_, std::move(socket), door,
                            Acceptor::Hooks{[this, door] { return door == Door::kSocket || has_files(); },
                                            [this](FileDescriptor client, int family, Peer peer) {
                                              accept(std::move(client), family, std::move(peer));
                                            },
                                            context_.warn});
  }

  /// Runs it there and waits for it, or here while there is no such thread.
  template <typename Action>
  void on_io_thread(Action action) {
    if (!thread_.joinable()) return action();
    std::promise<void> done;
    asio::post(io_, [&] {
      action();
      done.set_value();
    });
    done.get_future().wait();
  }

  /// For the public port; the operator's socket may use what is kept back.
  [[nodiscard]] bool has_files() const {
    const std::size_t limit = file_limit();
    return connections() + std::min(kReservedFiles, limit / 4) < limit;
  }

  void accept(FileDescriptor client, int family, Peer peer) {
    const bool local = peer.door == Door::kSocket;
    const bool exempt = local || context_.proxies.contains(peer.address);
    const std::string key = exempt ? std::string() : client_network(peer.address);
    // The operator's socket stays open when the public port is full.
    if (!local && !context_.table.has_room(key)) return turn_away(client.get());
    Connection::Socket socket(io_, asio::generic::stream_protocol(family, 0), client.release());
    auto connection = std::make_shared<Connection>(context_, std::move(socket), std::move(peer), key);
    context_.table.add(connection, key);
    connection->start();
  }

  void turn_away(int client) {
    Response response = refusal(503, "rate_limited", "too many connections");
    response.headers.emplace_back("Retry-After", "1");
    std::string id;
    context_.ids.next(id);
    std::string text;
    write_response(response, {id, false, false, 1}, text);
    // Whoever cannot take these few bytes at once goes without.
    static_cast<void>(::send(client, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT));
  }

  /// One timer for all deadlines: a timer a connection would be armed and disarmed with every request.
  void sweep() {
    for (const auto& connection : context_.table.due(std::chrono::steady_clock::now())) connection->on_deadline();
    {
      // Taken so that drain() cannot look and then miss the news.
      const std::lock_guard lock(mutex_);
    }
    swept_.notify_all();
    sweeper_.expires_after(interval_);
    sweeper_.async_wait([this](const boost::system::error_code& error) {
      if (!error) sweep();
    });
  }

  asio::io_context io_{1};
  ServerContext context_;
  asio::executor_work_guard<asio::io_context::executor_type> work_;
  std::list<Acceptor> acceptors_;
  std::vector<UnixListener> unix_listeners_;
  asio::steady_timer sweeper_;
  const milliseconds interval_;
  std::mutex mutex_;  ///< guards nothing but the moment between drain()'s look and its wait
  std::condition_variable swept_;
  std::jthread thread_;
};

HttpServer::HttpServer(Limits limits, const Router& router, Randomness& randomness, Warn warn)
    : core_(std::make_unique<Core>(std::move(limits), router, randomness, std::move(warn))) {}

HttpServer::~HttpServer() {
  core_->stop();
}

Result<std::uint16_t> HttpServer::listen_tcp(const std::string& host, std::uint16_t port, Door door) {
  return core_->listen_tcp(host, port, door);
}
Result<void> HttpServer::listen_unix(const std::string& path, unsigned mode) {
  return core_->listen_unix(path, mode);
}
void HttpServer::start() {
  core_->start();
}
void HttpServer::stop_accepting() {
  core_->stop_accepting();
}
bool HttpServer::drain(std::chrono::milliseconds time) {
  return core_->drain(time);
}
void HttpServer::stop() {
  core_->stop();
}
std::size_t HttpServer::connections() const {
  return core_->connections();
}

}  // namespace ipaas::daemon::http
