// What SESv2's operations need to be allowed.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsimpleemailservicev2.html
#pragma once
#include <string_view>

#include "cloud/resource_rule.h"
#include "cloud/ses/actions.h"

namespace ads::cloud::ses {

// What an operation acts on: the identity that the path names, or the member; the identity that a sender counts as.
enum class On { identity, sender, everything };
using Resource = ResourceRule<On>;

// Errors: AccessDeniedException (403).
Outcome<void> authorize(Ses& ses, const Call& call, std::string_view operation, Resource resource, const Input& input);

}  // namespace ads::cloud::ses
