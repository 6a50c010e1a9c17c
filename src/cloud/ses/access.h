// What SESv2's operations need to be allowed.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsimpleemailservicev2.html
#pragma once
#include <string_view>

#include "cloud/ses/actions.h"

namespace ads::cloud::ses {

// Errors: AccessDeniedException (403).
Outcome<void> authorize(Ses& ses, const Call& call, std::string_view operation, const Input& input);

}  // namespace ads::cloud::ses
