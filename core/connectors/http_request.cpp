#include "core/connectors/http_request.h"

#include "core/base/version.h"
#include "core/connectors/action_inputs.h"
#include "core/connectors/http_credential.h"
#include "core/connectors/http_text.h"
#include "core/connectors/reply_failure.h"
#include "core/connectors/reply_view.h"
#include "core/connectors/request_parts.h"
#include "core/connectors/url.h"
#include "core/language/expression/template.h"

namespace ipaas::connectors {
namespace {

using language::ActionInput;
using Type = ActionInput::Type;

language::ActionInfo request_action() {
  return {
      .connector = "http",
      .name = "request",
      .description = "Sends an HTTP request; outputs: status, headers, body",
      .inputs =
          {{.name = "method", .type = Type::kString, .description = "GET unless it is written"},
           {.name = "url", .type = Type::kString, .required = true,
            .description = "Absolute, or relative to the credential's base_url"},
           {.name = "query", .type = Type::kObject, .description = "Added to the query of the URL; a list repeats the name"},
           {.name = "headers", .type = Type::kObject, .description = "A list sends the header several times"},
           {.name = "json", .type = Type::kAny, .description = "Body: this value as JSON"},
           {.name = "form", .type = Type::kObject, .description = "Body: an HTML form, URL-encoded"},
           {.name = "text", .type = Type::kString, .description = "Body: this text"},
           {.name = "base64", .type = Type::kString, .description = "Body: the bytes that this is the base64 of"},
           {.name = "multipart", .type = Type::kAny,
            .description = "Body: a form with files; a list of {name, text or base64, filename, content-type}"},
           {.name = "follow-redirects", .type = Type::kBoolean,
            .description = "Follow redirects; false unless it is written"},
           {.name = "success", .type = Type::kString,
            .description = "Condition over status, headers and body; status < 400 unless it is written", .deferred = true}},
      .exclusive = {{"json", "form", "text", "base64", "multipart"}},
      .credential_types = {"bearer", "basic", "api-key"},
  };
}

tl::unexpected<Error> bad_request(std::string what, std::string hint = {}, std::string code = "input_invalid") {
  return fail(ErrorKind::kInvalid, "http/request: " + std::move(what), std::move(hint), std::move(code));
}

Result<language::Expression> success_condition(const Json& inputs) {
  return language::parse_condition(text_input(inputs, "success", "status < 400"),
                                   {.contexts = {"status", "headers", "body"}});
}

Result<Url> request_url(const Json& inputs, const std::optional<CredentialFields>& credential) {
  const auto text = text_input(inputs, "url");
  if (names_its_host(text)) return parse_url(text);
  const auto base = credential ? field_text(*credential, "base_url") : std::string();
  if (base.empty()) {
    return bad_request("the input `url` is not an http or https address",
                       "write https://host/path, or give the credential a base_url");
  }
  const auto url = parse_url(base);
  return url ? join_url(*url, text) : url;
}

Result<void> add_headers(HttpCall& call, const Json& inputs) {
  const auto* written = find_input(inputs, "headers");
  auto headers = header_list(written == nullptr ? Json() : *written);
  if (!headers) return tl::unexpected(headers.error());
  call.headers = std::move(*headers);
  if (!has_header(call.headers, "user-agent")) call.headers.emplace_back("User-Agent", "ipaas/" + std::string(kVersion));
  return {};
}

Result<void> add_body(HttpCall& call, const Json& inputs, const std::string& key) {
  auto body = request_body(inputs, key);
  if (!body) return tl::unexpected(body.error());
  if (!*body) return {};
  // Only we know the boundary.
  if (find_input(inputs, "multipart") != nullptr && has_header(call.headers, "content-type")) {
    return bad_request("a `multipart` body brings its own Content-Type", "leave that header out");
  }
  set_body(call, std::move(**body));
  return {};
}

bool carries_key(std::string_view method) { return method == "POST" || method == "PATCH"; }

Result<void> add_idempotency_key(HttpCall& call, const std::string& key) {
  const bool wants_key = carries_key(call.method) && !key.empty();
  if (!wants_key || has_header(call.headers, "idempotency-key")) return {};
  if (!is_field_value(key)) return bad_request("the idempotency key holds a control character");
  call.headers.emplace_back("Idempotency-Key", key);
  return {};
}

Result<void> add_query(Url& url, const Json& inputs) {
  const auto* query = find_input(inputs, "query");
  if (query == nullptr) return {};
  const auto pairs = name_value_pairs(*query, "`query`");
  if (!pairs) return tl::unexpected(pairs.error());
  append_query(url, *pairs);
  return {};
}

/// Names the receiver without what could be a secret of its own: the path and the query.
std::string receiver(const Json& inputs) {
  const auto method = upper_case(text_input(inputs, "method", "GET"));
  const auto url = parse_url(text_input(inputs, "url"));
  return url ? method + " " + url->host : method;
}

Interpretation condition_failed(const Error& error) {
  Interpretation meaning;
  meaning.code = "expression_failed";
  meaning.message = "http/request: `success`: " + error.message;
  return meaning;
}

}  // namespace

HttpRequest::HttpRequest() : actions_{request_action()} {}

Result<HttpCall> HttpRequest::prepare(const domain::CallRequest& request,
                                      const std::optional<CredentialFields>& credential) const {
  if (const auto present = check_presence(request, credential); !present) return tl::unexpected(present.error());
  const auto inputs = bind_action_inputs(actions_.front(), request.inputs);
  if (!inputs) return tl::unexpected(inputs.error());
  if (const auto condition = success_condition(*inputs); !condition) {
    return bad_request("`success`: " + condition.error().message, condition.error().hint);
  }
  auto method = request_method(text_input(*inputs, "method", "GET"));
  if (!method) return tl::unexpected(method.error());
  auto url = request_url(*inputs, credential);
  if (!url) return tl::unexpected(url.error());

  HttpCall call;
  call.method = std::move(*method);
  if (request.timeout > Duration::zero()) call.timeout = request.timeout;
  const auto* follow = find_input(*inputs, "follow-redirects");
  call.follow_redirects = follow != nullptr && follow->get<bool>();
  Result<void> built = add_query(*url, *inputs);
  if (built) built = add_headers(call, *inputs);
  if (built) built = add_body(call, *inputs, request.idempotency_key);
  if (built) built = add_idempotency_key(call, request.idempotency_key);
  if (built && credential) built = attach_common_credential(call, *credential, *url);
  if (!built) return tl::unexpected(built.error());
  call.url = url->text();
  return call;
}

Interpretation HttpRequest::interpret(const domain::CallRequest& request, const HttpReply& reply, Instant now) const {
  Json view = reply_view(reply);
  const auto inputs = bind_action_inputs(actions_.front(), request.inputs);
  if (!inputs) return condition_failed(inputs.error());
  const auto condition = success_condition(*inputs);
  if (!condition) return condition_failed(condition.error());
  const auto succeeded = condition->evaluate(language::JsonContext(view));
  if (!succeeded) return condition_failed(succeeded.error());
  if (language::is_truthy(*succeeded)) return {.outputs = std::move(view)};

  auto meaning = failure_of_status(reply, now, !request.credential.empty());
  meaning.message = failure_message(receiver(*inputs), view);
  return meaning;
}

bool HttpRequest::repeatable(const domain::CallRequest& request) const {
  const std::string method = upper_case(text_input(request.inputs, "method", "GET"));
  return is_idempotent_method(method) || (request.keyed && carries_key(method));
}

}  // namespace ipaas::connectors
