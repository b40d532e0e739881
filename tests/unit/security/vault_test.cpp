#include "core/security/vault.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <mutex>
#include <set>
#include <sstream>
#include <thread>

#include "core/base/json.h"
#include "tests/support/catch.h"
#include "tests/support/fake_randomness.h"

using namespace ipaas;
using namespace ipaas::security;
namespace fs = std::filesystem;

namespace {

/// A directory of its own for each test, removed at the end.
class Directory {
 public:
  Directory() {
    std::string name = (fs::temp_directory_path() / "vault-test-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;
  ~Directory() { fs::remove_all(path_); }
  [[nodiscard]] VaultPaths paths() const { return {path_ / "master.key", path_ / "keyring"}; }

 private:
  fs::path path_;
};

const TenantId kTenant("tn_1");
const TenantId kOther("tn_2");

SealLabel label(const TenantId& tenant = kTenant, std::string_view place = "events.payload", std::string_view id = "ev_1") {
  return {tenant, place, id};
}

std::string content_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

void write(const fs::path& path, const std::string& content) { std::ofstream(path, std::ios::binary) << content; }

mode_t mode_of(const fs::path& path) {
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_mode & 07777U;
}

std::unique_ptr<Vault> open_vault(const Directory& directory, Randomness& randomness) {
  auto vault = Vault::open(directory.paths(), randomness);
  REQUIRE(vault);
  return std::move(*vault);
}

std::string code_of(const Directory& directory, FirstStart first_start = FirstStart::kAllowed) {
  test::FakeRandomness randomness(77);
  const auto vault = Vault::open(directory.paths(), randomness, first_start);
  return vault ? "opened" : vault.error().code;
}

}  // namespace

TEST_CASE("the first start makes both files, for the owner only, under any umask") {
  const Directory directory;
  test::FakeRandomness randomness;
  for (const mode_t mask : {mode_t{0}, mode_t{0777}}) {
    fs::remove(directory.paths().key_file);
    fs::remove(directory.paths().keyring_file);
    const mode_t before = ::umask(mask);
    const auto vault = Vault::open(directory.paths(), randomness);
    ::umask(before);
    REQUIRE(vault);
    CHECK((*vault)->created());
    CHECK(mode_of(directory.paths().key_file) == 0600);
    CHECK(mode_of(directory.paths().keyring_file) == 0600);
  }
  CHECK_FALSE(open_vault(directory, randomness)->created());
}

TEST_CASE("what is sealed opens after a restart, and shows neither itself nor its key") {
  const Directory directory;
  test::FakeRandomness randomness;
  const std::string plain = "card 4242 of Ada";
  std::string sealed;
  {
    const auto vault = open_vault(directory, randomness);
    REQUIRE(vault->ensure_tenant(kTenant));
    sealed = vault->sealer().seal(label(), plain);
    CHECK(vault->ensure_tenant(kTenant));
  }
  CHECK(sealed.size() == 1 + 12 + plain.size() + 16);
  CHECK(sealed[0] == 1);
  CHECK(sealed.find("Ada") == std::string::npos);
  CHECK(open_vault(directory, randomness)->sealer().open(label(), sealed) == plain);
}

TEST_CASE("empty and large payloads are sealed too") {
  test::FakeRandomness randomness;
  const auto vault = Vault::ephemeral(randomness);
  REQUIRE(vault->ensure_tenant(kTenant));
  for (const std::string& plain : {std::string(), std::string(1, '\0'), std::string(3'000'000, 'x')}) {
    CHECK(vault->sealer().open(label(), vault->sealer().seal(label(), plain)) == plain);
  }
}

TEST_CASE("a value that was altered anywhere does not open") {
  test::FakeRandomness randomness;
  const auto vault = Vault::ephemeral(randomness);
  REQUIRE(vault->ensure_tenant(kTenant));
  const std::string sealed = vault->sealer().seal(label(), "payload");
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    std::string altered = sealed;
    altered[i] = static_cast<char>(altered[i] ^ 1);
    CHECK_FALSE(vault->sealer().open(label(), altered));
    CHECK_FALSE(vault->sealer().open(label(), sealed.substr(0, i)));
  }
  CHECK_FALSE(vault->sealer().open(label(), sealed + "x"));
}

TEST_CASE("a value does not open as another tenant's, place's or row's") {
  test::FakeRandomness randomness;
  const auto vault = Vault::ephemeral(randomness);
  REQUIRE(vault->ensure_tenant(kTenant));
  REQUIRE(vault->ensure_tenant(kOther));
  const std::string sealed = vault->sealer().seal(label(), "payload");
  CHECK(vault->sealer().open(label(kOther), sealed).error().code == "seal_broken");
  CHECK_FALSE(vault->sealer().open(label(kTenant, "steps.outputs"), sealed));
  CHECK_FALSE(vault->sealer().open(label(kTenant, "events.payload", "ev_2"), sealed));
  // The lengths are bound, not only the bytes one after the other.
  CHECK_FALSE(vault->sealer().open(label(kTenant, "events.payloade", "v_1"), sealed));
}

TEST_CASE("no two values share a nonce, whichever thread sealed them") {
  test::FakeRandomness randomness;
  const auto vault = Vault::ephemeral(randomness);
  REQUIRE(vault->ensure_tenant(kTenant));
  std::mutex mutex;
  std::set<std::string> nonces;
  const auto seal_some = [&] {
    for (int i = 0; i < 500; ++i) {
      const std::string sealed = vault->sealer().seal(label(), "x");
      const std::lock_guard lock(mutex);
      nonces.insert(sealed.substr(1, 12));
    }
  };
  std::thread first(seal_some);
  std::thread second(seal_some);
  first.join();
  second.join();
  CHECK(nonces.size() == 1000);
}

TEST_CASE("a destroyed tenant's values are noise, before and after a restart, and late ones too") {
  const Directory directory;
  test::FakeRandomness randomness;
  std::string sealed;
  {
    const auto vault = open_vault(directory, randomness);
    REQUIRE(vault->ensure_tenant(kTenant));
    REQUIRE(vault->ensure_tenant(kOther));
    sealed = vault->sealer().seal(label(), "payload");
    REQUIRE(vault->destroy_tenant(kTenant));
    CHECK(vault->sealer().open(label(), sealed).error().code == "key_destroyed");
    const std::string late = vault->sealer().seal(label(), "payload");
    CHECK(vault->sealer().open(label(), late).error().code == "key_destroyed");
    CHECK(vault->sealer().open(label(kOther), vault->sealer().seal(label(kOther), "kept")) == "kept");
  }
  CHECK(content_of(directory.paths().keyring_file).find("tn_1") == std::string::npos);
  const auto vault = open_vault(directory, randomness);
  CHECK(vault->sealer().open(label(), sealed).error().code == "key_destroyed");
  REQUIRE(vault->ensure_tenant(kTenant));
  CHECK(vault->sealer().open(label(), sealed).error().code == "seal_broken");
}

TEST_CASE("the keyring's old bytes are overwritten when a key is destroyed") {
  const Directory directory;
  test::FakeRandomness randomness;
  const auto vault = open_vault(directory, randomness);
  REQUIRE(vault->ensure_tenant(kTenant));
  const int old = ::open(directory.paths().keyring_file.c_str(), O_RDONLY | O_CLOEXEC);
  REQUIRE(old >= 0);
  REQUIRE(vault->destroy_tenant(kTenant));
  std::string bytes(16, 'x');
  CHECK(::pread(old, bytes.data(), bytes.size(), 0) == 16);
  ::close(old);
  CHECK(bytes == std::string(16, '\0'));
}

TEST_CASE("sealing for a tenant that has no key is a defect, not a secret without a key") {
  test::FakeRandomness randomness;
  const auto vault = Vault::ephemeral(randomness);
  CHECK_THROWS_AS(vault->sealer().seal(label(), "x"), std::logic_error);
  CHECK(vault->sealer().open(label(), "x").error().code == "key_destroyed");
}

TEST_CASE("key files that others may touch are refused, with the command that helps") {
  const Directory directory;
  test::FakeRandomness randomness;
  static_cast<void>(open_vault(directory, randomness));
  for (const fs::path& path : {directory.paths().key_file, directory.paths().keyring_file}) {
    for (const mode_t mode : {mode_t{0644}, mode_t{0640}, mode_t{0602}}) {
      REQUIRE(::chmod(path.c_str(), mode) == 0);
      const auto vault = Vault::open(directory.paths(), randomness);
      REQUIRE_FALSE(vault);
      CHECK(vault.error().code == "key_exposed");
      CHECK(vault.error().message.find(path.string()) != std::string::npos);
      CHECK(vault.error().hint.find("chmod 600") != std::string::npos);
    }
    REQUIRE(::chmod(path.c_str(), 0600) == 0);
  }
  CHECK(code_of(directory) == "opened");
}

TEST_CASE("a key file that belongs to somebody else is refused") {
  if (::geteuid() != 0) {
    WARN("only root can give files away, skipped");
    return;
  }
  const Directory directory;
  test::FakeRandomness randomness;
  static_cast<void>(open_vault(directory, randomness));
  REQUIRE(::chown(directory.paths().key_file.c_str(), 65534, 65534) == 0);
  CHECK(code_of(directory) == "key_exposed");
}

TEST_CASE("a master key of another installation is refused, and both files are named") {
  const Directory directory;
  const Directory elsewhere;
  test::FakeRandomness randomness;
  static_cast<void>(open_vault(directory, randomness));
  static_cast<void>(open_vault(elsewhere, randomness));
  fs::copy_file(elsewhere.paths().key_file, directory.paths().key_file, fs::copy_options::overwrite_existing);
  const auto vault = Vault::open(directory.paths(), randomness);
  REQUIRE_FALSE(vault);
  CHECK(vault.error().code == "key_wrong");
  CHECK(vault.error().message.find("master.key") != std::string::npos);
  CHECK(vault.error().message.find("keyring") != std::string::npos);
}

TEST_CASE("a missing file is refused where data may exist, and never replaced by a new one") {
  const Directory directory;
  test::FakeRandomness randomness;
  CHECK(code_of(directory, FirstStart::kRefused) == "key_missing");
  CHECK_FALSE(fs::exists(directory.paths().key_file));
  static_cast<void>(open_vault(directory, randomness));
  CHECK(code_of(directory, FirstStart::kRefused) == "opened");
  const std::string keyring = content_of(directory.paths().keyring_file);
  fs::remove(directory.paths().keyring_file);
  CHECK(code_of(directory, FirstStart::kRefused) == "keyring_missing");
  write(directory.paths().keyring_file, keyring);
  REQUIRE(::chmod(directory.paths().keyring_file.c_str(), 0600) == 0);
  fs::remove(directory.paths().key_file);
  CHECK(code_of(directory) == "key_missing");
  CHECK_FALSE(fs::exists(directory.paths().key_file));
}

TEST_CASE("a kill between the key and the keyring is a first start again") {
  const Directory directory;
  test::FakeRandomness randomness;
  static_cast<void>(open_vault(directory, randomness));
  const std::string key = content_of(directory.paths().key_file);
  fs::remove(directory.paths().keyring_file);
  CHECK(open_vault(directory, randomness)->created());
  CHECK(content_of(directory.paths().key_file) == key);
}

TEST_CASE("what a killed write left behind is ignored and removed") {
  const Directory directory;
  test::FakeRandomness randomness;
  static_cast<void>(open_vault(directory, randomness));
  const fs::path key_tmp = directory.paths().key_file.string() + ".tmp";
  const fs::path ring_tmp = directory.paths().keyring_file.string() + ".tmp";
  write(key_tmp, "half a k");
  write(ring_tmp, "{\"format\":");
  const auto vault = open_vault(directory, randomness);
  CHECK_FALSE(fs::exists(key_tmp));
  CHECK_FALSE(fs::exists(ring_tmp));
  write(ring_tmp, "again");
  CHECK(vault->ensure_tenant(kTenant));
  CHECK_FALSE(fs::exists(ring_tmp));
}

TEST_CASE("a damaged master key is refused") {
  const Directory directory;
  test::FakeRandomness randomness;
  static_cast<void>(open_vault(directory, randomness));
  const std::string good = content_of(directory.paths().key_file);
  for (const std::string& bad : {std::string(), std::string("# nothing\n"), std::string("c2hvcnQ=\n"), good + "c2hvcnQ=\n", std::string("not base64\n"), std::string(5000, '#')}) {
    write(directory.paths().key_file, bad);
    CHECK(code_of(directory) == "key_malformed");
  }
  fs::remove(directory.paths().key_file);
  fs::create_directory(directory.paths().key_file);
  CHECK(code_of(directory) == "key_malformed");
}

TEST_CASE("a keyring that was cut off or edited is refused") {
  const Directory directory;
  test::FakeRandomness randomness;
  {
    const auto vault = open_vault(directory, randomness);
    REQUIRE(vault->ensure_tenant(kTenant));
    REQUIRE(vault->ensure_tenant(kOther));
  }
  const std::string good = content_of(directory.paths().keyring_file);
  for (std::size_t size = 0; size + 2 < good.size(); size += 7) {
    write(directory.paths().keyring_file, good.substr(0, size));
    CHECK(code_of(directory) == "keyring_malformed");
  }
  const auto edited = [&](auto change) {
    Json document = *parse_json(good);
    change(document);
    write(directory.paths().keyring_file, dump_json(document));
    return code_of(directory);
  };
  CHECK(edited([](Json&) {}) == "opened");
  CHECK(edited([](Json& d) { std::swap(d["tenants"]["tn_1"][0]["key"], d["tenants"]["tn_2"][0]["key"]); }) == "keyring_malformed");
  CHECK(edited([](Json& d) { d["tenants"]["tn_1"][0]["id"] = 2; }) == "keyring_malformed");
  CHECK(edited([](Json& d) { d["tenants"]["tn_1"][0]["id"] = 257; }) == "keyring_malformed");
  CHECK(edited([](Json& d) { d["tenants"]["tn_1"][0]["id"] = -1; }) == "keyring_malformed");
  CHECK(edited([](Json& d) { d["tenants"]["tn_1"].push_back(Json(d["tenants"]["tn_1"][0])); }) == "keyring_malformed");
  CHECK(edited([](Json& d) { d["tenants"]["tn_1"] = Json::array(); }) == "keyring_malformed");
  CHECK(edited([](Json& d) { d["format"] = "ipaas-keyring-9"; }) == "keyring_malformed");
  CHECK(edited([](Json& d) { d["check"] = "AAAA"; }) == "key_wrong");
  CHECK(edited([](Json& d) { d.erase("tenants"); }) == "keyring_malformed");
}

TEST_CASE("where the disk refuses, nothing changes and the error says so") {
  const Directory directory;
  test::FakeRandomness randomness;
  auto paths = directory.paths();
  paths.keyring_file = paths.keyring_file.parent_path() / "missing" / "keyring";
  const auto unopened = Vault::open(paths, randomness);
  REQUIRE_FALSE(unopened);
  CHECK(unopened.error().kind == ErrorKind::kUnavailable);
  fs::create_directory(paths.keyring_file.parent_path());
  auto vault = Vault::open(paths, randomness);
  REQUIRE(vault);
  fs::remove_all(paths.keyring_file.parent_path());
  CHECK_FALSE((*vault)->ensure_tenant(kTenant));
  CHECK_THROWS_AS((*vault)->sealer().seal(label(), "x"), std::logic_error);
}
