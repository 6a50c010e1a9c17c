#include "function/invocation.h"

#include <fmt/core.h>

namespace ads::function {

std::string lease_owner(const Invocation& invocation, double random) {
  return fmt::format("{}#{:08x}", invocation.request_id, static_cast<std::uint32_t>(random * 4294967296.0));
}

}  // namespace ads::function
