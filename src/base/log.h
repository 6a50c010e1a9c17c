// One line of JSON on stderr per event: {"time","level","message", ...fields}.
#pragma once
#include <string_view>

#include "base/json.h"

namespace ads {

enum class LogLevel { debug, info, warning, error };

// Lines below this level are dropped. Default info; ADS_LOG_LEVEL=debug|info|warning|error sets it at start.
void set_log_level(LogLevel level);

// Fields that every later line carries, such as the function's request id. Replaces those set before.
void set_log_context(json::object fields);

// Writes one line with a single write(2), so lines of several processes do not mix. Never put personal data in fields.
void log(LogLevel level, std::string_view message, const json::object& fields = {});

}  // namespace ads
