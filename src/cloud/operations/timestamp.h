// Times in an operation's result, which each wire protocol shows in its own way.
#pragma once
#include "base/json.h"

namespace ads::cloud::operations {

// A number of milliseconds that the wire is to show as a timestamp.
json::value timestamp(std::int64_t milliseconds);
// The milliseconds where `value` is such a timestamp.
const json::value* as_timestamp(const json::value& value);

// A result with its timestamps as XML has them: ISO 8601; doubles without an exponent where they need none.
json::value in_xml(const json::value& value);
// As JSON has them: seconds since 1970.
json::value in_json(const json::value& value);

}  // namespace ads::cloud::operations
