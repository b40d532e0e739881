#include "cli/api/event_stream.h"

namespace ipaas::cli {
namespace {
constexpr std::size_t kLongestEvent = 32UL * 1024 * 1024;
}

bool EventStreamParser::feed(std::string_view bytes) {
  for (const char byte : bytes) {
    const bool ends_same_line = byte == '\n' && after_return_;
    after_return_ = byte == '\r';
    if (ends_same_line) continue;
    if (byte != '\n' && byte != '\r') {
      line_ += byte;
      if (line_.size() + data_.size() > kLongestEvent) return false;
      continue;
    }
    const bool go_on = take_line(line_);
    line_.clear();
    if (!go_on) return false;
  }
  return true;
}

bool EventStreamParser::take_line(std::string_view line) {
  if (line.empty()) return dispatch();
  const std::size_t colon = line.find(':');
  const std::string_view field = line.substr(0, colon);
  std::string_view value = colon == std::string_view::npos ? std::string_view() : line.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (field == "data") {
    data_.append(value).push_back('\n');
  } else if (field == "event") {
    name_ = value;
  } else if (field == "id" && value.find('\0') == std::string_view::npos) {
    id_ = value;
  }
  return true;
}

bool EventStreamParser::dispatch() {
  StreamEvent event;
  if (!name_.empty()) event.name = name_;
  name_.clear();
  // The standard drops an event without data.
  if (data_.empty()) return true;
  data_.pop_back();
  event.data = std::move(data_);
  event.id = id_;
  data_.clear();
  return receiver_(event);
}

}  // namespace ipaas::cli
