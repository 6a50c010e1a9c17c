// SESv2's rest-json: the input as JSON.
#pragma once
#include "aws/sesv2/sesv2.h"
#include "base/json.h"

namespace ads::aws::sesv2 {

// {"FromEmailAddress", "Destination": {"ToAddresses": [..]}, "Content": {"Simple": {"Subject": {"Data", "Charset"},
//  "Body": {"Text": .., "Html": ..}}} or {"Raw": {"Data": base64}}}
json::object encode(const SendEmailInput& input);

}  // namespace ads::aws::sesv2
