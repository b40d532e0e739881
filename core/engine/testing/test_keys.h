// The keys of a test file, as data: what the reader accepts, and what help is made of.
#pragma once

#include <span>
#include <string_view>

#include "core/language/parser/key_table.h"

namespace ipaas::engine::testing {

[[nodiscard]] const language::KeyTable& file_keys();
[[nodiscard]] const language::KeyTable& case_keys();
[[nodiscard]] const language::KeyTable& event_keys();
[[nodiscard]] const language::KeyTable& mock_keys();
[[nodiscard]] const language::KeyTable& mock_reply_keys();
[[nodiscard]] const language::KeyTable& mock_error_keys();
[[nodiscard]] const language::KeyTable& expect_keys();
[[nodiscard]] const language::KeyTable& expected_error_keys();
[[nodiscard]] const language::KeyTable& expected_answer_keys();
[[nodiscard]] const language::KeyTable& expected_step_keys();
[[nodiscard]] const language::KeyTable& expected_call_keys();

}  // namespace ipaas::engine::testing
