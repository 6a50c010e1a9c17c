// What IAM's and STS's actions read from a request, with AWS's refusals.
#pragma once
#include <map>
#include <string>
#include <string_view>

#include "base/json.h"
#include "cloud/wire_error.h"

namespace ads::cloud::iam {

// Errors: ValidationError where the member is absent or empty.
Outcome<std::string> required(const json::object& input, std::string_view member);
std::string optional_text(const json::object& input, std::string_view member);

// A name of 1..longest characters of [\w+=,.@-]. Errors: ValidationError.
Outcome<std::string> required_name(const json::object& input, std::string_view member, std::size_t longest);
Outcome<void> check_name(std::string_view member, std::string_view name, std::size_t longest);

// "/" or "/a/b/". Errors: ValidationError.
Outcome<std::string> optional_path(const json::object& input);
Outcome<void> check_path(std::string_view path);

Outcome<int> optional_integer(const json::object& input, std::string_view member, int fallback, int least, int most);

// [{"Key","Value"}] -> map. Errors: InvalidInput for a duplicate key, ValidationError for one too long.
Outcome<std::map<std::string, std::string>> read_tags(const json::object& input, std::string_view member = "Tags");
json::array write_tags(const std::map<std::string, std::string>& tags);

}  // namespace ads::cloud::iam
