#include "daemon/config/config.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "core/language/suggest.h"
#include "core/language/yaml/reader.h"

namespace ipaas::daemon {
namespace {

/// Sections that the documentation names and this version has nothing for yet.
constexpr std::array<std::string_view, 4> kLaterSections = {"cors", "metrics", "tls", "auth"};

const Setting* find_setting(std::string_view key) {
  const auto found = std::find_if(settings().begin(), settings().end(), [&](const Setting& s) { return s.key == key; });
  return found == settings().end() ? nullptr : &*found;
}

bool is_section(std::string_view name) {
  return std::any_of(settings().begin(), settings().end(),
                     [&](const Setting& s) { return s.key.starts_with(std::string(name) + "."); });
}

std::string environment_name(std::string_view key) {
  std::string name = "IPAASD_";
  for (const char c : key) name += c == '.' ? '_' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c);
  return name;
}

Error unknown_key(const std::string& key) {
  if (std::find(kLaterSections.begin(), kLaterSections.end(), key) != kLaterSections.end()) {
    return {ErrorKind::kInvalid, "`" + key + "` is not supported by this version", "remove it", "not_run_yet"};
  }
  std::vector<std::string_view> names;
  for (const Setting& setting : settings()) names.push_back(setting.key);
  return {ErrorKind::kInvalid, "unknown key `" + key + "`", language::did_you_mean(key, names), "unknown_key"};
}

/// Walks the file's tree and applies what it finds to the configuration.
class FileReader {
 public:
  FileReader(std::string file, Config& config) : file_(std::move(file)), config_(config) {}

  void read(const language::yaml::Node& node, const std::string& prefix) {
    const auto* entries = node.entries();
    if (entries == nullptr) {
      const std::string what = prefix.empty() ? "the configuration" : "`" + prefix.substr(0, prefix.size() - 1) + "`";
      add({ErrorKind::kInvalid, what + " is not a mapping", "write `section: {key: value}`", "wrong_type"},
          node.position());
      return;
    }
    for (const auto& entry : *entries) {
      const std::string key = prefix + entry.key;
      if (const Setting* setting = find_setting(key)) {
        apply(*setting, *entry.value);
      } else if (prefix.empty() && is_section(key)) {
        if (!entry.value->is_null()) read(*entry.value, key + ".");
      } else {
        add(unknown_key(key), entry.position);
      }
    }
  }

  void add(Error error, SourcePosition position) {
    error.file = file_;
    error.position = position;
    errors.push_back(std::move(error));
  }

  std::vector<Error> errors;

 private:
  void apply(const Setting& setting, const language::yaml::Node& node) {
    std::vector<std::string> values;
    if (const auto* scalar = node.scalar()) {
      values.push_back(scalar->text);
    } else if (const auto* items = node.items(); items != nullptr && setting.list) {
      for (const auto* item : *items) {
        if (item->scalar() != nullptr) values.push_back(item->scalar()->text);
      }
      if (values.size() != items->size()) values.clear();
      if (items->empty()) return;
    }
    if (values.empty()) {
      add({ErrorKind::kInvalid, "`" + std::string(setting.key) + "` is not " + (setting.list ? "a list of texts" : "a single value"),
           "it is: " + std::string(setting.describes), "wrong_type"},
          node.position());
      return;
    }
    if (auto set = apply_setting(config_, setting.key, values); !set) add(set.error(), node.position());
  }

  const std::string file_;
  Config& config_;
};

std::string variable(const char* name, const std::string& otherwise) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0' ? value : otherwise;
}

std::vector<std::string> split_list(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(','), text.size());
    if (end > 0) parts.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

}  // namespace

Result<void> apply_setting(Config& config, std::string_view key, const std::vector<std::string>& values) {
  const Setting* setting = find_setting(key);
  if (setting == nullptr) return tl::unexpected(unknown_key(std::string(key)));
  auto set = setting->set(config, values);
  if (!set) set.error().message = "`" + std::string(key) + "`: " + set.error().message;
  return set;
}

