// A list in the order of insertion whose items are found by a key of their own.
#pragma once

#include <functional>
#include <initializer_list>
#include <list>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace ipaas {

/// What an item is known by says `key_of(item)`, a function beside its type. Not thread-safe, not even for reading.
template <typename Item>
class KeyedList {
 public:
  using value_type = Item;
  using const_iterator = typename std::list<Item>::const_iterator;

  KeyedList() = default;
  KeyedList(std::initializer_list<Item> items) {
    for (const Item& item : items) put(item);
  }
  KeyedList(const KeyedList& other) : items_(other.items_) {}
  KeyedList(KeyedList&& other) noexcept : items_(std::move(other.items_)), index_(std::move(other.index_)) {
    other.items_.clear();
    other.index_.clear();
  }
  KeyedList& operator=(KeyedList from) noexcept {
    items_.swap(from.items_);
    index_.swap(from.index_);
    return *this;
  }
  ~KeyedList() = default;

  [[nodiscard]] const_iterator begin() const { return items_.begin(); }
  [[nodiscard]] const_iterator end() const { return items_.end(); }
  [[nodiscard]] std::size_t size() const { return items_.size(); }
  [[nodiscard]] bool empty() const { return items_.empty(); }
  [[nodiscard]] const Item& front() const { return items_.front(); }
  [[nodiscard]] const Item& back() const { return items_.back(); }
  /// Walks there; for tests and short lists.
  [[nodiscard]] const Item& at(std::size_t place) const { return *std::next(items_.begin(), static_cast<std::ptrdiff_t>(place)); }
  [[nodiscard]] const Item& operator[](std::size_t place) const { return at(place); }

  /// Null where there is none. Valid until the item is erased.
  [[nodiscard]] const Item* find(std::string_view key) const {
    const auto found = locate(key);
    return found == items_.end() ? nullptr : &*found;
  }

  /// Takes the place of the item with the same key, or comes last.
  void put(Item item) {
    const auto known = locate(key_of(item));
    if (known == items_.end()) {
      items_.push_back(std::move(item));
      if (!index_.empty()) index_.emplace(key_of(items_.back()), std::prev(items_.end()));
      return;
    }
    // The index looks at the old key's text: it has to go before that text does.
    if (!index_.empty()) index_.erase(key_of(*known));
    *known = std::move(item);
    if (!index_.empty() || items_.size() > kShort) index_.emplace(key_of(*known), known);
  }
  void push_back(Item item) { put(std::move(item)); }
  void clear() {
    index_.clear();
    items_.clear();
  }

  /// Changes each item in turn; the change must leave its key alone.
  template <typename Change>
  void change_each(Change&& change) {
    for (Item& item : items_) change(item);
  }

  /// False where there is none.
  bool erase(std::string_view key) {
    const auto found = locate(key);
    if (found == items_.end()) return false;
    if (!index_.empty()) index_.erase(key_of(*found));
    items_.erase(found);
    return true;
  }

 private:
  using Place = typename std::list<Item>::iterator;
  /// A list of this length is searched faster than it is indexed.
  static constexpr std::size_t kShort = 16;

  Place locate(std::string_view key) const {
    if (items_.size() <= kShort) {
      for (auto at = items_.begin(); at != items_.end(); ++at) {
        if (key_of(*at) == key) return at;
      }
      return items_.end();
    }
    if (index_.size() != items_.size()) {
      index_.clear();
      for (auto at = items_.begin(); at != items_.end(); ++at) index_.emplace(key_of(*at), at);
    }
    const auto found = index_.find(key);
    return found == index_.end() ? items_.end() : found->second;
  }

  mutable std::list<Item> items_;
  mutable std::unordered_map<std::string_view, Place> index_;  ///< of long lists only; made when it is first needed
};

}  // namespace ipaas
