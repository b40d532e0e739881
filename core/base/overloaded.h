// One visitor made of several functions.
#pragma once

namespace ipaas {

/// For std::visit: the function whose parameter fits is called.
template <typename... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};

}  // namespace ipaas
