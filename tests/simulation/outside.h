// What is not the daemon: time, the receivers of calls, and people.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>

#include "core/base/clock.h"
#include "core/engine/decide.h"
#include "tests/simulation/dice.h"
#include "tests/simulation/setting.h"

namespace ipaas::simulation {

/// The clock on the wall, which somebody sets now and then, and the time that really passes.
class WorldClock final : public Clock {
 public:
  [[nodiscard]] Instant now() const override { return from_millis(1'767'225'600'000) + passed_ + offset_; }
  [[nodiscard]] Duration passed() const { return passed_; }
  void pass_to(Duration moment) { passed_ = std::max(passed_, moment); }
  void set_wrong(Duration by) { offset_ += by; }

 private:
  Duration passed_{};
  Duration offset_{};
};

/// What will happen when, in order.
class Agenda {
 public:
  explicit Agenda(const WorldClock& clock) : clock_(clock) {}
  void after(Duration time, std::function<void()> happening) { happenings_.emplace(clock_.passed() + time, std::move(happening)); }
  [[nodiscard]] bool empty() const { return happenings_.empty(); }
  [[nodiscard]] Duration next() const { return happenings_.begin()->first; }
  [[nodiscard]] std::function<void()> take() { return std::move(happenings_.extract(happenings_.begin()).mapped()); }

 private:
  const WorldClock& clock_;
  std::multimap<Duration, std::function<void()>> happenings_;
};

/// Answers calls: quickly, slowly, badly, or not before the deadline.
class Receivers {
 public:
  Receivers(Dice dice, bool bad_answers) : dice_(dice), bad_answers_(bad_answers) {}

  struct Answer {
    engine::Fact fact;
    Duration after{};
  };
  [[nodiscard]] Answer answer(const domain::Effect& effect);
  /// As the connector declares it.
  [[nodiscard]] static bool repeatable(const domain::CallRequest& call);

 private:
  [[nodiscard]] engine::CallFailed failure(const domain::Effect& effect);

  Dice dice_;
  const bool bad_answers_;
};

}  // namespace ipaas::simulation
