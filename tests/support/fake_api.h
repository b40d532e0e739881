// A daemon's API on a Unix socket, as far as a test says what it answers.
#pragma once

#include <httplib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace ipaas::test {

/// Listens as long as it lives. Add routes before `start`.
class FakeApi {
 public:
  struct Seen {
    std::string method;
    std::string target;
    std::string tenant;
    std::string last_event_id;
    std::string body;
  };

  FakeApi() {
    std::string pattern = (std::filesystem::temp_directory_path() / "ipaas-fake-api-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary directory");
    directory_ = pattern;
    server_.set_address_family(AF_UNIX);
    server_.set_keep_alive_max_count(1);
    server_.set_pre_routing_handler([this](const httplib::Request& request, httplib::Response&) {
      const std::lock_guard lock(mutex_);
      seen_.push_back({request.method, request.target, request.get_header_value("X-Ipaas-Tenant"),
                       request.get_header_value("Last-Event-ID"), request.body});
      return httplib::Server::HandlerResponse::Unhandled;
    });
  }
  ~FakeApi() {
    stop();
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
  }
  FakeApi(const FakeApi&) = delete;
  FakeApi& operator=(const FakeApi&) = delete;

  /// `data` is what the envelope of a success holds.
  void get(const std::string& path, std::string data, std::string meta = "{}") {
    server_.Get(path, enveloped(std::move(data), std::move(meta)));
  }
  void post(const std::string& path, std::string data, int status = 200) {
    server_.Post(path, [this, status, answer = enveloped(std::move(data), "{}")](const httplib::Request& request,
                                                                                 httplib::Response& response) {
      answer(request, response);
      response.status = status;
      const std::lock_guard lock(mutex_);
      bodies_.push_back(request.body);
    });
  }
  void remove(const std::string& path, std::string data) { server_.Delete(path, enveloped(std::move(data), "{}")); }
  void refuse(const std::string& path, int status, const std::string& error) {
    const auto handler = [status, error](const httplib::Request&, httplib::Response& response) {
      response.status = status;
      response.set_content(R"({"success":false,"error":)" + error + R"(,"meta":{}})", "application/json");
    };
    server_.Get(path, handler);
    server_.Post(path, handler);
    server_.Delete(path, handler);
  }
  /// Anything else, such as a stream.
  [[nodiscard]] httplib::Server& server() { return server_; }

  /// The socket takes connections when this returns, so that nothing has to wait.
  void start() {
    // The port means nothing for a Unix socket.
    if (!server_.bind_to_port(socket(), 80)) throw std::runtime_error("cannot listen on " + socket());
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    // A server that is stopped before it runs ignores that, and runs for ever.
    while (!server_.is_running()) std::this_thread::yield();
  }
  void stop() {
    if (!thread_.joinable()) return;
    server_.stop();
    thread_.join();
  }

  [[nodiscard]] std::string socket() const { return directory_ + "/ipaasd.sock"; }
  [[nodiscard]] std::string host() const { return "unix://" + socket(); }
  [[nodiscard]] const std::string& directory() const { return directory_; }
  [[nodiscard]] std::vector<Seen> seen() const {
    const std::lock_guard lock(mutex_);
    return seen_;
  }
  /// Of the POST requests, in order.
  [[nodiscard]] std::vector<std::string> bodies() const {
    const std::lock_guard lock(mutex_);
    return bodies_;
  }

 private:
  static std::function<void(const httplib::Request&, httplib::Response&)> enveloped(std::string data,
                                                                                    std::string meta) {
    return [data = std::move(data), meta = std::move(meta)](const httplib::Request&, httplib::Response& response) {
      response.set_content(R"({"success":true,"data":)" + data + R"(,"meta":)" + meta + "}", "application/json");
    };
  }

  std::string directory_;
  httplib::Server server_;
  std::thread thread_;
  mutable std::mutex mutex_;  ///< guards seen_ and bodies_
  std::vector<Seen> seen_;
  std::vector<std::string> bodies_;
};

}  // namespace ipaas::test
