#include "function/flow.h"

#include "base/log.h"

namespace ads::function {

void log_repeat(const Error& error, int attempt) {
  log(LogLevel::warning, "a call failed and is repeated",
      {{"code", error.code}, {"error", error.message}, {"attempt", attempt + 1}});
}

}  // namespace ads::function
