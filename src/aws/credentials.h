// Who signs: an access key, and where such keys are found on this machine.
#pragma once
#include <memory>
#include <optional>
#include <string>

#include "aws/variables.h"
#include "base/clock.h"
#include "base/result.h"
#include "base/task.h"

namespace ads::http {
class Client;
}

namespace ads::aws {

struct Configuration;

struct Credentials {
  std::string access_key_id;
  std::string secret_access_key;
  std::string session_token = {};                    // empty for long-lived keys
  std::optional<SystemTime> expires = std::nullopt;  // nothing: never
};

// Gives credentials that are good now.
class CredentialSource {
 public:
  virtual ~CredentialSource() = default;
  virtual Task<Result<Credentials>> get() = 0;
};

std::shared_ptr<CredentialSource> fixed_credentials(Credentials credentials);

// The standard chain: environment, shared files (profile, credential_process), container, IMDSv2. The first source that
// is configured decides. Kept until 5 minutes before they expire; where renewing fails, the old ones are used to their
// end. Errors: denied / "NoCredentials", with each source that was tried and why it gave nothing. `http`,
// `configuration` and `clock` must outlive the source.
std::shared_ptr<CredentialSource> default_credentials(http::Client& http, const Configuration& configuration,
                                                      Variables variables, Clock& clock);

}  // namespace ads::aws
