// The policies that AWS itself offers and that functions commonly attach, with the content AWS documents.
#pragma once
#include <string>
#include <string_view>

namespace ads::cloud::iam {

inline constexpr std::string_view kAwsPolicyPrefix = "arn:aws:iam::aws:policy/";

// The document of "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole" and the like; null for one we
// lack.
const std::string* aws_managed_policy(std::string_view arn);

}  // namespace ads::cloud::iam
