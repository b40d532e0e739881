#include "daemon/http/form.h"

#include <algorithm>

#include "daemon/http/percent.h"

namespace ipaas::daemon::http {
namespace {

constexpr std::size_t kMostPairs = 1000;

Result<std::string> decode(std::string_view text) {
  std::string spaced(text);
  std::replace(spaced.begin(), spaced.end(), '+', ' ');
  std::string decoded;
  if (!decode_percent(spaced, decoded)) {
    return fail(ErrorKind::kInvalid, "a form or query holds a broken percent-encoding", "write % as %25", "malformed_form");
  }
  return to_utf8(decoded);
}

}  // namespace

bool is_utf8(std::string_view bytes) {
  // Printable ASCII, the usual case, needs no decoder.
  if (std::all_of(bytes.begin(), bytes.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; })) return true;
  try {
    (void)Json(bytes).dump();  // strict: throws at the first byte that is no UTF-8
    return true;
  } catch (const Json::type_error&) {
    return false;
  }
}

std::string to_utf8(std::string_view bytes) {
  if (is_utf8(bytes)) return std::string(bytes);
  return Json::parse(Json(bytes).dump(-1, ' ', false, Json::error_handler_t::replace)).get<std::string>();
}

Result<Json> parse_form(std::string_view text) {
  Json form = Json::object();
  std::size_t pairs = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('&'), text.size());
    const std::string_view pair = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (pair.empty()) continue;
    if (++pairs > kMostPairs) {
      return fail(ErrorKind::kInvalid, "a form or query holds more than 1,000 pairs", "send JSON", "malformed_form");
    }
    const std::size_t equals = std::min(pair.find('='), pair.size());
    auto name = decode(pair.substr(0, equals));
    auto value = decode(pair.substr(std::min(equals + 1, pair.size())));
    if (!name) return tl::unexpected(name.error());
    if (!value) return tl::unexpected(value.error());
    Json& slot = form[*name];
    if (slot.is_null()) {
      slot = *std::move(value);
    } else {
      if (!slot.is_array()) slot = Json::array({std::move(slot)});
      slot.push_back(*std::move(value));
    }
  }
  return form;
}

}  // namespace ipaas::daemon::http
