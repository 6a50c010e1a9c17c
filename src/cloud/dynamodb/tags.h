// Tags of tables.
#pragma once
#include <map>
#include <string>

#include "base/json.h"
#include "cloud/dynamodb/shape.h"
#include "cloud/wire_error.h"

namespace ads::cloud::dynamodb {

using Tags = std::map<std::string, std::string>;

Member tags_member();
// The request's Tags. Errors: ValidationException for a key or value that AWS forbids, or more than 50.
Outcome<Tags> read_tags(const json::object& request);

}  // namespace ads::cloud::dynamodb
