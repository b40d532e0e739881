// A stream through the masker, block by block.
#pragma once

#include <iosfwd>

#include "core/security/masker.h"

namespace ipaas::cli {

enum class MaskedBytes {
  kAsTheyAre,
  kForTerminal,  ///< control characters other than the line end spelled out
};

/// Copies all bytes, secrets replaced. What has arrived in whole lines is written at once, so that a live tail stays
/// live. A secret that spans lines (a PEM block) is kept together, and so is a line, up to 8 MiB of either.
void mask_stream(std::istream& in, std::ostream& out, const security::Masker& masker,
                 MaskedBytes bytes = MaskedBytes::kAsTheyAre);

}  // namespace ipaas::cli
