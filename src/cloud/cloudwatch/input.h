// What actions, and the stacks' resources, read: a template has numbers and booleans as texts.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "cloud/operations/input.h"
#include "cloud/wire_error.h"

namespace ads::cloud::cloudwatch {

using operations::text;
using operations::texts;
using operations::whole;

std::optional<double> number(const json::value& value);
// Nothing where the member is absent. Errors: InvalidParameterValue where it is not a number, boolean or time.
Outcome<std::optional<double>> number(const json::object& input, std::string_view member);
Outcome<std::optional<bool>> boolean(const json::object& input, std::string_view member);
Outcome<std::optional<SystemTime>> time(const json::object& input, std::string_view member);
std::vector<json::object> objects(const json::object& input, std::string_view member);

using Dimensions = std::map<std::string, std::string>;
// [{"Name", "Value"}]. Errors: InvalidParameterValue, for more than 30 and for an empty name.
Outcome<Dimensions> dimensions(const json::object& input);
json::array write_dimensions(const Dimensions& dimensions);

bool is_unit(std::string_view unit);  // "Seconds", "Count/Second", "None" ...

}  // namespace ads::cloud::cloudwatch
