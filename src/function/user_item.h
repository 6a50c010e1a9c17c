// An item of the users table as a user.
#pragma once
#include "aws/dynamodb/attribute_value.h"
#include "batch/user.h"

namespace ads::function {

// A profile field of any type; absent and NULL are missing. A status that is a number or a BOOL is compared as its
// text, one of another type is none. Other attributes are ignored.
batch::User user_from_item(const aws::dynamodb::Item& item);

}  // namespace ads::function
