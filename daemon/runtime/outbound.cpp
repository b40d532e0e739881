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

#include "daemon/runtime/outbound_easy_pool.h"
#include "daemon/runtime/outbound_inbox.h"
#include "daemon/runtime/outbound_name_gate.h"
#include "daemon/runtime/outbound_reactor.h"
#include "daemon/runtime/outbound_transfer.h"

namespace ipaas::daemon {

namespace {

using namespace std::chrono_literals;
using Deadline = OutboundTransfer::Deadline;

constexpr std::size_t kManyCalls = 1024;  // for one loop
constexpr std::size_t kMostLoops = 16;
constexpr std::size_t kAdmittedATurn = 256;  // so that a burst delays neither a cancel nor the sockets
constexpr Duration kLongestTimeout = 24h * 30;

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
  Loop(const security::EgressPolicy& egress, const Share& share)
      : egress_(egress),
        most_active_(share.calls),
        reactor_(static_cast<long>(share.idle_connections)),
        thread_([this] { run(); }) {}

  ~Loop() {
    close();
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

  /// Completes what is left as cancelled, and takes no more.
  void close() { wake_if(inbox_.post_closing()); }

  [[nodiscard]] std::size_t in_flight() const { return in_flight_; }

 private:
  struct Call {
    CallId id;
    Deadline deadline;
    Completion completion;
    connectors::HttpCall unchecked;  ///< until it has its first turn
    std::optional<OutboundRequest> request;
    std::unique_ptr<OutboundTransfer> transfer;  ///< from here on under way
    EasyHandle easy;
    std::string lookup;  ///< the name that the gate let it look up, until that is over
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
      calls_.emplace(
          id, std::make_unique<Call>(Call{id, deadline, std::move(completion), std::move(call), {}, {}, {}, {}}));
    }
    for (const CallId id : mail.cancelled) {
      if (const auto found = calls_.find(id); found != calls_.end()) cancel_one(*found->second);
    }
    return mail.closing;
  }

  /// The nearest deadline first: with more calls than descriptors that lets most of them be in time.
  void admit_waiting() {
    const auto now = std::chrono::steady_clock::now();
    while (!gated_.empty() && gated_.begin()->first <= now) {
      complete(*calls_.at(gated_.begin()->second), tl::unexpected(never_begun()));
    }
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
    if (!call.request) {
      auto request = OutboundRequest::from(std::move(call.unchecked));
      if (!request) {
        complete(call, tl::unexpected(refused(std::move(request.error()))));
        return;
      }
      call.request = std::move(*request);
    }
    waiting_.erase({call.deadline, call.id});
    if (!pass_gate(call)) return;
    call.transfer = std::make_unique<OutboundTransfer>(std::move(*call.request), egress_, call.deadline);
    call.easy = pool_.take();
    ++active_;
    send_hop(call);
  }

  bool pass_gate(Call& call) {
    switch (gate_.enter(call.request->host(), call.id, std::chrono::steady_clock::now())) {
      case OutboundNameGate::Entry::kFree:
        return true;
      case OutboundNameGate::Entry::kLookup:
        call.lookup = call.request->host();
        lookups_.push_back(call.id);
        return true;
      case OutboundNameGate::Entry::kWait:
        gated_.emplace(call.deadline, call.id);
        return false;
    }
    return true;
  }

  /// Tells the gate of the lookups that are over, so that the others to those hosts get their turn.
  void settle_lookups() {
    std::erase_if(lookups_, [this](CallId id) {
      const auto found = calls_.find(id);
      if (found == calls_.end()) return true;  // it told the gate when it ended
      if (!found->second->transfer->has_address()) return false;
      leave_gate(*found->second);
      return true;
    });
  }

  void leave_gate(Call& call) {
    const bool looked_up = call.transfer->looked_up() && call.transfer->has_address();
    for (const CallId id : gate_.leave(call.lookup, looked_up, std::chrono::steady_clock::now())) {
      const auto found = calls_.find(id);
      if (found == calls_.end()) continue;
      gated_.erase({found->second->deadline, id});
      waiting_.emplace(found->second->deadline, id);
    }
    call.lookup.clear();
  }

  void send_hop(Call& call) {
    call.transfer->prepare(call.easy.get(), pool_.share());
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
      pool_.put_back(std::exchange(call->easy, pool_.take()));
      send_hop(*call);
    }
    settle_lookups();
  }

  /// When there is something to do even if no socket stirs.
  [[nodiscard]] std::optional<Deadline> next_turn() const {
    if (!waiting_.empty() && active_ < most_active_) return Deadline();
    std::optional<Deadline> nearest;
    for (const auto* set : {&waiting_, &gated_}) {
      if (!set->empty() && (!nearest || set->begin()->first < *nearest)) nearest = set->begin()->first;
    }
    return nearest;
  }

