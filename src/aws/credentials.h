// Who signs: an access key, and where such keys are found on this machine.
#pragma once
#include <optional>
#include <string>

#include "base/clock.h"

namespace ads::aws {

struct Credentials {
  std::string access_key_id;
  std::string secret_access_key;
  std::string session_token = {};                   // empty for long-lived keys
  std::optional<SystemTime> expires = std::nullopt;  // nothing: never
};

}  // namespace ads::aws
