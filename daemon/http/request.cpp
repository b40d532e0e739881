#include "daemon/http/request.h"

#include <algorithm>
#include <array>

#include "daemon/http/percent.h"

namespace ipaas::daemon::http {

std::string_view method_name(Method method) {
  static constexpr std::array<std::string_view, 8> kNames{"GET",   "HEAD",   "POST",    "PUT",
                                                          "PATCH", "DELETE", "OPTIONS", ""};
  return kNames[static_cast<std::size_t>(method)];
}

std::optional<std::string_view> Request::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (equals_without_case(key, name)) return value;
  }
  return std::nullopt;
}

std::optional<std::string> Request::query(std::string_view name) const {
  const auto decoded = [](std::string_view text) {
    std::string plain(text);
    std::replace(plain.begin(), plain.end(), '+', ' ');
    std::string out;
    // Whether the encoding is right was checked when the target was read.
    static_cast<void>(decode_percent(plain, out));
    return out;
  };
  std::string_view rest = query_text;
  while (!rest.empty()) {
    const std::string_view pair = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
    const std::size_t equals = std::min(pair.find('='), pair.size());
    if (decoded(pair.substr(0, equals)) == name) return decoded(pair.substr(std::min(pair.size(), equals + 1)));
  }
  return std::nullopt;
}

std::string_view Request::param(std::string_view name) const {
  for (const auto& [key, value] : params) {
    if (key == name) return value;
  }
  return {};
}

}  // namespace ipaas::daemon::http
