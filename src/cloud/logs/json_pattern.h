// The JSON half of the filter pattern language: { ($.status = 5*) && ($.user.name != "root") }.
#pragma once
#include <functional>
#include <string_view>

#include "base/json.h"
#include "cloud/wire_error.h"

namespace ads::cloud::logs {

using JsonFilter = std::function<bool(const json::value&)>;

// `text` is what stands between the braces. Errors: InvalidParameterException saying where it stops making sense.
Outcome<JsonFilter> parse_json_pattern(std::string_view text);

}  // namespace ads::cloud::logs
