// What every connector promises, whoever wrote it.
#include <set>

#include "core/connectors/catalog.h"
#include "tests/support/catch.h"
#include "tests/support/connector_kit.h"

using namespace ipaas;
using namespace ipaas::connectors;
using language::ActionInfo;
using language::ActionInput;

namespace {

constexpr const char* kSecret = "s3cr3t-of-the-contract";

const Catalog& catalog() {
  static const auto built = Catalog::built_in();
  if (!built) FAIL(to_string(built.error()));
  return *built;
}

/// A value that the input takes, with `text` in it where it takes texts.
Json value_for(const ActionInput& input, const std::string& text) {
  switch (input.type) {
    case ActionInput::Type::kNumber: return 1;
    case ActionInput::Type::kBoolean: return true;
    case ActionInput::Type::kObject: return Json{{text, text}};
    case ActionInput::Type::kArray: return Json::array({text});
    default: break;
  }
  if (!input.options.empty()) return input.options.front();
  return input.name == "url" ? Json("https://service.example/" + text) : Json(text);
}

Json required_inputs(const ActionInfo& action) {
  Json inputs = Json::object();
  for (const auto& input : action.inputs) {
    if (input.required) inputs[input.name] = value_for(input, "x");
  }
  return inputs;
}

/// Credentials of the type, one for each way of its `one_of`.
std::vector<CredentialFields> credentials_of(const std::string& name) {
  const auto* type = catalog().credential_type(name);
  REQUIRE(type != nullptr);
  const auto value = [](const CredentialField& field) {
    if (!field.options.empty()) return field.options.front();
    return field.format == CredentialField::Format::kUrl ? "https://service.example/" + std::string(kSecret) : std::string(kSecret);
  };
  std::vector<CredentialFields> made(type->one_of.empty() ? 1 : type->one_of.front().size(), {"door", name, Json::object()});
  for (const auto& field : type->fields) {
    for (std::size_t i = 0; i < made.size(); ++i) {
      const bool chosen = !type->one_of.empty() && type->one_of.front()[i] == field.name;
      if (field.required || chosen) made[i].fields[field.name] = value(field);
    }
  }
  return made;
}

/// Every call that the action makes of these inputs with each credential that fits, or the refusals.
std::vector<Result<HttpCall>> attempts(const Connector& connector, const ActionInfo& action, const Json& inputs) {
  domain::CallRequest request{.connector = action.connector, .action = action.name, .credential = {}, .inputs = inputs,
                              .idempotency_key = "ex_1/step-1", .timeout = {}};
  std::vector<Result<HttpCall>> made;
  if (!action.credential_required) made.push_back(connector.prepare(request, std::nullopt));
  request.credential = "door";
  for (const auto& type : action.credential_types) {
    for (const auto& credential : credentials_of(type)) made.push_back(connector.prepare(request, credential));
  }
  return made;
}

template <typename Visit>
void for_each_action(Visit&& visit) {
  for (const auto& connector : catalog().all()) {
    for (const auto& action : connector->actions()) {
      INFO(action.connector << "/" << action.name);
      visit(*connector, action);
    }
  }
}

}  // namespace

TEST_CASE("every connector documents itself") {
  std::set<std::string_view> names;
  for (const auto& connector : catalog().all()) {
    INFO(connector->name());
    CHECK(names.insert(connector->name()).second);
    CHECK_FALSE(connector->description().empty());
    CHECK_FALSE(connector->actions().empty());
  }
  for_each_action([](const Connector& connector, const ActionInfo& action) {
    CHECK(action.connector == connector.name());
    CHECK(catalog().action(action.connector, action.name) == &action);  // the first of its name, so no other has it
    CHECK_FALSE(action.description.empty());
    std::set<std::string> inputs;
    for (const auto& input : action.inputs) {
      INFO(input.name);
      CHECK(inputs.insert(input.name).second);
      CHECK_FALSE(input.description.empty());
    }
    for (const auto& type : action.credential_types) CHECK(catalog().credential_type(type) != nullptr);
    CHECK((!action.credential_required || !action.credential_types.empty()));
  });
}

TEST_CASE("every credential type documents its fields and accepts what it asks for") {
  for (const auto& type : catalog().credential_types()) {
    INFO(type.name);
    CHECK_FALSE(type.description.empty());
    for (const auto& field : type.fields) CHECK_FALSE(field.description.empty());
    for (const auto& credential : credentials_of(type.name)) CHECK(check_credential(type, credential.fields));
  }
}

