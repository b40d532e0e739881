#include "cli/api/event_stream.h"

#include <vector>

#include "tests/support/catch.h"

using ipaas::cli::EventStreamParser;
using ipaas::cli::StreamEvent;

namespace {

std::vector<StreamEvent> parse(const std::vector<std::string>& pieces) {
  std::vector<StreamEvent> events;
  EventStreamParser parser([&](const StreamEvent& event) {
    events.push_back(event);
    return true;
  });
  for (const std::string& piece : pieces) CHECK(parser.feed(piece));
  return events;
}

}  // namespace

TEST_CASE("events are cut out of pieces of any size") {
  const std::string text =
      ": heartbeat\n\nevent: log\nid: 7\ndata: {\"a\":1}\ndata: second\n\nid:8\r\ndata:x\r\n\r\nevent: empty\n\n";
  std::vector<std::string> bytes;
  for (const char byte : text) bytes.emplace_back(1, byte);
  for (const auto& pieces : {std::vector<std::string>{text}, bytes}) {
    const auto events = parse(pieces);
    REQUIRE(events.size() == 2);
    CHECK(events[0].name == "log");
    CHECK(events[0].id == "7");
    CHECK(events[0].data == "{\"a\":1}\nsecond");
    CHECK(events[1].name == "message");
    CHECK(events[1].id == "8");
    CHECK(events[1].data == "x");
  }
}

TEST_CASE("an event that has not ended is not handed on") {
  CHECK(parse({"data: half\n"}).empty());
}

TEST_CASE("a receiver that has enough ends the parsing") {
  int seen = 0;
  EventStreamParser parser([&](const StreamEvent&) { return ++seen < 2; });
  CHECK_FALSE(parser.feed("data: 1\n\ndata: 2\n\ndata: 3\n\n"));
  CHECK(seen == 2);
}
