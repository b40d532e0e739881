// Reads steps: what all kinds have in common, and a function for each kind.
#pragma once

#include "core/language/parser/expressions.h"
#include "core/language/parser/reading.h"
#include "core/language/parser/step_outline.h"
#include "core/language/parser/uses.h"
#include "core/language/workflow.h"

namespace ipaas::language {

/// What `defaults` gives to steps.
struct StepDefaults {
  struct DefaultCredential {
    std::string connector;
    std::string credential;
    SourcePosition position;
    bool used = false;
  };
  std::vector<DefaultCredential> credentials;
  RetryPolicy retry;
};

/// For one workflow, in the order in which it runs: `steps`, `on-failure`, `finally`.
class StepReader {
 public:
  StepReader(Reading& reading, Workflow& workflow, const WorkflowOutline& outline, StepDefaults& defaults)
      : reading_(reading), workflow_(workflow), defaults_(defaults), scope_(outline) {}

  /// The steps of a list, one after the other; each sees those before it.
  [[nodiscard]] Steps read(const BlockOutline& block);
  /// The same, where `failure` is seen.
  [[nodiscard]] Steps read_on_failure(const BlockOutline& block);
  /// What `outputs` sees once `steps` have been read.
  [[nodiscard]] Place place() const { return step_place(scope_, workflow_.inputs, around_); }

 private:
  [[nodiscard]] Step read_step(const StepOutline& outline);
  [[nodiscard]] const yaml::Entry* read_kind(const yaml::Node& node);
  void refuse_parts_of_others(const yaml::Node& node, const yaml::Entry& kind);
  void read_action(const StepOutline& outline, const yaml::Entry& kind, Step& step);
  void warn_of_never(const Step& step, bool& stopped);

  // uses.cpp
  [[nodiscard]] UsesStep read_uses(const yaml::Node& node, const yaml::Entry& entry);
  void read_credential(const yaml::Node& node, const yaml::Entry& uses, const ActionInfo& action, UsesStep& step);
  void read_policy(const yaml::Node& node, UsesStep& step);

  [[nodiscard]] LogStep read_log(const yaml::Entry& entry);
  [[nodiscard]] FailStep read_fail(const yaml::Entry& entry);

  // control_steps.cpp
  [[nodiscard]] ParallelStep read_parallel(const StepOutline& outline);
  [[nodiscard]] ForEachStep read_for_each(const StepOutline& outline, const yaml::Entry& entry);
  [[nodiscard]] SwitchStep read_switch(const StepOutline& outline, const yaml::Entry& entry);
  void read_cases(const StepOutline& outline, SwitchStep& step, std::vector<const StepOutline*>& seen_after);

  // waiting_steps.cpp
  [[nodiscard]] CallStep read_call(const yaml::Node& node, const yaml::Entry& entry);
  [[nodiscard]] SleepStep read_sleep(const yaml::Entry& entry);
  [[nodiscard]] WaitForStep read_wait_for(const StepOutline& outline, const yaml::Entry& entry);
  void read_approval(const yaml::Entry& entry, WaitForStep& step);

  Reading& reading_;
  Workflow& workflow_;
  StepDefaults& defaults_;
  StepScope scope_;
  Surroundings around_;
};

}  // namespace ipaas::language
