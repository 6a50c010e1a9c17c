// CloudWatch Logs' filter pattern language: terms, "phrases", -exclusions, ?alternatives and { $.json = "patterns" }.
#pragma once
#include <functional>
#include <string>
#include <string_view>

#include "cloud/wire_error.h"

namespace ads::cloud::logs {

// Whether a message matches.
using MessageFilter = std::function<bool(std::string_view message)>;

// An empty pattern matches everything. Errors: InvalidParameterException for a malformed one, NotImplemented (501)
// naming the two forms that this cloud does not know: space-delimited [fields] and %regular expressions%. Source:
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
Outcome<MessageFilter> parse_filter_pattern(std::string_view pattern);

}  // namespace ads::cloud::logs