Config default_config() {
  Config config;
  if (::geteuid() == 0) {
    config.data_dir = "/var/lib/ipaas";
    config.socket = "/run/ipaas/ipaasd.sock";
    return config;
  }
  const std::string home = variable("HOME", "/");
  config.data_dir = std::filesystem::path(variable("XDG_STATE_HOME", home + "/.local/state")) / "ipaas";
  // Without a runtime directory the data directory, which is ours alone, rather than a name in /tmp that anybody can take.
  const std::filesystem::path runtime = variable("XDG_RUNTIME_DIR", "");
  config.socket = (runtime.empty() ? config.data_dir : runtime / "ipaas") / "ipaasd.sock";
  return config;
}

ResultOrErrors<void> read_config_file(const std::filesystem::path& file, Config& config) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  // An empty file is a good one, but copying nothing counts as a failure of the stream.
  const bool empty = in && in.peek() == std::ifstream::traits_type::eof() && !in.bad();
  if (!empty && (!in || !(text << in.rdbuf()))) {
    return tl::unexpected(std::vector<Error>{{ErrorKind::kInvalid, "the configuration file " + file.string() + " cannot be read",
                                              "check the path and its permissions", "config_unreadable"}});
  }
  const std::string source = text.str();
  language::yaml::Stream stream = language::yaml::read(source);
  FileReader reader(file.string(), config);
  for (Error& error : stream.errors) {
    const SourcePosition position = error.position;
    reader.add(std::move(error), position);
  }
  if (stream.documents.size() > 1) {
    reader.add({ErrorKind::kInvalid, "the configuration is more than one document", "keep one", "wrong_type"},
               stream.documents[1].position);
  } else if (!stream.documents.empty() && stream.documents.front().root != nullptr &&
             !stream.documents.front().root->is_null()) {
    reader.read(*stream.documents.front().root, "");
  }
  if (reader.errors.empty()) return {};
  return tl::unexpected(std::move(reader.errors));
}

ResultOrErrors<void> read_environment(const char* const* environment, Config& config) {
  std::vector<Error> errors;
  for (; *environment != nullptr; ++environment) {
    const std::string_view entry = *environment;
    if (!entry.starts_with("IPAASD_")) continue;
    const std::string name(entry.substr(0, entry.find('=')));
    const std::string value(entry.substr(std::min(name.size() + 1, entry.size())));
    const auto found = std::find_if(settings().begin(), settings().end(),
                                    [&](const Setting& s) { return environment_name(s.key) == name; });
    if (found == settings().end()) {
      errors.push_back({ErrorKind::kInvalid, "no setting is called " + name, "`man ipaasd` lists them", "unknown_key"});
      continue;
    }
    const auto values = found->list ? split_list(value) : std::vector<std::string>{value};
    if (values.empty()) continue;
    if (auto set = found->set(config, values); !set) {
      Error error = set.error();
      error.message = name + ": " + error.message;
      errors.push_back(std::move(error));
    }
  }
  if (errors.empty()) return {};
  return tl::unexpected(std::move(errors));
}

Result<ListenAddress> parse_listen(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  ListenAddress address;
  std::string_view port;
  if (colon != std::string::npos) {
    address.host = text.substr(0, colon);
    port = std::string_view(text).substr(colon + 1);
  }
  if (address.host.starts_with('[') && address.host.ends_with(']')) {
    address.host = address.host.substr(1, address.host.size() - 2);
  } else if (address.host.find(':') != std::string::npos) {
    port = {};  // an IPv6 address needs its brackets
  }
  const auto [end, failure] = std::from_chars(port.data(), port.data() + port.size(), address.port);
  if (port.empty() || failure != std::errc() || end != port.data() + port.size() || address.host.empty()) {
    return fail(ErrorKind::kInvalid, "'" + text.substr(0, 60) + "' is not an address to listen on",
                "write ADDRESS:PORT, such as 127.0.0.1:8080 or [::1]:8080", "bad_listen");
  }
  return address;
}

}  // namespace ipaas::daemon
