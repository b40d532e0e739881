// The Unix socket: whose it is, and when it may be replaced.
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "tests/unit/daemon/http_fixture.h"

using namespace ipaas;
using namespace ipaas::test;
namespace fs = std::filesystem;

namespace {

class Directory {
 public:
  Directory() {
    char name[] = "/tmp/ipaas-http-XXXXXX";
    path_ = mkdtemp(name);
  }
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;
  ~Directory() { fs::remove_all(path_); }
  [[nodiscard]] std::string file(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

/// A server on a Unix socket that says who asks.
class SocketServer {
 public:
  explicit SocketServer(const std::string& path) {
    router_.add({http::Method::kGet, "/me", Permission::kPublic, [](const http::Request& request, http::Responder to) {
                   to.respond(
                       http::raw(200, "text/plain", std::to_string(*request.peer.uid) + " " + request.client_address));
                 }});
    router_.add({http::Method::kGet, "/public", Permission::kPublic,
                 [](const http::Request&, http::Responder to) { to.respond(http::empty(204)); }, http::Doors::kPublic});
    opened = server_.listen_unix(path);
    server_.start();
  }
  Result<void> opened;
  http::HttpServer& server() { return server_; }

 private:
  FakeRandomness randomness_;
  http::Router router_;
  http::HttpServer server_{{}, router_, randomness_};
};

mode_t mode_of(const std::string& path) {
  struct stat status {};
  return stat(path.c_str(), &status) == 0 ? status.st_mode & 0777 : 0;
}

}  // namespace

TEST_CASE("the socket knows its caller by the kernel's word, and serves its own routes") {
  const Directory directory;
  const std::string path = directory.file("run/ipaasd.sock");
  SocketServer server(path);
  REQUIRE(server.opened);
  CHECK(mode_of(path) == 0660);
  CHECK(mode_of(directory.file("run")) == 0750);
  RawClient client(path);
  CHECK(client.ask(get("/me")).body == std::to_string(getuid()) + " unix");
  CHECK(client.ask(get("/public")).status == 404);
  server.server().stop();
  CHECK_FALSE(fs::exists(path));
}

TEST_CASE("a stale socket is replaced, one that answers is not") {
  const Directory directory;
  const std::string path = directory.file("s");
  {
    const int stale = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    const void* const untyped = &address;
    REQUIRE(bind(stale, static_cast<const sockaddr*>(untyped), sizeof address) == 0);
    close(stale);
  }
  SocketServer first(path);
  REQUIRE(first.opened);
  SocketServer second(path);
  REQUIRE_FALSE(second.opened);
  CHECK(second.opened.error().kind == ErrorKind::kConflict);
  CHECK(second.opened.error().message == "another daemon answers on " + path);
  CHECK(RawClient(path).ask(get("/me")).status == 200);
}

TEST_CASE("a file that is no socket stays, and a path that is too long is said to be") {
  const Directory directory;
  const std::string path = directory.file("notes");
  std::ofstream(path) << "mine";
  SocketServer over_file(path);
  REQUIRE_FALSE(over_file.opened);
  CHECK(fs::file_size(path) == 4);
  SocketServer too_long(directory.file(std::string(120, 'a')));
  REQUIRE_FALSE(too_long.opened);
  CHECK(too_long.opened.error().kind == ErrorKind::kInvalid);
  CHECK(too_long.opened.error().message.find("107") != std::string::npos);
}

TEST_CASE("a port in use and a host that is none are errors that say what to do") {
  ServerFixture server;
  FakeRandomness randomness;
  const http::Router router;
  http::HttpServer other({}, router, randomness);
  const Result<std::uint16_t> taken = other.listen_tcp("127.0.0.1", server.port());
  REQUIRE_FALSE(taken);
  CHECK(taken.error().kind == ErrorKind::kConflict);
  CHECK(taken.error().message == "port " + std::to_string(server.port()) + " is in use");
  CHECK(taken.error().hint.find("--listen") != std::string::npos);
  CHECK_FALSE(other.listen_tcp("not an address", 0));
}

TEST_CASE("trusted proxies that are no networks are refused when listening") {
  FakeRandomness randomness;
  const http::Router router;
  http::Limits limits;
  limits.trusted_proxies = {"10.0.0.0/33"};
  http::HttpServer server(limits, router, randomness);
  CHECK_FALSE(server.listen_tcp("127.0.0.1", 0));
}
