#include "daemon/http/envelope.h"

#include "core/base/json.h"
#include "daemon/http/response_writer.h"
#include "tests/support/catch.h"

using namespace ipaas;
using namespace ipaas::daemon;

namespace {

std::string written(const http::Response& response, http::WriteOptions options = {"req_1"}) {
  std::string out;
  http::write_response(response, options, out);
  return out;
}

Json body_of(const std::string& text) {
  return *parse_json(std::string_view(text).substr(text.find("\r\n\r\n") + 4));
}

}  // namespace

TEST_CASE("an answer is one text, its length exact") {
  CHECK(written(http::ok_text("{\"execution_id\":\"ex_1\"}", 202)) ==
        "HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\nContent-Length: 77\r\nX-Request-Id: req_1\r\n\r\n"
        R"({"success":true,"data":{"execution_id":"ex_1"},"meta":{"request_id":"req_1"}})");
  CHECK(written(http::empty(204)) == "HTTP/1.1 204 No Content\r\nX-Request-Id: req_1\r\n\r\n");
  CHECK(written(http::raw(200, "text/plain", "challenge"))
            .ends_with("Content-Length: 9\r\nX-Request-Id: req_1\r\n\r\nchallenge"));
}

TEST_CASE("a page carries its cursor in meta") {
  const Json body = body_of(written(http::page(Json::array({1, 2}), "a\"b")));
  CHECK(body["data"].size() == 2);
  CHECK(body["meta"]["next_cursor"] == "a\"b");
  CHECK_FALSE(body_of(written(http::page(Json::array(), "")))["meta"].contains("next_cursor"));
}

TEST_CASE("an error's kind is its status and code") {
  const std::vector<std::pair<ErrorKind, std::pair<int, std::string>>> rows{
      {ErrorKind::kInvalid, {400, "invalid_request"}},  {ErrorKind::kUnauthenticated, {401, "unauthenticated"}},
      {ErrorKind::kForbidden, {403, "forbidden"}},      {ErrorKind::kNotFound, {404, "not_found"}},
      {ErrorKind::kConflict, {409, "conflict"}},        {ErrorKind::kTooLarge, {413, "too_large"}},
      {ErrorKind::kBacklogFull, {503, "backlog_full"}}, {ErrorKind::kDraining, {503, "draining"}},
      {ErrorKind::kUnavailable, {503, "internal"}},     {ErrorKind::kInternal, {500, "internal"}},
  };
  for (const auto& [kind, expected] : rows) {
    const http::Response response = http::error(Error{kind, "what"});
    CHECK(response.status == expected.first);
    CHECK((*parse_json(response.body))["code"] == expected.second);
    CHECK(response.headers.empty() == (expected.first != 503));
  }
  CHECK(http::error(Error{ErrorKind::kInvalid, "what", "", "rate_limited"}).status == 429);
  CHECK(http::error(Error{ErrorKind::kInvalid, "what", "", "unsupported_encoding"}).status == 415);
}

TEST_CASE("details tell what is known, and an internal error nothing") {
  const std::vector<Error> errors{{ErrorKind::kInvalid, "one", "do", "unknown_key", "f.yaml", {3, 4}},
                                  {ErrorKind::kInvalid, "two"}};
  const Json body = body_of(written(http::errors(errors)));
  CHECK(body["success"] == false);
  CHECK(body["error"]["details"][0] == Json({{"message", "one"},
                                             {"code", "unknown_key"},
                                             {"hint", "do"},
                                             {"file", "f.yaml"},
                                             {"line", 3},
                                             {"column", 4}}));
  CHECK(body["error"]["details"][1] == Json({{"message", "two"}}));
  CHECK(written(http::error(Error{ErrorKind::kInternal, "secret", "secret"})).find("secret") == std::string::npos);
}

TEST_CASE("a header that would end its line is left out") {
  http::Response response = http::ok_text("1");
  response.headers = {{"A", "b\r\nSet-Cookie: c"}, {"D", "e"}};
  const std::string text = written(response);
  CHECK(text.find("Set-Cookie") == std::string::npos);
  CHECK(text.find("D: e\r\n") != std::string::npos);
}
