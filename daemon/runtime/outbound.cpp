#include "daemon/runtime/outbound.h"

#include <curl/curl.h>
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <new>
#include <set>
#include <thread>
#include <unordered_map>
#include <utility>

#include "daemon/runtime/outbound_inbox.h"
#include "daemon/runtime/outbound_reactor.h"
#include "daemon/runtime/outbound_transfer.h"

namespace ipaas::daemon {

namespace {

using namespace std::chrono_literals;
using Deadline = OutboundTransfer::Deadline;

constexpr std::size_t kAdmittedATurn = 256;  // so that a burst delays neither a cancel nor the sockets
constexpr std::size_t kSpareHandles = 256;
constexpr Duration kLongestTimeout = 24h * 30;

struct EasyDeleter {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct ShareDeleter {
  void operator()(CURLSH* share) const { curl_share_cleanup(share); }
};
using EasyHandle = std::unique_ptr<CURL, EasyDeleter>;
using ShareHandle = std::unique_ptr<CURLSH, ShareDeleter>;

// Counted by curl itself and thread-safe since 7.84, so every owner holds one.
struct CurlLibrary {
  CurlLibrary() { curl_global_init(CURL_GLOBAL_DEFAULT); }
  ~CurlLibrary() { curl_global_cleanup(); }
  CurlLibrary(const CurlLibrary&) = delete;
  CurlLibrary& operator=(const CurlLibrary&) = delete;
};

// One thread uses it, so it needs no locks.
ShareHandle share_of_tls_sessions() {
  ShareHandle share(curl_share_init());
  if (!share) throw std::bad_alloc();
  curl_share_setopt(share.get(), CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
  return share;
}

// Calls take half of the descriptors that the process may open and connections kept for reuse an eighth; the server
// and the store live on the rest.
std::size_t descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return 65'536;
  return std::clamp<std::size_t>(limit.rlim_cur, 128, 65'536);
}

// OpenSSL writes to sockets without MSG_NOSIGNAL, and curl is told to leave signals alone.
void block_sigpipe() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

}  // namespace

class Outbound::Loop {
 public:
  explicit Loop(const security::EgressPolicy& egress)
      : egress_(egress),
        most_active_(descriptor_limit() / 2),
        share_(share_of_tls_sessions()),
        reactor_(static_cast<long>(descriptor_limit() / 8)),
        thread_([this] { run(); }) {}

  ~Loop() {
    wake_if(inbox_.post_closing());
    thread_.join();
  }
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  CallId start(connectors::HttpCall call, Completion completion) {
    const CallId id = next_id_++;
    const Deadline deadline = std::chrono::steady_clock::now() + std::clamp(call.timeout, Duration(0), kLongestTimeout);
    OutboundInbox::Started started{id, deadline, std::move(call), std::move(completion)};
    ++in_flight_;
    const auto posted = inbox_.post(started);
    if (posted == OutboundInbox::Posted::kClosed) {
      --in_flight_;
      started.completion(tl::unexpected(cancelled(false)));
    }
    wake_if(posted);
    return id;
  }

  void cancel(CallId id) { wake_if(inbox_.post_cancel(id)); }

  [[nodiscard]] std::size_t in_flight() const { return in_flight_; }

 private:
  /// Waits for its turn (`waiting` set) or is under way (`easy` set).
  struct Call {
    CallId id;
    Deadline deadline;
    Completion completion;
    std::optional<connectors::HttpCall> waiting;
    std::unique_ptr<OutboundTransfer> transfer;
    EasyHandle easy;
  };
  using Calls = std::unordered_map<CallId, std::unique_ptr<Call>>;

  void wake_if(OutboundInbox::Posted posted) {
    if (posted == OutboundInbox::Posted::kMustWake) reactor_.wake();
  }

  void run() {
    block_sigpipe();
    bool closing = false;
    while (!closing) {
      closing = read_inbox();
      if (!closing) admit_waiting();
      if (!closing) move_on();
    }
    cancel_all();
  }

  bool read_inbox() {
    OutboundInbox::Mail mail = inbox_.take();
    for (auto& [id, deadline, call, completion] : mail.started) {
      waiting_.emplace(deadline, id);
      calls_.emplace(id, std::make_unique<Call>(Call{id, deadline, std::move(completion), std::move(call), {}, {}}));
    }
    for (const CallId id : mail.cancelled) {
      if (const auto found = calls_.find(id); found != calls_.end()) cancel_one(*found->second);
    }
    return mail.closing;
  }

