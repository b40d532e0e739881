// Any bytes as the daemon's configuration file, and as a setting in the environment.
#include <sys/mman.h>
#include <unistd.h>

#include "daemon/config/config.h"
#include "tests/fuzz/fuzz.h"

namespace {

/// A file that is in memory only.
std::string path_of_memory(std::string_view text) {
  static const int file = ::memfd_create("config", MFD_CLOEXEC);
  ipaas::fuzz::require(::ftruncate(file, 0) == 0, "the file can be emptied");
  const ssize_t written = ::pwrite(file, text.data(), text.size(), 0);
  ipaas::fuzz::require(written == static_cast<ssize_t>(text.size()), "the file can be written");
  return "/proc/self/fd/" + std::to_string(file);
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ipaas;
  const std::string_view text = fuzz::text_of(data, size);
  daemon::Config config;
  const auto read = daemon::read_config_file(path_of_memory(text), config);
  if (!read) {
    fuzz::require(!read.error().empty(), "a refusal has a reason");
    for (const Error& error : read.error()) fuzz::require(!error.file.empty(), "an error names its file");
  }
  const std::string variable = "IPAASD_" + std::string(text.substr(0, text.find('\0')));
  const char* const environment[] = {variable.c_str(), nullptr};
  (void)daemon::read_environment(environment, config);
  return 0;
}
