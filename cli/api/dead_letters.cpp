#include "cli/api/dead_letters.h"

#include <algorithm>

#include "cli/output/fields.h"
#include "core/base/time_text.h"

namespace ipaas::cli {
namespace {

constexpr std::string_view kPage = "1000";

bool is_wanted(const Json& row, const DeadLetterFilter& filter) {
  if (!filter.code.empty() && text_of(member_of(row, "error"), "code") != filter.code) return false;
  if (!filter.since) return true;
  const auto ended = parse_instant(text_of(row, "ended_at"));
  return ended && *ended >= *filter.since;
}

}  // namespace

ResultOrErrors<std::vector<std::string>> find_dead_letters(const Client& client, const DeadLetterFilter& filter) {
  std::vector<std::string> ids;
  std::string cursor;
  do {
    const auto page = client.get("/api/v1/executions", {{"dead_letter", "true"},
                                                        {"workflow", filter.workflow},
                                                        {"limit", std::string(kPage)},
                                                        {"before", cursor}});
    if (!page) return tl::unexpected(page.error());
    for (const Json& row : page->data) {
      if (is_wanted(row, filter)) ids.push_back(text_of(row, "id"));
    }
    cursor = page->data.empty() ? std::string() : page->next_cursor;
  } while (!cursor.empty());
  std::ranges::reverse(ids);
  if (filter.limit > 0 && ids.size() > filter.limit) ids.resize(filter.limit);
  return ids;
}

}  // namespace ipaas::cli
