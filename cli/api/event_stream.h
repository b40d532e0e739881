// Server-sent events, as they come out of a connection.
// Source: HTML Living Standard, section 9.2 "Server-sent events".
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace ipaas::cli {

struct StreamEvent {
  std::string name = "message";
  std::string data;
  std::string id;  ///< the newest id of the stream, also of events before this one
};

/// Cuts a stream of bytes, in pieces of any size, into events. An event longer than the limit ends the parsing.
class EventStreamParser {
 public:
  /// Says whether to go on.
  using Receiver = std::function<bool(const StreamEvent&)>;

  explicit EventStreamParser(Receiver receiver) : receiver_(std::move(receiver)) {}

  /// False once the receiver wants no more, or an event is longer than 32 MiB.
  [[nodiscard]] bool feed(std::string_view bytes);

 private:
  [[nodiscard]] bool take_line(std::string_view line);
  [[nodiscard]] bool dispatch();

  Receiver receiver_;
  std::string line_;
  std::string data_;
  std::string name_;
  std::string id_;
  bool after_return_ = false;  ///< the last byte was CR, so that an LF after it belongs to the same line end
};

}  // namespace ipaas::cli
