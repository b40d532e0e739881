// What every command understands.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ipaas::cli {

enum class OutputFormat { kTable, kWide, kJson, kYaml, kName };

struct GlobalOptions {
  std::string host;    ///< empty: IPAAS_HOST, then the default socket
  std::string tenant;  ///< empty: IPAAS_TENANT, then `default`
  std::string output = "table";
  bool no_color = false;
  bool yes = false;
};

[[nodiscard]] constexpr std::optional<OutputFormat> output_format_from_name(std::string_view name) {
  if (name == "table") return OutputFormat::kTable;
  if (name == "wide") return OutputFormat::kWide;
  if (name == "json") return OutputFormat::kJson;
  if (name == "yaml") return OutputFormat::kYaml;
  if (name == "name") return OutputFormat::kName;
  return std::nullopt;
}

}  // namespace ipaas::cli
