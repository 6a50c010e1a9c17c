// The process's environment variables behind a function, so that a test has its own.
#pragma once
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace ads::aws {

// Nothing for a variable that is unset or empty: AWS's tools treat both alike.
using Variables = std::function<std::optional<std::string>(std::string_view name)>;

Variables process_variables();
Variables fixed_variables(std::map<std::string, std::string, std::less<>> values);

}  // namespace ads::aws
