// Any text as workflows: parsed, or refused with a reason and a place.
#include "core/connectors/catalog.h"
#include "core/language/workflow_parser.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ipaas;
  static const auto catalog = connectors::Catalog::built_in();
  const auto parsed = language::parse_workflows(fuzz::text_of(data, size), "fuzz.yaml", *catalog);
  if (parsed) return 0;
  fuzz::require(!parsed.error().empty(), "a refusal has a reason");
  for (const Error& error : parsed.error()) {
    fuzz::require(error.file == "fuzz.yaml", "an error names its file");
    fuzz::require(!error.message.empty() && !error.code.empty(), "an error has a message and a code");
  }
  return 0;
}
