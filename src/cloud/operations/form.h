// The Query protocol's forms, read by AWS's model.
//   Tags.member.1.Key=k                                   {"Tags": [{"Key": "k"}]}
//   AttributeName.1=All                                   a flattened list
//   Attributes.entry.1.key=a & Attributes.entry.1.value=b {"Attributes": {"a": "b"}}
//   Limit=5 & Enabled=true                                {"Limit": 5, "Enabled": true}
#pragma once
#include <string>
#include <string_view>

#include "base/json.h"
#include "cloud/operations/model.h"
#include "cloud/wire_error.h"

namespace ads::cloud::operations {

// A form's members by the parts of their names, every scalar a string: what a Form is read from.
using FormTree = json::object;

// Errors: MalformedInput for more than 10,000 members or a name of more than 16 parts.
Outcome<FormTree> parse_form(std::string_view form);

// The members that the model knows, in the shapes that it gives them. A text that is not of its member's type stays a
// text: check() refuses it.
json::object read_form(FormTree tree, const Shape& structure);

// A text of a form, a path or a query as the model's type has it.
json::value read_text(std::string_view text, Type type);

}  // namespace ads::cloud::operations
