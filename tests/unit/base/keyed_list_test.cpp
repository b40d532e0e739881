// Against the plainest thing that does the same: a vector that is searched from the front.
#include "core/base/keyed_list.h"

#include <random>
#include <string>
#include <vector>

#include "tests/support/catch.h"

namespace ipaas {
namespace {

struct Item {
  std::string name;
  int value = 0;
  bool operator==(const Item&) const = default;
};
std::string_view key_of(const Item& item) { return item.name; }

class Plain {
 public:
  void put(const Item& item) {
    if (Item* known = find(item.name)) {
      *known = item;
    } else {
      items.push_back(item);
    }
  }
  bool erase(const std::string& name) { return std::erase_if(items, [&](const Item& item) { return item.name == name; }) > 0; }
  Item* find(const std::string& name) {
    const auto found = std::find_if(items.begin(), items.end(), [&](const Item& item) { return item.name == name; });
    return found == items.end() ? nullptr : &*found;
  }
  std::vector<Item> items;
};

std::vector<Item> all(const KeyedList<Item>& list) { return {list.begin(), list.end()}; }

}  // namespace

TEST_CASE("a keyed list, short or long, does what a searched list does") {
  std::mt19937 random(7);
  for (const int names : {3, 17, 60}) {
    KeyedList<Item> list;
    Plain plain;
    for (int turn = 0; turn < 2000; ++turn) {
      // Longer than what a string keeps in itself, so that a key that outlived its item would be seen.
      const std::string name = "a name that is long enough to be elsewhere " + std::to_string(random() % names);
      switch (random() % 4) {
        case 0: {
          CHECK(list.erase(name) == plain.erase(name));
          break;
        }
        case 1: {
          const Item* found = list.find(name);
          const Item* expected = plain.find(name);
          REQUIRE((found == nullptr) == (expected == nullptr));
          if (found != nullptr) CHECK(*found == *expected);
          break;
        }
        default: {
          list.put({name, turn});
          plain.put({name, turn});
        }
      }
      REQUIRE(list.size() == plain.items.size());
    }
    CHECK(all(list) == plain.items);
  }
}

TEST_CASE("a copy of a keyed list has an index of its own, and what was moved from is empty") {
  KeyedList<Item> list;
  for (int i = 0; i < 40; ++i) list.put({"item " + std::to_string(i), i});
  REQUIRE(list.find("item 39") != nullptr);  // there is an index
  KeyedList<Item> copy = list;
  copy.put({"item 39", 1000});
  CHECK(copy.erase("item 0"));
  CHECK(list.find("item 39")->value == 39);
  CHECK(list.find("item 0") != nullptr);
  const KeyedList<Item> moved = std::move(list);
  CHECK(moved.find("item 39")->value == 39);
  list.clear();  // usable again
  CHECK(list.find("item 39") == nullptr);
  list.put({"item 39", 5});
  CHECK(list.find("item 39")->value == 5);
  copy.change_each([](Item& item) { item.value = 0; });
  CHECK(copy.find("item 39")->value == 0);
}

}  // namespace ipaas
