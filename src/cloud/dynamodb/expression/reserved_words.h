// DynamoDB's reserved words.
#pragma once
#include <string_view>

namespace ads::cloud::dynamodb {

// True for a word that must be written as an #alias in an expression, in any case: "status", "Name".
bool is_reserved(std::string_view name);

}  // namespace ads::cloud::dynamodb
