// The stores that pass the contract, each behind a fresh instance.
#pragma once

#include "core/store/memory_store.h"
#include "core/store/sqlite/sqlite_store.h"
#include "tests/support/catch.h"
#include "tests/support/fake_sealer.h"
#include "tests/support/store_fixtures.h"

namespace ipaas::test {

/// One store under test and a reader of it.
class StoreUnderTest {
 public:
  explicit StoreUnderTest(const std::string& kind) {
    if (kind == "memory") {
      store_ = store::make_memory_store();
    } else {
      auto opened = store::open_sqlite(folder_.path() / "store.db", sealer_);
      REQUIRE(opened);
      store_ = std::move(*opened);
    }
    auto reader = store_->open_reader();
    REQUIRE(reader);
    reader_ = std::move(*reader);
  }

  [[nodiscard]] store::Store& store() { return *store_; }
  [[nodiscard]] store::Reader& reader() { return *reader_; }

  Result<store::Outcome> commit(store::Write write) {
    std::vector<store::Write> batch;
    batch.push_back(std::move(write));
    auto results = store_->commit(std::move(batch));
    REQUIRE(results.size() == 1);
    return std::move(results.front());
  }

  template <typename... Writes>
  std::vector<Result<store::Outcome>> commit_together(Writes... writes) {
    std::vector<store::Write> batch;
    (batch.emplace_back(std::move(writes)), ...);
    return store_->commit(std::move(batch));
  }

  /// Workflow wf_1 `greet`, which most tests need.
  StoreUnderTest& with_workflow() {
    REQUIRE(commit(save_workflows({make_workflow("wf_1", "greet")})));
    return *this;
  }

 private:
  TemporaryFolder folder_;
  FakeSealer sealer_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<store::Reader> reader_;
};

inline bool is_stale(const Result<store::Outcome>& result) {
  return result && result->kind == store::Outcome::Kind::kStale;
}
inline bool is_done(const Result<store::Outcome>& result) {
  return result && result->kind == store::Outcome::Kind::kDone;
}
inline bool is_duplicate_of(const Result<store::Outcome>& result, const std::string& execution) {
  return result && result->kind == store::Outcome::Kind::kDuplicate && result->duplicate_of.str() == execution;
}
template <typename T>
bool refused_as(const Result<T>& result, ErrorKind kind) {
  return !result && result.error().kind == kind;
}

/// The test runs once for each store.
#define EACH_STORE StoreUnderTest under_test(GENERATE(std::string("memory"), std::string("sqlite")))

}  // namespace ipaas::test
