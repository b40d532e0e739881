#include "core/base/time_zone.h"

#include <algorithm>

namespace ipaas {
namespace {

bool same_letters(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return lower(x) == lower(y); });
}

// `berlin` and `europe/berlin` are what people type first.
std::string hint_for(std::string_view name) {
  for (const date::time_zone& zone : date::get_tzdb().zones) {
    const std::string_view known = zone.name();
    const std::size_t slash = known.rfind('/');
    const std::string_view city = slash == std::string_view::npos ? known : known.substr(slash + 1);
    if (same_letters(known, name) || same_letters(city, name)) return "did you mean `" + zone.name() + "`?";
  }
  return "use an IANA name such as `Europe/Berlin` or `UTC`";
}

}  // namespace

Result<const date::time_zone*> find_time_zone(std::string_view name) {
  try {
    return date::locate_zone(name);
  } catch (const std::exception&) {
    // date throws for unknown names and for an unreadable database alike; the name is what the caller can change.
    std::string shown(name.substr(0, 64));
    return fail(ErrorKind::kInvalid, "there is no time zone `" + shown + "`", hint_for(name), "unknown_time_zone");
  }
}

}  // namespace ipaas
