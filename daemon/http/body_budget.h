// Memory for the bodies of requests, which all connections share.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace ipaas::daemon::http {

/// What every connection may hold without asking, so that ordinary requests are served whatever the large ones do.
inline constexpr std::size_t kBodyAllowance = 64 * 1024;

/// A body is buffered before anybody can know whether its signature is valid, so the limit of one request bounds
/// nothing: a thousand strangers may send one each. This bounds their sum. Lives on the io thread.
class BodyBudget {
 public:
  /// `warn` is told once when the budget runs out, and again only after half of it was free.
  BodyBudget(std::size_t bytes, std::function<void(std::string_view)> warn)
      : bytes_(bytes), left_(bytes), warn_(std::move(warn)) {}

  /// False, and nothing is taken, when so much is not left.
  [[nodiscard]] bool take(std::size_t bytes);
  void put_back(std::size_t bytes);

  [[nodiscard]] std::size_t left() const { return left_; }

 private:
  const std::size_t bytes_;
  std::size_t left_;
  const std::function<void(std::string_view)> warn_;
  bool warned_ = false;
};

/// One connection's part of the budget. Whoever ends it calls release(): the destructor does not, since a connection
/// may outlive the server.
class BodyRoom {
 public:
  /// `budget` must outlive every call.
  explicit BodyRoom(BodyBudget& budget) : budget_(budget) {}

  /// For the next body, which will not be larger than this.
  void expect(std::size_t most) { most_ = most; }

  /// Makes room in `body` for so many bytes more, as far as they are expected. What counts is the memory and not what
  /// is in it; so it grows here, where it can be counted. False, with the body as it was, when the budget has run out.
  [[nodiscard]] bool grow(std::string& body, std::size_t more);

  /// The body's memory was given back, or is about to be.
  void release();

 private:
  BodyBudget& budget_;
  std::size_t most_ = 0;
  std::size_t taken_ = 0;
};

}  // namespace ipaas::daemon::http
