// What is kept of a document, and several of them in one stream.
#include "core/language/document_text.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "core/language/yaml/reader.h"
#include "core/language/yaml/value.h"
#include "tests/support/catch.h"

using namespace ipaas;
using language::document_text;

namespace {

Json value(const std::string& text) {
  const auto stream = language::yaml::read(text);
  INFO(text);
  REQUIRE(stream.errors.empty());
  REQUIRE(stream.documents.size() == 1);
  return language::yaml::value_of(*stream.documents.front().root);
}

}  // namespace

TEST_CASE("what belongs to the stream is taken off a document, and its comments stay") {
  const std::pair<std::string, std::string> cases[] = {
      {"name: a\n", "name: a\n"},
      {"name: a", "name: a\n"},
      {"---\nname: a\n", "name: a\n"},
      {"--- # first\nname: a\n", " # first\nname: a\n"},
      {"--- {name: a}", " {name: a}\n"},
      {"# why\n\n---\r\nname: a\r\n", "# why\n\nname: a\r\n"},
      {"%YAML 1.2\n# why\n---\nname: a\n", "# why\nname: a\n"},
      {"\xEF\xBB\xBFname: a\n", "name: a\n"},
      {"name: a\n...\n", "name: a\n...\n"},
      {"name: \"a\n  --- b\"\n", "name: \"a\n  --- b\"\n"},
      {"---name: a\n", "---name: a\n"},
      {"text: |+\n  a\n\n\n", "text: |+\n  a\n\n\n"},
  };
  for (const auto& [source, kept] : cases) {
    INFO(source);
    CHECK(document_text(source) == kept);
    CHECK(document_text(kept) == kept);
    CHECK(value(source) == value(kept));
  }
}

TEST_CASE("a block at the end of the text says the same with a line break after it") {
  const std::pair<std::string, std::string> cases[] = {
      {"text: |\n  a", "text: |-\n  a\n"},
      {"text: |+\n  a", "text: |-\n  a\n"},
      {"text: |2+ # why\n   a", "text: |2- # why\n   a\n"},
      {"text: |-\n  a", "text: |-\n  a\n"},
      {"a:\n  - b: >\n      a\n\n      b", "a:\n  - b: >-\n      a\n\n      b\n"},
      {"a: &x |\n a\n b", "a: &x |-\n a\n b\n"},
      {"text: |", "text: |\n"},
      {"text: |\n  a\n  # no comment", "text: |-\n  a\n  # no comment\n"},
  };
  for (const auto& [source, kept] : cases) {
    INFO(source);
    CHECK(document_text(source) == kept);
    CHECK(document_text(kept) == kept);
    CHECK(value(source) == value(kept));
  }
}

TEST_CASE("where no line break can be added, none is") {
  // The alias ends the text, and its block is elsewhere with a meaning of its own.
  for (const std::string source : {"a: &x |\n  t\nb: *x", "# nothing", "", "name: [", "a: 1\n---\nb: |\n  c"}) {
    INFO(source);
    const std::string kept = document_text(source);
    CHECK((kept == source || kept == source + "\n"));
    CHECK(document_text(kept) == kept);
  }
}

TEST_CASE("documents that are joined are found again to the byte") {
  const std::vector<std::string> documents = {"# the first\nname: a\n",
                                              "name: b\r\nsteps: []\r\n",
                                              "\n\n# only then\nname: c\n# after it\n",
                                              "text: |+\n  keep\n\n\n",
                                              " {name: flow}\n",
                                              "name: d\n...\n",
                                              "text: |\n  ---\n  not a marker\n",
                                              "name: \"quoted\n\n  over lines\"\n"};
  // Every one of them first, in between and last.
  for (std::size_t turn = 0; turn < documents.size(); ++turn) {
    auto turned = documents;
    std::rotate(turned.begin(), turned.begin() + static_cast<std::ptrdiff_t>(turn), turned.end());
    const auto stream = language::join_documents(turned);
    INFO(stream.text);
    REQUIRE_FALSE(stream.unfit);
    const auto read = language::yaml::read(stream.text);
    REQUIRE(read.errors.empty());
    REQUIRE(read.documents.size() == turned.size());
    for (std::size_t i = 0; i < turned.size(); ++i) CHECK(document_text(read.documents[i].source) == turned[i]);
  }
}

TEST_CASE("a stream says which document cannot be one of it") {
  CHECK(language::join_documents({"name: a\n", "text: |\n  a", "name: b\n"}).unfit == 1);
  CHECK_FALSE(language::join_documents({"name: a\n", document_text("text: |\n  a"), "name: b\n"}).unfit);
  CHECK_FALSE(language::join_documents({"name: a\n", "name: b\n"}).unfit);
  const std::string large = "# " + std::string(600'000, 'x') + "\nname: a\n";
  CHECK(language::join_documents({large, large}).unfit);
  CHECK_FALSE(language::join_documents({large}).unfit);
  CHECK(language::join_documents({"name: a\n", "---\n---\nname: b\n"}).unfit == 1);
  CHECK(language::join_documents({}).text.empty());
}

TEST_CASE("whatever is a document stays what it says, alone and among others") {
  std::size_t documents = 0;
  for (const char* folder : {"/workflows-examples", "/tests/fuzz/corpus"}) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(IPAAS_SOURCE_DIR + std::string(folder))) {
      if (!entry.is_regular_file()) continue;
      std::ifstream file(entry.path(), std::ios::binary);
      const std::string text{std::istreambuf_iterator<char>(file), {}};
      const auto stream = language::yaml::read(text);
      if (!stream.errors.empty()) continue;
      for (const auto& document : stream.documents) {
        if (document.root == nullptr || document.root->is_null()) continue;
        ++documents;
        INFO(entry.path() << ": " << document.source);
        const std::string kept = document_text(document.source);
        CHECK(document_text(kept) == kept);
        const auto alone = language::yaml::read(kept);
        REQUIRE(alone.documents.size() == 1);
        CHECK(language::yaml::same_value(*alone.documents.front().root, *document.root));
        const std::vector<std::string> three = {"name: a\n", kept, "name: b\n"};
        const auto joined = language::join_documents(three);
        if (joined.unfit) continue;
        const auto found = language::yaml::read(joined.text);
        REQUIRE(found.documents.size() == 3);
        CHECK(document_text(found.documents[1].source) == kept);
      }
    }
  }
  CHECK(documents > 50);
}
