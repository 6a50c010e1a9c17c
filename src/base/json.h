// Boost.JSON with Results instead of exceptions. `json` is the one name for it in this code base.
#pragma once
#include <boost/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace ads {

namespace json = boost::json;

// Errors: invalid / "MalformedJson", with the position. Depth is limited to 64.
Result<json::value> parse_json(std::string_view text);
// The same, and the top must be an object.
Result<json::object> parse_json_object(std::string_view text);

// The member as a string / integer / object / array, or nothing where it is absent, null or of another type.
std::optional<std::string_view> get_string(const json::object& object, std::string_view name);
std::optional<std::int64_t> get_integer(const json::object& object, std::string_view name);
std::optional<bool> get_bool(const json::object& object, std::string_view name);
const json::object* get_object(const json::object& object, std::string_view name);
const json::array* get_array(const json::object& object, std::string_view name);

// Two-space indentation, for people.
std::string pretty(const json::value& value);

}  // namespace ads
