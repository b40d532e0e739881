// Two small connectors, enough to check a workflow against.
#pragma once

#include <utility>

#include "core/language/action_catalog.h"

namespace ipaas::test {

/// `http/request` and `slack/post-message`, `slack/webhook`, much as the real ones are. Immutable.
class FakeCatalog final : public language::ActionCatalog {
 public:
  FakeCatalog() : actions_({request(), post_message(), webhook()}) {}

  [[nodiscard]] std::vector<std::string> connectors() const override { return {"http", "slack"}; }
  [[nodiscard]] std::vector<std::string> actions(std::string_view connector) const override {
    std::vector<std::string> names;
    for (const auto& action : actions_) {
      if (action.connector == connector) names.push_back(action.name);
    }
    return names;
  }
  [[nodiscard]] const language::ActionInfo* action(std::string_view connector, std::string_view name) const override {
    for (const auto& action : actions_) {
      if (action.connector == connector && action.name == name) return &action;
    }
    return nullptr;
  }

 private:
  using Input = language::ActionInput;

  static Input input(std::string name, Input::Type type, bool required = false) {
    Input made;
    made.name = std::move(name);
    made.type = type;
    made.required = required;
    return made;
  }

  static language::ActionInfo request() {
    Input method = input("method", Input::Type::kString);
    method.options = {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"};
    Input success = input("success", Input::Type::kString);
    success.deferred = true;
    language::ActionInfo info;
    info.connector = "http";
    info.name = "request";
    info.inputs = {method,
                   input("url", Input::Type::kString, true),
                   input("query", Input::Type::kObject),
                   input("headers", Input::Type::kObject),
                   input("json", Input::Type::kAny),
                   input("form", Input::Type::kObject),
                   input("text", Input::Type::kString),
                   input("follow-redirects", Input::Type::kBoolean),
                   success};
    info.exclusive = {{"json", "form", "text"}};
    info.credential_types = {"bearer", "basic", "api-key", "generic"};
    return info;
  }

  static language::ActionInfo post_message() {
    language::ActionInfo info;
    info.connector = "slack";
    info.name = "post-message";
    info.inputs = {input("channel", Input::Type::kString, true), input("text", Input::Type::kString, true),
                   input("blocks", Input::Type::kArray), input("retries", Input::Type::kNumber)};
    info.credential_types = {"slack"};
    info.credential_required = true;
    return info;
  }

  static language::ActionInfo webhook() {
    language::ActionInfo info;
    info.connector = "slack";
    info.name = "webhook";
    info.inputs = {input("text", Input::Type::kString, true), input("blocks", Input::Type::kArray, true)};
    info.exclusive = {{"text", "blocks"}};
    return info;
  }

  std::vector<language::ActionInfo> actions_;
};

}  // namespace ipaas::test
