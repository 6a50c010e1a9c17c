// Where IAM keeps what in the store. IAM is global: no region. Values are JSON; see docs of each struct for members.
//   ("iam", "role", NAME)                    Entity      directory.h
//   ("iam", "user", NAME)                    Entity
//   ("iam", "policy", ARN)                   ManagedPolicy
//   ("iam", "attached", ARN, KIND, NAME)     ""          who has the managed policy: "role" | "user"
//   ("iam", "key", ACCESS KEY ID)            AccessKey
//   ("iam", "keys-of", USER, ID)             ""          the access keys of a user
//   ("iam", "expiry", EPOCH SECONDS, ID)     ""          sessions in the order in which they end
//   ("iam", "root")                          access key id of the account's root
#pragma once
#include <string>
#include <string_view>

#include "cloud/store.h"

namespace ads::cloud::iam {

inline std::string key(std::initializer_list<std::string_view> fields) {
  std::string out;
  append_text(out, "iam");
  for (const auto field : fields) append_text(out, field);
  return out;
}

inline std::string expiry_key(std::uint64_t epoch_seconds, std::string_view access_key_id) {
  std::string out = key({"expiry"});
  append_number(out, epoch_seconds);
  append_text(out, access_key_id);
  return out;
}

}  // namespace ads::cloud::iam
