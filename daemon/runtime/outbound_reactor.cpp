#include "daemon/runtime/outbound_reactor.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <new>
#include <system_error>

namespace ipaas::daemon {

namespace {

using std::chrono::steady_clock;

constexpr int kEventsATurn = 256;

int checked(int result, const char* what) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), what);
  return result;
}

unsigned epoll_events(int what) {
  switch (what) {
    case CURL_POLL_IN:
      return EPOLLIN;
    case CURL_POLL_OUT:
      return EPOLLOUT;
    case CURL_POLL_INOUT:
      return EPOLLIN | EPOLLOUT;
    default:
      return 0;
  }
}

int curl_events(unsigned events) {
  int mask = 0;
  if ((events & (EPOLLIN | EPOLLHUP | EPOLLRDHUP)) != 0) mask |= CURL_CSELECT_IN;
  if ((events & EPOLLOUT) != 0) mask |= CURL_CSELECT_OUT;
  if ((events & EPOLLERR) != 0) mask |= CURL_CSELECT_ERR;
  return mask;
}

}  // namespace

OutboundReactor::OutboundReactor(long idle_connections)
    : epoll_(checked(epoll_create1(EPOLL_CLOEXEC), "epoll_create1")),
      wake_(checked(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "eventfd")),
      multi_(curl_multi_init()) {
  if (multi_ == nullptr) throw std::bad_alloc();
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = wake_;
  checked(epoll_ctl(epoll_, EPOLL_CTL_ADD, wake_, &event), "epoll_ctl");
  curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &on_socket);
  curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &on_timer);
  curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, idle_connections);
  curl_multi_setopt(multi_, CURLMOPT_PIPELINING, static_cast<long>(CURLPIPE_NOTHING));
}

OutboundReactor::~OutboundReactor() {
  curl_multi_cleanup(multi_);  // first: it still tells the sockets that it closes
  ::close(wake_);
  ::close(epoll_);
}

void OutboundReactor::add(CURL* easy) {
  curl_multi_add_handle(multi_, easy);
}

void OutboundReactor::remove(CURL* easy) {
  curl_multi_remove_handle(multi_, easy);
}

void OutboundReactor::wake() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(wake_, &one, sizeof one);  // full means awake already
}

const std::vector<OutboundReactor::Finished>& OutboundReactor::turn(std::optional<Deadline> until) {
  std::array<epoll_event, kEventsATurn> events;
  const int count = epoll_wait(epoll_, events.data(), kEventsATurn, wait_milliseconds(until));
  for (int i = 0; i < count; ++i)
    handle_event(events[static_cast<std::size_t>(i)].data.fd, events[static_cast<std::size_t>(i)].events);
  if (timer_ && *timer_ <= steady_clock::now()) {
    timer_.reset();
    int running = 0;
    curl_multi_socket_action(multi_, CURL_SOCKET_TIMEOUT, 0, &running);
  }
  collect_finished();
  return finished_;
}

int OutboundReactor::wait_milliseconds(std::optional<Deadline> until) const {
  if (timer_ && (!until || *timer_ < *until)) until = timer_;
  if (!until) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(*until - steady_clock::now());
  return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 3'600'000));
}

void OutboundReactor::handle_event(int fd, unsigned events) {
  if (fd == wake_) {
    std::uint64_t ignored = 0;
    [[maybe_unused]] const auto got = ::read(wake_, &ignored, sizeof ignored);
    return;
  }
  int running = 0;
  curl_multi_socket_action(multi_, fd, curl_events(events), &running);
}

void OutboundReactor::collect_finished() {
  finished_.clear();
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
    if (message->msg == CURLMSG_DONE) finished_.push_back({message->easy_handle, message->data.result});
  }
}

void OutboundReactor::watch(int fd, int what, bool known) {
  epoll_event event{};
  event.events = epoll_events(what);
  event.data.fd = fd;
  // What curl knows and what the kernel knows part where a descriptor was closed and its number given out again.
  if (epoll_ctl(epoll_, known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd, &event) == 0) return;
  if (errno == ENOENT || errno == EEXIST) epoll_ctl(epoll_, known ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, fd, &event);
}

int OutboundReactor::on_socket(CURL*, curl_socket_t fd, int what, void* self, void* known) {
  auto& reactor = *static_cast<OutboundReactor*>(self);
  if (what == CURL_POLL_REMOVE) {
    epoll_ctl(reactor.epoll_, EPOLL_CTL_DEL, fd, nullptr);
    return 0;
  }
  reactor.watch(fd, what, known != nullptr);
  if (known == nullptr) curl_multi_assign(reactor.multi_, fd, self);
  return 0;
}

int OutboundReactor::on_timer(CURLM*, long milliseconds, void* self) {
  auto& reactor = *static_cast<OutboundReactor*>(self);
  // Not answered here: curl forbids to be called from its callback.
  if (milliseconds < 0) {
    reactor.timer_.reset();
  } else {
    reactor.timer_ = steady_clock::now() + std::chrono::milliseconds(milliseconds);
  }
  return 0;
}

}  // namespace ipaas::daemon
