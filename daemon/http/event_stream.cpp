#include "daemon/http/event_stream.h"

#include <algorithm>
#include <utility>

#include "daemon/http/inbox.h"
#include "daemon/http/stream_state.h"

namespace ipaas::daemon::http {
namespace {

void append_event(std::string& out, std::string_view id, std::string_view event, std::string_view data) {
  if (!id.empty()) out.append("id: ").append(id).append("\n");
  if (!event.empty()) out.append("event: ").append(event).append("\n");
  // A reader takes CR, LF and CR LF for line ends; each line needs its own `data:`.
  for (;;) {
    const std::size_t end = std::min(data.find_first_of("\r\n"), data.size());
    out.append("data: ").append(data.substr(0, end)).append("\n");
    if (end == data.size()) break;
    data.remove_prefix(data.substr(end).starts_with("\r\n") ? end + 2 : end + 1);
  }
  out += "\n";
}

}  // namespace

StreamState::StreamState(std::shared_ptr<Exchange> exchange, std::size_t max_bytes)
    : exchange_(std::move(exchange)), max_bytes_(max_bytes) {}

bool StreamState::send(std::string_view id, std::string_view event, std::string_view data) {
  bool too_slow = false;
  bool tell = false;
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return false;
    append_event(pending_, id, event, data);
    too_slow = overrun_ = pending_.size() > max_bytes_;
    tell = !std::exchange(notified_, true);
  }
  if (too_slow) lose();
  if (tell || too_slow) notify();
  return !too_slow;
}

void StreamState::close() {
  end(true);
  notify();
}

bool StreamState::closed() const {
  const std::lock_guard lock(mutex_);
  return closed_;
}

void StreamState::on_close(std::function<void()> callback) {
  {
    const std::lock_guard lock(mutex_);
    if (!closed_) {
      on_close_ = std::move(callback);
      return;
    }
  }
  callback();
}

bool StreamState::take(std::string& out) {
  const std::lock_guard lock(mutex_);
  out.clear();
  out.swap(pending_);
  notified_ = false;
  return !closed_;
}

bool StreamState::overrun() const {
  const std::lock_guard lock(mutex_);
  return overrun_;
}

void StreamState::lose() {
  end(false);
}

void StreamState::end(bool keep_pending) {
  std::function<void()> callback;
  {
    const std::lock_guard lock(mutex_);
    if (!keep_pending) pending_.clear();
    if (std::exchange(closed_, true)) return;
    callback = std::exchange(on_close_, nullptr);
  }
  if (callback) callback();
}

void StreamState::notify() {
  if (!exchange_->inbox->push({exchange_, {}, shared_from_this(), false})) lose();
}

EventStream::EventStream(std::shared_ptr<StreamState> state) : state_(std::move(state)) {}
bool EventStream::send(std::string_view id, std::string_view event, std::string_view data) {
  return state_->send(id, event, data);
}
void EventStream::close() {
  state_->close();
}
bool EventStream::closed() const {
  return state_->closed();
}
void EventStream::on_close(std::function<void()> callback) {
  state_->on_close(std::move(callback));
}

}  // namespace ipaas::daemon::http
