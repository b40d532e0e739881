// The one table of settings.
#include <algorithm>
#include <charconv>

#include "core/base/size_text.h"
#include "core/base/time_text.h"
#include "core/security/egress_policy.h"
#include "daemon/config/config.h"
#include "daemon/http/trusted_proxies.h"

namespace ipaas::daemon {
namespace {

using Values = std::vector<std::string>;

tl::unexpected<Error> bad(const std::string& value, const std::string& hint) {
  return fail(ErrorKind::kInvalid, "'" + value.substr(0, 60) + "' does not fit here", hint, "bad_setting");
}

Result<std::uint64_t> parse_count(const std::string& text, std::uint64_t least, std::uint64_t most) {
  std::uint64_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc() || end != text.data() + text.size() || value < least || value > most) {
    return bad(text, "write a number from " + std::to_string(least) + " to " + std::to_string(most));
  }
  return value;
}

Result<std::uint64_t> size_up_to(const std::string& text, std::uint64_t most) {
  const auto size = parse_size(text);
  if (size && *size >= 1 && *size <= most) return *size;
  return bad(text, "write a size such as 64KiB or 1MiB, at most " + std::to_string(most) + " bytes");
}

template <auto Member, std::uint64_t Least, std::uint64_t Most>
Result<void> count_setting(Config& config, const Values& values) {
  return parse_count(values.front(), Least, Most).map([&](std::uint64_t value) {
    config.*Member = static_cast<std::decay_t<decltype(config.*Member)>>(value);
  });
}

template <std::size_t http::Limits::*Member, std::uint64_t Most>
Result<void> limit_count(Config& config, const Values& values) {
  return parse_count(values.front(), 1, Most).map([&](std::uint64_t value) { config.http.*Member = value; });
}

template <std::size_t http::Limits::*Member, std::uint64_t Most>
Result<void> limit_size(Config& config, const Values& values) {
  return size_up_to(values.front(), Most).map([&](std::uint64_t value) { config.http.*Member = value; });
}

template <std::chrono::milliseconds http::Limits::*Member>
Result<void> limit_time(Config& config, const Values& values) {
  const auto time = parse_duration(values.front());
  if (!time || *time == Duration(0)) return bad(values.front(), "write a duration such as 10s");
  config.http.*Member = *time;
  return {};
}

template <std::string Config::*Member>
Result<void> text_setting(Config& config, const Values& values) {
  config.*Member = values.front();
  return {};
}

template <std::filesystem::path Config::*Member>
Result<void> path_setting(Config& config, const Values& values) {
  if (values.front().empty()) return bad(values.front(), "write a path");
  config.*Member = values.front();
  return {};
}

Result<void> set_listen(Config& config, const Values& values) {
  return parse_listen(values.front()).map([&](const ListenAddress&) { config.listen = values.front(); });
}

Result<void> set_public_url(Config& config, const Values& values) {
  std::string url = values.front();
  if (!url.starts_with("https://") && !url.starts_with("http://")) return bad(url, "write https://host[:port][/path]");
  while (url.ends_with('/')) url.pop_back();
  config.public_url = std::move(url);
  return {};
}

Result<void> set_store(Config& config, const Values& values) {
  const std::string& url = values.front();
  if (url.starts_with("postgres://")) return bad(url, "this version keeps its data in sqlite:PATH or memory:");
  if (url != "memory:" && !url.starts_with("sqlite:")) return bad(url, "write sqlite:PATH or memory:");
  config.store = url;
  return {};
}

Result<void> set_egress(Config& config, const Values& values) {
  return security::EgressPolicy::parse(values).map([&](auto&&) { config.egress_allow = values; });
}

Result<void> set_proxies(Config& config, const Values& values) {
  return http::TrustedProxies::parse(values).map([&](auto&&) { config.http.trusted_proxies = values; });
}

template <std::optional<Duration> service::RetentionPolicy::*Member>
Result<void> retention_time(Config& config, const Values& values) {
  if (values.front() == "forever") {
    (config.retention.*Member).reset();
    return {};
  }
  const auto time = parse_duration(values.front());
  if (!time || *time < std::chrono::hours(1)) return bad(values.front(), "write a duration of at least 1h, such as 30d, or forever");
  config.retention.*Member = *time;
  return {};
}

Result<void> set_max_size(Config& config, const Values& values) {
  constexpr std::uint64_t kLeast = 16UL * 1024 * 1024;
  const auto size = parse_size(values.front());
  if (!size || *size < kLeast) return bad(values.front(), "write a size of at least 16MiB, such as 20GiB");
  config.max_size = *size;
  return {};
}

Result<void> set_personal(Config& config, const Values& values) {
  if (values.front() != "true" && values.front() != "false") return bad(values.front(), "write true or false");
  config.mask_personal = values.front() == "true";
  return {};
}

Result<void> set_log_format(Config& config, const Values& values) {
  if (values.front() != "text" && values.front() != "json") return bad(values.front(), "write text or json");
  config.log_json = values.front() == "json";
  return {};
}

Result<void> set_log_level(Config& config, const Values& values) {
  static const Values kLevels = {"debug", "info", "warn", "error"};
  if (std::find(kLevels.begin(), kLevels.end(), values.front()) == kLevels.end()) {
    return bad(values.front(), "write debug, info, warn or error");
  }
  config.log_level = values.front();
  return {};
}

}  // namespace

