// A failure in three columns.
#pragma once

#include <optional>
#include <string_view>

#include "core/domain/failure.h"
#include "core/store/sqlite/payload.h"

namespace ipaas::store::sqlite {

/// error_code, error_step and, sealed, error_message: all NULL where nothing failed. Views live as long as the failure.
struct FailureColumns {
  std::optional<std::string_view> code;
  std::optional<std::string_view> step;
  Sealed message;

  FailureColumns(const std::optional<domain::Failure>& failure, Payloads& payloads, const SealLabel& label) {
    if (!failure) return;
    code = failure->code;
    step = failure->step;
    message = payloads.seal_text(label, failure->message);
  }
};

}  // namespace ipaas::store::sqlite
