// A template's text as JSON: YAML with CloudFormation's short tags (!Ref, !Sub, !GetAtt ...), or JSON itself.
#pragma once
#include <string_view>

#include "base/json.h"
#include "cloud/wire_error.h"

namespace ads::cloud::cloudformation {

// "!Ref A" becomes {"Ref": "A"}, "!GetAtt A.B" {"Fn::GetAtt": ["A", "B"]}, "!Sub x" {"Fn::Sub": "x"}. A plain scalar is
// a number or a boolean only where its text is exactly that; dates, versions and account ids stay text.
// Errors: ValidationError "Template format error: YAML not well-formed. (line L, column C)", for a null value, a
// duplicate key, an unknown tag, and for a document that aliases make larger than 200,000 values.
Outcome<json::value> read_document(std::string_view text);

}  // namespace ads::cloud::cloudformation
