// Files as they were when they were looked at, to notice when one has changed.
#pragma once

#include <map>
#include <string>

namespace ipaas::cli {

class SeenFiles {
 public:
  /// Before the file is read, so that a change while it is read is noticed. It need not exist. The first look counts.
  void see(const std::string& path) { stamps_.emplace(path, stamp_of(path)); }

  [[nodiscard]] bool has(const std::string& path) const { return stamps_.contains(path); }
  /// Any of them was changed, made or removed since.
  [[nodiscard]] bool any_changed() const;

 private:
  [[nodiscard]] static std::string stamp_of(const std::string& path);

  std::map<std::string, std::string> stamps_;  ///< time of change and size, by path
};

}  // namespace ipaas::cli
