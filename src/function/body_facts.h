// How the body of a message that ADS did not write is logged: by length and hash. What it says is the sender's, may be
// personal, and may be a quarter of a megabyte.
#pragma once
#include <string_view>

#include "base/digest.h"
#include "base/encoding.h"
#include "base/json.h"

namespace ads::function {

// {"bytes", "sha256"} and the message's id.
inline json::object body_facts(std::string_view message_id, std::string_view body) {
  return {{"messageId", message_id}, {"bytes", body.size()}, {"sha256", to_hex(sha256(body))}};
}

inline json::object body_facts(std::string_view message_id, std::string_view body, std::string_view error) {
  auto facts = body_facts(message_id, body);
  facts["error"] = error;
  return facts;
}

}  // namespace ads::function
