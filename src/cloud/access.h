// Authorisation of what passes the front door, and of what one service does to another: a service says what a request
// needs, this says whether it may.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cloud/access_decision.h"
#include "cloud/call.h"
#include "cloud/environment.h"
#include "cloud/wire_error.h"

namespace ads::cloud::access {

// One action on one resource, with the condition keys of the service. AWS's Service Authorization Reference says which.
struct Need {
  std::string action;                                                // "sqs:SendMessage"
  std::string resource;                                              // the ARN, or "*"
  std::vector<std::pair<std::string_view, Values>> keys = {};        // names in lower case
  PolicyPointer resource_policy = nullptr;                           // the bucket's, queue's, topic's, function's
  std::function<std::optional<Values>(std::string_view)> more = {};  // keys that cost something to find out
  ResourcePolicy rule = ResourcePolicy::suffices;
};

// What a service's refusal looks like on the wire.
struct Style {
  int status = 403;
  std::string_view code = "AccessDenied";
};
inline constexpr Style kJsonStyle{400, "AccessDeniedException"};      // awsJson
inline constexpr Style kRestJsonStyle{403, "AccessDeniedException"};  // rest-json

// Whether anything is asked for this call at all: with authentication off nothing is.
inline bool is_enforced(const Call& call) {
  return call.caller.enforcement == Enforcement::on;
}

// Whether the caller may. A caller without an identity may not. A refusal is logged, with the policy and statement that
// denied. Errors: the style's, in AWS's words.
Outcome<void> authorize(const Call& call, const Need& need, Style style = {});
// All of them; the first that is refused.
Outcome<void> authorize(const Call& call, const std::vector<Need>& needs, Style style = {});
// The same, quietly: for an answer that depends on it (a missing key is a 403 to who may not list).
bool may(const Call& call, const Need& need);

// Whether a service may act for one of its resources: as itself by the target's policy, or by the policies of the role
// that it acts with. A role that cannot be found allows nothing. Errors: AccessDenied.
Outcome<void> authorize(const Environment& environment, const Source& source, const Need& need);

// Compiled policies of resources. A document is compiled again where it is not the one that was seen last.
class PolicyCache {
 public:
  // Null for an empty document; an unreadable one is logged and allows nothing.
  PolicyPointer find(const std::string& resource_arn, std::string_view document);

 private:
  struct Entry {
    std::string document;
    PolicyPointer policy;
  };
  std::map<std::string, Entry, std::less<>> entries_;
};

}  // namespace ads::cloud::access
