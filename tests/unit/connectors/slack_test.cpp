#include "core/connectors/catalog.h"
#include "tests/support/catch.h"
#include "tests/support/connector_kit.h"
#include "tests/support/fake_clock.h"

using namespace ipaas;
using namespace ipaas::connectors;
using namespace ipaas::test;
using Class = Interpretation::Class;

namespace {

const Connector& slack() {
  static const auto catalog = Catalog::built_in();
  REQUIRE(catalog);
  return *catalog->find("slack");
}

const auto kBot = credential_of("slack", R"({"token": "xoxb-1234"})");
const auto kHook = credential_of("slack", R"({"webhook_url": "https://hooks.slack.com/services/T0/B0/s3cr3t"})");

Result<HttpCall> prepare(const std::string& action, std::string_view inputs, const std::optional<CredentialFields>& credential) {
  return slack().prepare(call_of("slack", action, inputs, credential ? credential->name : ""), credential);
}

Interpretation answer(const std::string& action, const HttpReply& reply) {
  return slack().interpret(call_of("slack", action, R"({"channel": "#ops"})", "secret-door"), reply, FakeClock().now());
}

Interpretation bot_answer(const std::string& body) { return answer("post-message", reply_of(200, "application/json", body)); }

}  // namespace

TEST_CASE("a message goes to chat.postMessage with the bot token, without what was not written") {
  const auto call = prepare("post-message", R"({"channel": "#ops", "text": "hi ${{ secrets.x }}", "blocks": [{"a": null}],
                                                "unfurl_links": false, "thread_ts": null, "username": 7})", kBot);
  REQUIRE(call);
  CHECK(call->method == "POST");
  CHECK(call->url == "https://slack.com/api/chat.postMessage");
  CHECK(json(call->body) == json(R"({"channel": "#ops", "text": "hi ${{ secrets.x }}", "blocks": [{"a": null}],
                                     "username": "7", "unfurl_links": false})"));
  CHECK(header_of(*call, "Content-Type") == "application/json; charset=utf-8");
  REQUIRE(call->credential_headers.size() == 1);
  CHECK(call->credential_headers[0].first == "Authorization");
  CHECK(call->credential_headers[0].second.reveal() == "Bearer xoxb-1234");
  CHECK_FALSE(slack().repeatable(call_of("slack", "post-message", "{}")));
  CHECK_FALSE(slack().repeatable(call_of("slack", "webhook", "{}")));
}

TEST_CASE("a credential may name another Slack") {
  const auto elsewhere = credential_of("slack", R"({"token": "xoxb-1234", "base_url": "http://127.0.0.1:8099/api/"})");
  CHECK(prepare("post-message", R"({"channel": "C1"})", elsewhere)->url == "http://127.0.0.1:8099/api/chat.postMessage");
  const auto narrowed = credential_of("slack", R"({"token": "xoxb-1234", "hosts": "slack.corp.example"})");
  CHECK(prepare("post-message", R"({"channel": "C1"})", narrowed).error().code == "credential_refused");
}

TEST_CASE("an incoming webhook is posted to its secret address") {
  const auto call = prepare("webhook", R"({"text": "hi"})", kHook);
  REQUIRE(call);
  CHECK(call->url.empty());
  CHECK(call->credential_url.reveal() == "https://hooks.slack.com/services/T0/B0/s3cr3t");
  CHECK(call->body == R"({"text":"hi"})");
  CHECK(call->credential_headers.empty());
}

TEST_CASE("each action wants its own kind of credential") {
  CHECK(prepare("webhook", R"({"text": "hi"})", kBot).error().code == "credential_refused");
  CHECK(prepare("post-message", R"({"channel": "C1"})", kHook).error().code == "credential_refused");
  CHECK(prepare("post-message", R"({"channel": "C1"})", credential_of("bearer", R"({"token": "xoxb-1234"})")).error().code ==
        "credential_refused");
  CHECK(prepare("post-message", R"({"channel": "C1"})", std::nullopt).error().code == "credential_missing");
  const auto broken = prepare("webhook", "{}", credential_of("slack", R"({"webhook_url": "s3cr3t://x"})"));
  CHECK(broken.error().code == "credential_refused");
  CHECK(to_string(broken.error()).find("s3cr3t") == std::string::npos);
}

TEST_CASE("wrong inputs are refused before sending") {
  CHECK(prepare("post-message", R"({"text": "hi"})", kBot).error().code == "input_invalid");
  CHECK(prepare("post-message", R"({"channel": "C1", "blocks": "[]"})", kBot).error().code == "input_invalid");
  const auto typo = prepare("post-message", R"({"channel": "C1", "txet": "hi"})", kBot);
  CHECK(typo.error().code == "input_invalid");
  CHECK(typo.error().hint == "did you mean `text`?");
}

TEST_CASE("outputs say where the message is") {
  const auto meaning = bot_answer(R"({"ok": true, "channel": "C1", "ts": "1.2", "message": {"text": "hi"}, "extra": 1})");
  CHECK(meaning.outputs == json(R"({"ts": "1.2", "channel": "C1", "message": {"text": "hi"}})"));
  CHECK(answer("webhook", reply_of(200, "text/html", "ok")).outputs == json(R"({"body": "ok"})"));
}

TEST_CASE("ok:false is a failure with Slack's own reason") {
  const auto meaning = bot_answer(R"({"ok": false, "error": "channel_not_found"})");
  CHECK_FALSE(meaning.outputs);
  CHECK(meaning.failure_class == Class::kRejected);
  CHECK(meaning.code == "rejected");
  CHECK_FALSE(meaning.worth_retrying);
  CHECK(meaning.message == "slack/post-message answered 200: channel_not_found");
  CHECK(bot_answer(R"({"ok": false, "error": "invalid_blocks", "response_metadata": {"messages": ["[ERROR] bad", "x"]}})").message ==
        "slack/post-message answered 200: invalid_blocks: [ERROR] bad; x");
  CHECK_FALSE(bot_answer("{}").outputs);
  CHECK_FALSE(bot_answer("<html>proxy</html>").outputs);
}

TEST_CASE("Slack's reasons have their class") {
  for (const auto* reason : {"invalid_auth", "not_authed", "token_revoked", "account_inactive", "missing_scope"}) {
    const auto meaning = bot_answer(R"({"ok": false, "needed": "chat:write", "error": ")" + std::string(reason) + R"("})");
    CHECK(meaning.code == "credential_refused");
    CHECK(meaning.failure_class == Class::kRejected);
    CHECK(meaning.message.find("lacks the scope chat:write") != std::string::npos);
  }
  CHECK(bot_answer(R"({"ok": false, "error": "ratelimited"})").failure_class == Class::kDeferred);
  const HttpReply limited{.status = 429, .headers = {{"retry-after", "30"}}, .body = ""};
  CHECK(answer("post-message", limited).failure_class == Class::kDeferred);
  CHECK(answer("post-message", limited).retry_after == std::chrono::seconds(30));
  const auto fault = bot_answer(R"({"ok": false, "error": "internal_error"})");
  CHECK(fault.failure_class == Class::kUnknown);
  CHECK(fault.worth_retrying);
  CHECK(answer("post-message", reply_of(502, "text/html", "<html>")).failure_class == Class::kUnknown);
}

TEST_CASE("an incoming webhook fails with the text that Slack answers") {
  const auto meaning = answer("webhook", reply_of(400, "text/html", "invalid_payload"));
  CHECK(meaning.code == "rejected");
  CHECK(meaning.message == "slack/webhook answered 400: invalid_payload");
  CHECK(answer("webhook", reply_of(404, "text/html", "no_service")).code == "credential_refused");
  CHECK(answer("webhook", reply_of(403, "text/html", "action_prohibited")).code == "rejected");
}
