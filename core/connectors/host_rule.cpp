#include "core/connectors/host_rule.h"

#include <algorithm>

#include "core/connectors/http_text.h"

namespace ipaas::connectors {
namespace {

constexpr std::string_view kHint = "write hosts such as api.example.com, *.example.com or 127.0.0.1:8080";

tl::unexpected<Error> bad_hosts(std::string what) {
  return fail(ErrorKind::kInvalid, std::move(what), std::string(kHint), "input_invalid");
}

/// The texts of a list, or the parts of one text between commas.
Result<std::vector<std::string>> entries_of(const Json& hosts) {
  std::vector<std::string> texts;
  if (hosts.is_string()) {
    std::string_view rest = hosts.get_ref<const std::string&>();
    while (!rest.empty()) {
      const auto comma = std::min(rest.find(','), rest.size());
      texts.emplace_back(trim(rest.substr(0, comma)));
      rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
    return texts;
  }
  if (!hosts.is_array()) return bad_hosts("`hosts` is neither a list nor a text");
  for (const auto& host : hosts) {
    if (!host.is_string()) return bad_hosts("`hosts` holds something that is not a text");
    texts.emplace_back(trim(host.get_ref<const std::string&>()));
  }
  return texts;
}

}  // namespace

Result<HostRule::Entry> HostRule::parse_entry(std::string_view text) {
  Entry entry;
  entry.wildcard = text.starts_with("*.");
  const std::string host = std::string(entry.wildcard ? text.substr(2) : text);
  // A host is what would be a host in a URL; anything else (a path, a scheme, a second star) does not come back whole.
  const auto url = parse_url("http://" + host);
  if (!url || !url->path.empty() || !url->query.empty() || host.find_first_of("?#") != std::string::npos) {
    return bad_hosts("`hosts` holds something that is not a host");
  }
  entry.host = entry.wildcard ? "." + url->host : url->host;
  entry.port = url->has_written_port ? url->port : 0;
  return entry;
}

Result<HostRule> HostRule::parse(const Json& hosts) {
  const auto texts = entries_of(hosts);
  if (!texts) return tl::unexpected(texts.error());
  if (texts->empty()) return bad_hosts("`hosts` is empty, so the credential could go nowhere");
  HostRule rule;
  for (const auto& text : *texts) {
    auto entry = parse_entry(text);
    if (!entry) return tl::unexpected(entry.error());
    rule.entries_.push_back(std::move(*entry));
  }
  return rule;
}

bool HostRule::permits(const Url& url) const {
  return std::any_of(entries_.begin(), entries_.end(), [&](const Entry& entry) {
    if (entry.port != 0 && entry.port != url.port) return false;
    return entry.wildcard ? url.host.size() > entry.host.size() && url.host.ends_with(entry.host)
                          : url.host == entry.host;
  });
}

Result<void> check_destination(std::string_view credential, const Json& fields, const Url& url) {
  const auto hosts = fields.find("hosts");
  const auto base = fields.find("base_url");
  const bool limited = hosts != fields.end() && !hosts->is_null();
  const bool has_base = base != fields.end() && base->is_string();
  if (!limited && !has_base) return {};
  if (has_base) {
    const auto base_url = parse_url(base->get_ref<const std::string&>());
    if (base_url && base_url->same_origin(url)) return {};
  }
  if (limited) {
    const auto rule = HostRule::parse(*hosts);
    if (!rule) return tl::unexpected(rule.error());
    if (rule->permits(url)) return {};
  }
  return fail(ErrorKind::kInvalid, "the credential " + std::string(credential) + " may not be sent to " + url.host,
              "add the host to the credential's `hosts`, or use another credential", "credential_refused");
}

}  // namespace ipaas::connectors
