// What a tag may be.
#pragma once
#include <map>
#include <string>

#include "cloud/wire_error.h"

namespace ads::cloud::sqs {

// At most 50; keys of 1-128, values of 0-256 characters; "aws:" is AWS's. Errors: InvalidParameterValue.
Outcome<void> check_tags(const std::map<std::string, std::string>& tags);

}  // namespace ads::cloud::sqs