TEST_CASE("every action can be called with its required inputs") {
  for_each_action([](const Connector& connector, const ActionInfo& action) {
    int prepared = 0;
    for (const auto& call : attempts(connector, action, required_inputs(action))) {
      if (!call) continue;
      ++prepared;
      CHECK_FALSE(call->method.empty());
      CHECK(call->url.empty() != call->credential_url.empty());
      CHECK(call->url.find(kSecret) == std::string::npos);
      CHECK(call->body.find(kSecret) == std::string::npos);
      for (const auto& header : call->headers) CHECK(header.second.find(kSecret) == std::string::npos);
    }
    CHECK(prepared > 0);
  });
}

TEST_CASE("no input smuggles a header or another request, and no refusal holds the credential") {
  const std::string hostile = "a\r\nX-Injected: yes\r\n\r\nGET / HTTP/1.1";
  const auto is_clean = [](std::string_view text) { return text.find_first_of(std::string_view("\r\n\0", 3)) == text.npos; };
  for_each_action([&](const Connector& connector, const ActionInfo& action) {
    for (const auto& input : action.inputs) {
      INFO(input.name);
      Json inputs = required_inputs(action);
      inputs[input.name] = value_for(input, hostile);
      for (const auto& call : attempts(connector, action, inputs)) {
        if (!call) {
          CHECK(call.error().kind == ErrorKind::kInvalid);
          CHECK_FALSE(call.error().code.empty());
          CHECK(to_string(call.error()).find(kSecret) == std::string::npos);
          CHECK(is_clean(to_string(call.error())));
          continue;
        }
        CHECK(is_clean(call->method));
        CHECK(is_clean(call->url));
        CHECK(is_clean(call->credential_url.reveal()));
        for (const auto& [name, value] : call->headers) CHECK((is_clean(name) && is_clean(value)));
      }
    }
  });
}

TEST_CASE("an unknown or missing input is refused") {
  for_each_action([](const Connector& connector, const ActionInfo& action) {
    Json unknown = required_inputs(action);
    unknown["no-such-input"] = 1;
    for (const auto& call : attempts(connector, action, unknown)) CHECK_FALSE(call);
    for (const auto& input : action.inputs) {
      if (!input.required) continue;
      Json without = required_inputs(action);
      without.erase(input.name);
      for (const auto& call : attempts(connector, action, without)) CHECK_FALSE(call);
    }
  });
}

TEST_CASE("a credential limited to other hosts is never attached") {
  for_each_action([](const Connector& connector, const ActionInfo& action) {
    domain::CallRequest request{.connector = action.connector, .action = action.name, .credential = "door",
                                .inputs = required_inputs(action), .idempotency_key = "k", .timeout = {}};
    for (const auto& type : action.credential_types) {
      for (auto credential : credentials_of(type)) {
        credential.fields["hosts"] = Json::array({"elsewhere.example"});
        const auto call = connector.prepare(request, credential);
        REQUIRE_FALSE(call);
        CHECK(call.error().code == "credential_refused");
      }
    }
  });
}

TEST_CASE("a named credential that is not there is never ignored") {
  for_each_action([](const Connector& connector, const ActionInfo& action) {
    const domain::CallRequest request{.connector = action.connector, .action = action.name, .credential = "gone",
                                      .inputs = required_inputs(action), .idempotency_key = "k", .timeout = {}};
    const auto call = connector.prepare(request, std::nullopt);
    REQUIRE_FALSE(call);
    CHECK(call.error().code == "credential_missing");
  });
}

TEST_CASE("whatever is answered, it is outputs or a failure with a code and a short message") {
  const std::vector<std::string> bodies = {"", "ok", "{", "null", "[]", R"({"ok": true})", R"({"error": 5})", "\xff\xfe",
                                           "[1e400]", std::string(200'000, '['), std::string(1'000'000, 'x'), "\x1b[2J\r\n"};
  for_each_action([&](const Connector& connector, const ActionInfo& action) {
    const domain::CallRequest request{.connector = action.connector, .action = action.name, .credential = {},
                                      .inputs = required_inputs(action), .idempotency_key = "k", .timeout = {}};
    for (const int status : {200, 204, 302, 400, 401, 404, 408, 429, 500, 503, 599}) {
      for (const auto& body : bodies) {
        const auto meaning = connector.interpret(request, test::reply_of(status, "application/json", body), {});
        if (meaning.outputs) continue;
        CHECK_FALSE(meaning.code.empty());
        CHECK_FALSE(meaning.message.empty());
        CHECK(meaning.message.size() < 1000);
        CHECK(meaning.message.find_first_of("\r\n\x1b") == std::string::npos);
      }
    }
  });
}