const std::vector<Setting>& settings() {
  using Limits = http::Limits;
  constexpr std::uint64_t kMiB = 1024 * 1024;
  static const std::vector<Setting> kSettings = {
      {"http.listen", "address and port for webhooks, such as 0.0.0.0:8080", false, set_listen},
      {"public_url", "how senders reach this daemon, such as https://hooks.example", false, set_public_url},
      {"socket", "path of the control socket", false, path_setting<&Config::socket>},
      {"data_dir", "directory for database and keys", false, path_setting<&Config::data_dir>},
      {"store", "sqlite:PATH or memory:", false, set_store},
      {"workers", "threads that decide", false, count_setting<&Config::workers, 1, 256>},
      {"limits.backlog", "live executions before webhooks are answered 503", false,
       count_setting<&Config::backlog, 1, 1'000'000'000>},
      {"limits.calls", "outgoing calls at once", false, count_setting<&Config::calls, 1, 100'000>},
      {"limits.header_bytes", "request line and headers in all", false, limit_size<&Limits::header_bytes, kMiB>},
      {"limits.header_fields", "headers in all", false, limit_count<&Limits::header_fields, 100'000>},
      {"limits.target_bytes", "path and query", false, limit_size<&Limits::target_bytes, kMiB>},
      {"limits.body", "request body where the workflow says nothing else", false, limit_size<&Limits::body_bytes, 1024 * kMiB>},
      {"limits.webhook_body", "the most that a workflow's max-body opens", false, limit_size<&Limits::webhook_bytes, 32 * kMiB>},
      {"limits.body_memory", "request bodies in all, beyond 64KiB each", false,
       limit_size<&Limits::body_memory, 1024 * 1024 * kMiB>},
      {"limits.request_time", "from the first to the last byte of a request", false, limit_time<&Limits::request_time>},
      {"limits.idle_time", "between two requests of a connection", false, limit_time<&Limits::idle_time>},
      {"limits.write_time", "an answer that nobody reads", false, limit_time<&Limits::write_time>},
      {"limits.connections", "connections in all", false, limit_count<&Limits::connections, 1'000'000>},
      {"limits.connections_per_address", "connections of one IPv4 address or IPv6 /64", false,
       limit_count<&Limits::connections_per_address, 1'000'000>},
      {"egress.allow", "private networks and hosts that workflows may call", true, set_egress},
      {"trusted_proxies", "proxies whose X-Forwarded-For is believed", true, set_proxies},
      {"retention.executions", "how long ended executions are kept where their workflow says nothing", false,
       retention_time<&service::RetentionPolicy::executions>},
      {"retention.payloads", "how long what they carried is kept where their workflow says nothing", false,
       retention_time<&service::RetentionPolicy::payloads>},
      {"retention.max_size", "of the database: beyond, the oldest ended executions go", false, set_max_size},
      {"masking.personal", "mask email addresses, phone and card numbers too", false, set_personal},
      {"log.format", "text or json", false, set_log_format},
      {"log.level", "debug, info, warn or error", false, set_log_level},
  };
  return kSettings;
}

}  // namespace ipaas::daemon
