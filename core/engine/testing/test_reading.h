// The parts of a test file's reader.
#pragma once

#include <vector>

#include "core/engine/testing/test_file.h"
#include "core/language/parser/reading.h"

namespace ipaas::engine::testing {

/// `mocks`: by step.
[[nodiscard]] std::vector<Mock> read_mocks(language::Reading& reading, const language::yaml::Entry& entry);

/// `event`, with the file that it names.
[[nodiscard]] GivenEvent read_event(language::Reading& reading, const language::yaml::Entry& entry,
                                    const ReadFile& read_file);

/// `expect`, into the case.
void read_expectation(language::Reading& reading, const language::yaml::Entry& entry, TestCase& test);

/// The instant that an entry names, RFC 3339.
[[nodiscard]] std::optional<Instant> read_instant(language::Reading& reading, const language::yaml::Entry& entry);

/// A mapping of texts; numbers and booleans become texts. Names in lower case, if asked for.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> read_texts(language::Reading& reading,
                                                                          const language::yaml::Entry& entry,
                                                                          bool lower_case);

}  // namespace ipaas::engine::testing
