// Answers the calls of a run as the mocks of a case say.
#pragma once

#include <map>
#include <optional>

#include "core/engine/testing/run_case.h"

namespace ipaas::engine::testing {

/// For one run. The case and the receivers must outlive it.
class MockReceiver final : public Receiver {
 public:
  MockReceiver(const TestCase& test, const Receivers& receivers) : test_(test), receivers_(receivers) {}

  [[nodiscard]] std::optional<Answer> answer(const domain::Effect& call, Instant now) override;
  [[nodiscard]] std::optional<WaitAnswer> answer_wait(const domain::Step& step, Instant now) override;

  /// Why there was no answer, when there was none.
  [[nodiscard]] const std::optional<Difference>& missing() const { return missing_; }

 private:
  [[nodiscard]] const Mock* mock_of(const std::string& path) const;
  [[nodiscard]] const MockAnswer* next_answer(const Mock& mock, const std::string& path);
  [[nodiscard]] Answer child_answer(const MockAnswer& mock) const;
  [[nodiscard]] Answer answer_of(const domain::CallRequest& call, const MockAnswer& mock, Instant now) const;

  const TestCase& test_;
  const Receivers& receivers_;
  std::map<std::string, std::size_t> tries_;  ///< answered so far, by path
  std::optional<Difference> missing_;
};

}  // namespace ipaas::engine::testing
