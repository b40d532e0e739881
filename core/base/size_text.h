// Sizes in bytes as people write them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ipaas {

/// `65536`, `512B`, `64KiB`, `25MiB`, `20GiB`; nothing for anything else, and for what a 64-bit number cannot hold.
[[nodiscard]] std::optional<std::uint64_t> parse_size(std::string_view text);

/// The shortest exact form that parse_size reads back: `1MiB`, `1500KiB`, `1000B`.
[[nodiscard]] std::string format_size(std::uint64_t bytes);

}  // namespace ipaas
