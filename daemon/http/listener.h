// Listening sockets, opened with errors that say what to do.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <utility>

#include "core/base/error.h"

namespace ipaas::daemon::http {

/// Owns a file descriptor.
class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int number) : number_(number) {}
  FileDescriptor(FileDescriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~FileDescriptor();

  [[nodiscard]] int get() const { return number_; }
  [[nodiscard]] int release() { return std::exchange(number_, -1); }

 private:
  int number_ = -1;
};

/// A listening TCP socket, not blocking. `host` is an address, `[address]` or a name, of which the first address
/// counts.
[[nodiscard]] Result<FileDescriptor> open_tcp_listener(const std::string& host, std::uint16_t port);

/// The port that a TCP socket is bound to.
[[nodiscard]] std::uint16_t local_port(int socket);

/// A listening Unix socket, and the file that it is until this object ends.
class UnixListener {
 public:
  /// See HttpServer::listen_unix.
  [[nodiscard]] static Result<UnixListener> open(const std::string& path, unsigned mode);

  UnixListener(UnixListener&&) noexcept = default;
  UnixListener& operator=(UnixListener&&) noexcept = default;

  [[nodiscard]] FileDescriptor take_socket() { return std::move(socket_); }

  /// Removes the file, unless another daemon has put its own in its place.
  void remove_file();

 private:
  UnixListener(FileDescriptor socket, std::string path, dev_t device, ino_t inode)
      : socket_(std::move(socket)), path_(std::move(path)), device_(device), inode_(inode) {}

  FileDescriptor socket_;
  std::string path_;
  dev_t device_;
  ino_t inode_;
};

}  // namespace ipaas::daemon::http
