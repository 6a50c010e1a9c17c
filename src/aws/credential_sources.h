// The places where credentials are looked for, one function each.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "aws/configuration.h"
#include "aws/credentials.h"
#include "aws/variables.h"
#include "base/clock.h"
#include "base/task.h"

namespace ads::aws {

struct Search {
  http::Client& http;
  const Configuration& configuration;
  const Variables& variables;
  Clock& clock;
};

// Credentials, or why this place has none. An Error means that the place is configured but does not work: the search
// ends.
struct Finding {
  std::optional<Credentials> credentials;
  std::string absent;
};

Task<Result<Finding>> from_variables(Search search);
Task<Result<Finding>> from_profile(Search search);    // keys, or credential_process
Task<Result<Finding>> from_container(Search search);  // AWS_CONTAINER_CREDENTIALS_*: ECS, EKS
Task<Result<Finding>> from_instance(Search search);   // IMDSv2

// {"Version": 1, "AccessKeyId": .., "SecretAccessKey": .., "SessionToken": .., "Expiration": ..} of credential_process,
// and the same with "Token" of containers and instances. Errors: denied / "BadCredentials" naming `source`; secrets are
// not shown.
Result<Credentials> parse_credentials(std::string_view text, std::string_view source);

}  // namespace ads::aws
