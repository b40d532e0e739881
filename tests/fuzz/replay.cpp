// Stands in for libFuzzer where the compiler has none: each file of the given directories goes through the target once.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "tests/fuzz/fuzz.h"

int main(int argc, char** argv) {
  int files = 0;
  for (int i = 1; i < argc; ++i) {
    if (*argv[i] == '-') continue;  // a flag of libFuzzer
    for (const auto& entry : std::filesystem::recursive_directory_iterator(argv[i])) {
      if (!entry.is_regular_file()) continue;
      std::ifstream file(entry.path(), std::ios::binary);
      const std::string text{std::istreambuf_iterator<char>(file), {}};
      std::printf("%s\n", entry.path().filename().c_str());
      std::fflush(stdout);  // the last line names the file that did it
      LLVMFuzzerTestOneInput(static_cast<const std::uint8_t*>(static_cast<const void*>(text.data())), text.size());
      ++files;
    }
  }
  return files > 0 ? 0 : 1;
}
