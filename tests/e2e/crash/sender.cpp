#include "tests/e2e/crash/sender.h"

#include <string>
#include <utility>

#include "tests/support/raw_client.h"

namespace ipaas::test {
namespace {

constexpr std::chrono::milliseconds kMoment{50};

std::string webhook(Kind kind, const std::string& id) {
  const std::string body = R"({"id":")" + id + R"("})";
  return "POST /api/webhooks/default/" + std::string(workload(kind).name) +
         " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + body;
}

/// Empty unless the answer is complete.
std::string execution_in(const RawAnswer& answer) {
  constexpr std::string_view kKey = R"("execution_id":")";
  const std::size_t key = answer.body.find(kKey);
  if (key == std::string::npos || !answer.body.ends_with('}')) return {};
  const std::size_t begin = key + kKey.size();
  return answer.body.substr(begin, answer.body.find('"', begin) - begin);
}

}  // namespace

void Whereabouts::is_at(std::uint16_t port) {
  {
    const std::lock_guard lock(mutex_);
    life_ = {life_.number + 1, port};
  }
  changed_.notify_all();
}

std::optional<Whereabouts::Life> Whereabouts::life_after(std::uint64_t number, std::stop_token stop) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, stop, kMoment, [&] { return life_.number > number; });
  if (stop.stop_requested()) return std::nullopt;
  return life_;
}

Senders::Senders(std::size_t connections, std::uint64_t per_second, std::vector<Kind> kinds, Whereabouts& whereabouts,
                 Ledger& ledger)
    : kinds_(std::move(kinds)), whereabouts_(whereabouts), ledger_(ledger) {
  const std::chrono::microseconds pace(connections * 1'000'000 / per_second);
  for (std::size_t i = 0; i < connections; ++i) {
    threads_.emplace_back([this, pace](std::stop_token stop) { run(stop, pace); });
  }
}

void Senders::stop() {
  for (std::jthread& thread : threads_) thread.request_stop();
  threads_.clear();
}

void Senders::run(std::stop_token stop, std::chrono::microseconds pace) {
  std::uint64_t seen = 0;
  while (const auto life = whereabouts_.life_after(seen, stop)) {
    seen = life->number;
    if (seen > 0) send_to(*life, stop, pace);
  }
}

void Senders::send_to(Whereabouts::Life life, std::stop_token stop, std::chrono::microseconds pace) {
  RawClient client(life.port);
  auto next = std::chrono::steady_clock::now();
  for (std::size_t turn = 0; !stop.stop_requested() && client.connected(); ++turn) {
    const Kind kind = kinds_[turn % kinds_.size()];
    const std::string id = ledger_.new_id(kind);
    const RawAnswer answer = client.ask(webhook(kind, id));
    const std::string execution = execution_in(answer);
    if (answer.status == 202 && !execution.empty()) {
      ledger_.accepted(id, execution);
    } else {
      ledger_.refused(answer.status);
    }
    if (answer.status == 0 || answer.has("Connection: close")) return;
    next += pace;
    std::this_thread::sleep_until(next);  // the load's pace; nothing waits for anything here
  }
}

}  // namespace ipaas::test
