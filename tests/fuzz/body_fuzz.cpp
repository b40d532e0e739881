// Any bytes as a JSON body and as a form.
#include "core/base/json.h"
#include "daemon/http/form.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ipaas;
  const std::string_view text = fuzz::text_of(data, size);
  if (const auto document = parse_document(text)) {
    const Json* json = &document->value;
    fuzz::require(json_depth(*json) <= JsonLimits{}.depth, "depth is bounded");
    const auto kept = parse_json("{\"body\":" + document->text + "}", {.depth = JsonLimits{}.depth + 1});
    fuzz::require(kept && dump_json((*kept)["body"]) == dump_json(*json), "a text within a text reads as the value");
    const std::string written = dump_json(*json);
    const auto again = parse_json(written);
    fuzz::require(again.has_value(), "what was written can be read");
    fuzz::require(dump_json(*again) == written, "reading and writing change nothing");
  }
  if (const auto form = daemon::http::parse_form(text)) {
    fuzz::require(daemon::http::is_utf8(dump_json(*form)), "a form is UTF-8");
  }
  fuzz::require(daemon::http::is_utf8(daemon::http::to_utf8(text)), "any bytes become UTF-8");
  return 0;
}
