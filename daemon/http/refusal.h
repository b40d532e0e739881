// Why the server itself turns a request down before any handler sees it.
#pragma once

#include <string_view>

namespace ipaas::daemon::http {

/// The texts are literals. After a refusal the connection is closed, since where the next request begins is not known.
struct Refusal {
  int status = 400;
  std::string_view code = "invalid_request";
  std::string_view message = "";
};

[[nodiscard]] constexpr Refusal malformed(std::string_view message) {
  return {400, "invalid_request", message};
}

}  // namespace ipaas::daemon::http
