// What the subscribing services are told about a record.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "batch/user.h"

namespace ads::batch {

enum class Outcome { processed, not_active, not_found };
std::string_view to_string(Outcome outcome);  // "processed", "not-active", "not-found"
std::optional<Outcome> parse_outcome(std::string_view text);
int status_of(Outcome outcome);  // 200, 403, 404

inline constexpr std::string_view kCannotProcess =
    "Cannot process the request: the user is not a member or has not been onboarded yet.";

// SNS's and SQS's message attributes have a type ("String", "Number") and a value.
struct MessageAttribute {
  std::string_view name;
  std::string_view type;
  std::string value;

  bool operator==(const MessageAttribute&) const = default;
};

struct Notification {
  Outcome outcome = Outcome::not_found;
  std::string service_uuid;  // the FIFO topic's group, where there is one
  std::string record_id;     // the batch entry's id and the deduplication id
  std::string run_id;
  std::string body;        // JSON, fields in fixed order
  int missing_fields = 0;  // published as empty strings

  // Status, Outcome, RecordId, RunId.
  std::vector<MessageAttribute> attributes() const;
  // Bytes that count against SNS's limit: the body, and each attribute's name, type and value.
  std::size_t size() const;
};

// `user` is null when the users table has no such user.
Notification notify(std::string_view service_uuid, const User* user, std::string_view run_id,
                    std::string_view record_id, const ActiveStatuses& active);

// Bytes of a message: body, and name, type and value of each attribute.
std::size_t message_size(std::string_view body, const std::vector<MessageAttribute>& attributes);

}  // namespace ads::batch
