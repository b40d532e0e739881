#include "cli/context.h"

#include <algorithm>
#include <istream>
#include <ostream>

#include "cli/api/host.h"
#include "core/base/terminal_text.h"

namespace ipaas::cli {
namespace {

constexpr std::size_t kLongestName = 63;

/// The name goes into a header, so nothing else may get there.
bool is_tenant_name(std::string_view name) {
  const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  return !name.empty() && name.size() <= kLongestName && plain(name.front()) &&
         std::ranges::all_of(name, [&](char c) { return plain(c) || c == '-'; });
}

}  // namespace

ResultOrErrors<Client> Context::client() const {
  Result<std::string> socket = socket_path(options.host, world);
  if (!socket) return fail_with(socket.error());
  std::string tenant = options.tenant.empty() ? world.variable("IPAAS_TENANT") : options.tenant;
  if (tenant.empty()) tenant = "default";
  if (!is_tenant_name(tenant)) {
    return fail_with(usage_error("the tenant's name is not one", "use lower-case letters, digits and hyphens"));
  }
  return Client(std::move(*socket), std::move(tenant));
}

Result<void> Context::confirm(std::string_view what) const {
  if (options.yes) return {};
  if (!world.in_is_terminal) {
    return tl::unexpected(usage_error("will not " + std::string(what) + " without being told to", "add --yes"));
  }
  world.err << escape_control(what) << "? [y/N] " << std::flush;
  std::string answer;
  std::getline(world.in, answer);
  if (answer == "y" || answer == "Y" || answer == "yes") return {};
  return fail(ErrorKind::kInternal, "nothing was changed, as the answer was not y", "add --yes to do it without being asked");
}

}  // namespace ipaas::cli
