// Any text, formatted: what can be read keeps its meaning and its comments, and formatting it again changes nothing.
#include "core/language/formatter/formatter.h"
#include "core/language/yaml/reader.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ipaas::language;
  const std::string_view text = ipaas::fuzz::text_of(data, size);
  const auto formatted = format_yaml(text);
  if (formatted) {
    const auto again = format_yaml(*formatted);
    ipaas::fuzz::require(again && *again == *formatted, "formatting twice is formatting once");
    return 0;
  }
  for (const auto& error : formatted.error()) {
    // The formatter compares what it has made with what it was given: meaning, anchors, comments.
    if (error.code == "internal") std::fprintf(stderr, "%s\n", error.message.c_str());
    ipaas::fuzz::require(error.code != "internal", "what can be read can be formatted");
    ipaas::fuzz::require(error.position.line > 0, "a refusal has a place");
  }
  return 0;
}
