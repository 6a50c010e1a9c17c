// Fn::Cidr: an IPv4 network cut into blocks.
#pragma once
#include "base/json.h"
#include "cloud/wire_error.h"

namespace ads::cloud::cloudformation {

// ["10.0.0.0/16", 3, 8] -> ["10.0.0.0/24", "10.0.1.0/24", "10.0.2.0/24"]: network, count 1-256, host bits (default 8).
// Errors: ValidationError; IPv6 is refused by name.
Outcome<json::array> split_network(const json::array& arguments);

}  // namespace ads::cloud::cloudformation
