#include "daemon/http/inbox.h"

#include <boost/asio/post.hpp>

#include "daemon/http/connection.h"
#include "daemon/http/exchange.h"
#include "daemon/http/stream_state.h"

namespace ipaas::daemon::http {

bool Inbox::push(Item item) {
  const std::lock_guard lock(mutex_);
  if (closed_) return false;
  items_.push_back(std::move(item));
  // Posted under the lock: close() then knows that nobody is about to touch io_.
  if (items_.size() == 1) boost::asio::post(io_, [self = shared_from_this()] { self->deliver(); });
  return true;
}

void Inbox::close() {
  std::vector<Item> dropped;
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    dropped.swap(items_);
  }
  for (const Item& item : dropped) {
    if (item.stream) item.stream->lose();
  }
}

void Inbox::deliver() {
  {
    const std::lock_guard lock(mutex_);
    taken_.swap(items_);
  }
  for (Item& item : taken_) {
    const std::shared_ptr<Connection> connection = item.exchange->connection.lock();
    if (!connection) {
      if (item.stream) item.stream->lose();
      if (item.gone) item.gone();
    } else if (item.gone) {
      connection->hold(std::move(item.gone));
    } else if (!item.stream) {
      connection->answer(std::move(item.response));
    } else if (item.starts) {
      connection->start_stream(std::move(item.stream), std::move(item.response));
    } else {
      connection->send_events();
    }
  }
  taken_.clear();
}

}  // namespace ipaas::daemon::http
