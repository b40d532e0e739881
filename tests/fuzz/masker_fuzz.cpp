// Any text through the masker: a registered secret does not survive, and masking twice is masking once.
#include "core/security/masker.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ipaas;
  static const security::Masker plain;
  static const security::Masker full({Secret("hunter2-Zq8vTn3L"), Secret("{\"leaf\":\"correct horse\"}"), Secret("s3c!")},
                                     {.personal = true});
  const std::string_view text = fuzz::text_of(data, size);
  const std::string masked = full.mask(text);
  fuzz::require(masked.find("hunter2-Zq8vTn3L") == std::string::npos, "a registered secret is masked");
  fuzz::require(full.mask(masked) == masked, "masking twice is masking once");
  const std::string once = plain.mask(text);
  fuzz::require(plain.mask(once) == once, "masking twice is masking once, without values");
  return 0;
}
