// The first byte picks the scheme and its key, the first line is the URL, each line up to an empty one is a header, the
// rest is the body.
#include "core/security/signature.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/signature_kit.h"

namespace {

using namespace ipaas;
using namespace ipaas::security;

constexpr std::chrono::milliseconds kNow{1'795'000'000'000};

const std::vector<test::SchemeCase>& cases() {
  static const auto all = test::scheme_cases();
  return all;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view input = fuzz::text_of(data, size);
  if (input.empty()) return 0;
  const test::SchemeCase& one = cases()[static_cast<unsigned char>(input.front()) % cases().size()];
  input.remove_prefix(1);
  const std::string_view url = fuzz::take_until(input, '\n');
  std::vector<std::pair<std::string_view, std::string_view>> headers;
  for (auto line = fuzz::take_until(input, '\n'); !line.empty(); line = fuzz::take_until(input, '\n')) {
    const std::string_view name = fuzz::take_until(line, ':');
    headers.emplace_back(name, line);
  }
  const Instant now{kNow};
  const auto verified = verify(one.rule, {one.verifying}, SignedRequest{input, headers, url}, now);
  // A seed may hold the right token or password; a digest or a signature over it nobody finds by chance.
  if (one.signs_body) fuzz::require(!verified, "nobody can sign without the secret");
  if (!verified) fuzz::require(!verified.error().code.empty(), "a refusal has a code");

  const auto good = sign(one.rule, one.signing, {input, "msg_1", url}, now);
  if (!good) return 0;
  const std::vector<std::pair<std::string_view, std::string_view>> views(good->headers.begin(), good->headers.end());
  const std::string_view sent_to = good->url.empty() ? url : std::string_view(good->url);
  fuzz::require(verify(one.rule, {one.verifying}, SignedRequest{input, views, sent_to}, now).has_value(), "what was signed is accepted");
  fuzz::require(!verify(one.rule, {one.other}, SignedRequest{input, views, sent_to}, now), "and not under another key");
  return 0;
}
