// Text that others wrote, for a person's terminal.
#pragma once
#include <string>
#include <string_view>

namespace ads::cli {

inline std::string shown(std::string_view text) {
  return std::string(text);
}

}  // namespace ads::cli