  void cancel_one(Call& call) {
    const bool begun = call.transfer && call.transfer->request_begun();
    complete(call, tl::unexpected(cancelled(begun)));
  }

  /// First all are told, as closing thousands of connections takes longer than they should wait.
  void cancel_all() {
    const Calls left = std::exchange(calls_, {});
    for (const auto& [id, call] : left) {
      const bool begun = call->transfer && call->transfer->request_begun();
      --in_flight_;
      call->completion(tl::unexpected(cancelled(begun)));
    }
    for (const auto& [id, call] : left) {
      if (call->easy) reactor_.remove(call->easy.get());
    }
  }

  /// Ends the call: `call` is gone afterwards.
  void complete(Call& call, HttpOutcome outcome) {
    if (call.easy) {
      reactor_.remove(call.easy.get());
      pool_.put_back(std::move(call.easy));
      --active_;
    } else {
      waiting_.erase({call.deadline, call.id});
      gated_.erase({call.deadline, call.id});
    }
    if (!call.lookup.empty()) leave_gate(call);
    const Completion completion = std::move(call.completion);
    calls_.erase(call.id);
    --in_flight_;
    completion(std::move(outcome));
  }

  const security::EgressPolicy& egress_;
  const std::size_t most_active_;
  std::atomic<CallId> next_id_ = 1;
  std::atomic<std::size_t> in_flight_ = 0;
  OutboundInbox inbox_;
  // All below belongs to the outbound thread, but `reactor_.wake()`.
  OutboundEasyPool pool_;
  OutboundReactor reactor_;
  OutboundNameGate gate_;
  Calls calls_;
  std::set<std::pair<Deadline, CallId>> waiting_;  ///< for their turn
  std::set<std::pair<Deadline, CallId>> gated_;    ///< for another call's lookup of their name
  std::vector<CallId> lookups_;                    ///< let in by the gate, and not seen to have an address yet
  std::size_t active_ = 0;
  std::jthread thread_;  ///< last: it starts when the rest is there
};

Outbound::Outbound(const security::EgressPolicy& egress) : Outbound(egress, descriptor_limit()) {}

Outbound::Outbound(const security::EgressPolicy& egress, std::size_t descriptors)
    : egress_(egress),
      most_loops_(std::clamp<std::size_t>(descriptors / 2 / kManyCalls, 1, kMostLoops)),
      share_{.calls = (descriptors / 2 + most_loops_ - 1) / most_loops_, .idle_connections = descriptors / 8 / most_loops_} {}

Outbound::~Outbound() {
  std::vector<std::unique_ptr<Loop>> loops;
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;  // completions may start others
    loops.swap(loops_);
  }
  for (const auto& loop : loops) loop->close();  // all of them before the first is waited for
}

/// The first that has room, so that few calls share the connections of one loop. To be called with the lock held.
std::size_t Outbound::choose_loop() {
  const auto roomy = std::ranges::find_if(loops_, [](const auto& loop) { return loop->in_flight() < kManyCalls; });
  if (roomy != loops_.end()) return static_cast<std::size_t>(roomy - loops_.begin());
  if (loops_.size() < most_loops_) {
    loops_.push_back(std::make_unique<Loop>(egress_, share_));
    return loops_.size() - 1;
  }
  const auto least = std::ranges::min_element(loops_, {}, [](const auto& loop) { return loop->in_flight(); });
  return static_cast<std::size_t>(least - loops_.begin());
}

Outbound::CallId Outbound::start(connectors::HttpCall call, Completion completion) {
  std::size_t number = 0;
  Loop* loop = nullptr;
  {
    const std::lock_guard lock(mutex_);
    if (!closing_) {
      number = choose_loop();
      loop = loops_[number].get();
    }
  }
  if (loop == nullptr) {
    completion(tl::unexpected(cancelled(false)));
    return kMostLoops;
  }
  return loop->start(std::move(call), std::move(completion)) * kMostLoops + number;
}

void Outbound::cancel(CallId id) {
  Loop* loop = nullptr;
  {
    const std::lock_guard lock(mutex_);
    if (id % kMostLoops < loops_.size()) loop = loops_[id % kMostLoops].get();
  }
  if (loop != nullptr) loop->cancel(id / kMostLoops);
}

std::size_t Outbound::in_flight() const {
  const std::lock_guard lock(mutex_);
  std::size_t all = 0;
  for (const auto& loop : loops_) all += loop->in_flight();
  return all;
}

}  // namespace ipaas::daemon
