#include "core/language/workflow.h"

namespace ipaas::language {
namespace {

std::string_view name(const UsesStep&) { return "uses"; }
std::string_view name(const SetStep&) { return "set"; }
std::string_view name(const LogStep&) { return "log"; }
std::string_view name(const FailStep&) { return "fail"; }

}  // namespace

std::string_view Step::kind() const {
  return std::visit([](const auto& step) { return name(step); }, action);
}

}  // namespace ipaas::language