  /// The nearest deadline first: with more calls than descriptors that lets most of them be in time.
  void admit_waiting() {
    const auto now = std::chrono::steady_clock::now();
    for (std::size_t n = 0; n < kAdmittedATurn && !waiting_.empty(); ++n) {
      Call& call = *calls_.at(waiting_.begin()->second);
      if (call.deadline <= now) {
        complete(call, tl::unexpected(never_begun()));
      } else if (active_ < most_active_) {
        begin(call);
      } else {
        return;
      }
    }
  }

  void begin(Call& call) {
    auto request = OutboundRequest::from(std::move(*call.waiting));
    if (!request) {
      complete(call, tl::unexpected(refused(std::move(request.error()))));
      return;
    }
    waiting_.erase({call.deadline, call.id});
    call.waiting.reset();
    call.transfer = std::make_unique<OutboundTransfer>(std::move(*request), egress_, call.deadline);
    call.easy = take_handle();
    ++active_;
    send_hop(call);
  }

  void send_hop(Call& call) {
    call.transfer->prepare(call.easy.get(), share_.get());
    curl_easy_setopt(call.easy.get(), CURLOPT_PRIVATE, &call);
    reactor_.add(call.easy.get());
  }

  void move_on() {
    for (const auto& [easy, code] : reactor_.turn(next_turn())) {
      Call* call = nullptr;
      curl_easy_getinfo(easy, CURLINFO_PRIVATE, &call);
      auto outcome = call->transfer->finished(easy, code);
      if (outcome) {
        complete(*call, std::move(*outcome));
        continue;
      }
      reactor_.remove(easy);
      curl_easy_reset(easy);
      send_hop(*call);
    }
  }

  /// When there is something to do even if no socket stirs.
  [[nodiscard]] std::optional<Deadline> next_turn() const {
    if (waiting_.empty()) return std::nullopt;
    return active_ < most_active_ ? Deadline() : waiting_.begin()->first;
  }

  void cancel_one(Call& call) {
    const bool begun = call.transfer && call.transfer->request_begun();
    complete(call, tl::unexpected(cancelled(begun)));
  }

  void cancel_all() {
    while (!calls_.empty()) cancel_one(*calls_.begin()->second);
  }

  /// Ends the call: `call` is gone afterwards.
  void complete(Call& call, HttpOutcome outcome) {
    if (call.easy) {
      retire(std::move(call.easy));
      --active_;
    } else {
      waiting_.erase({call.deadline, call.id});
    }
    const Completion completion = std::move(call.completion);
    calls_.erase(call.id);
    --in_flight_;
    completion(std::move(outcome));
  }

  EasyHandle take_handle() {
    if (spare_.empty()) {
      EasyHandle easy(curl_easy_init());
      if (!easy) throw std::bad_alloc();
      return easy;
    }
    EasyHandle easy = std::move(spare_.back());
    spare_.pop_back();
    return easy;
  }

  void retire(EasyHandle easy) {
    reactor_.remove(easy.get());
    if (spare_.size() == kSpareHandles) return;
    curl_easy_reset(easy.get());  // forgets URL and headers, keeps its buffers
    spare_.push_back(std::move(easy));
  }

  const security::EgressPolicy& egress_;
  const std::size_t most_active_;
  std::atomic<CallId> next_id_ = 1;
  std::atomic<std::size_t> in_flight_ = 0;
  OutboundInbox inbox_;
  // All below belongs to the outbound thread, but `reactor_.wake()`.
  CurlLibrary library_;
  ShareHandle share_;
  OutboundReactor reactor_;
  std::vector<EasyHandle> spare_;
  Calls calls_;
  std::set<std::pair<Deadline, CallId>> waiting_;
  std::size_t active_ = 0;
  std::jthread thread_;  ///< last: it starts when the rest is there
};

Outbound::Outbound(const security::EgressPolicy& egress) : loop_(std::make_unique<Loop>(egress)) {}

Outbound::~Outbound() = default;

Outbound::CallId Outbound::start(connectors::HttpCall call, Completion completion) {
  return loop_->start(std::move(call), std::move(completion));
}

void Outbound::cancel(CallId id) {
  loop_->cancel(id);
}

std::size_t Outbound::in_flight() const {
  return loop_->in_flight();
}

}  // namespace ipaas::daemon
