#include "batch/notification.h"

#include <fmt/format.h>

#include "base/json.h"

namespace ads::batch {

std::string_view to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::processed:
      return "processed";
    case Outcome::not_active:
      return "not-active";
    case Outcome::not_found:
      break;
  }
  return "not-found";
}

std::optional<Outcome> parse_outcome(std::string_view text) {
  for (Outcome outcome : {Outcome::processed, Outcome::not_active, Outcome::not_found})
    if (to_string(outcome) == text) return outcome;
  return std::nullopt;
}

int status_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::processed:
      return 200;
    case Outcome::not_active:
      return 403;
    case Outcome::not_found:
      break;
  }
  return 404;
}

Notification notify(std::string_view service_uuid, const User* user, std::string_view run_id,
                    std::string_view record_id, const ActiveStatuses& active) {
  Notification notification;
  notification.service_uuid = service_uuid;
  notification.run_id = run_id;
  notification.record_id = record_id;
  std::string uuid = json::serialize(json::string_view(service_uuid));
  if (user && user->is_active(active)) {
    notification.outcome = Outcome::processed;
    notification.missing_fields = user->missing_fields();
    notification.body =
        fmt::format(R"({{"firstName":{},"lastName":{},"detailedAddress":{},"lastPingedLocation":{},"serviceUUID":{}}})",
                    user->first_name.json(), user->last_name.json(), user->detailed_address.json(),
                    user->last_pinged_location.json(), uuid);
  } else {
    notification.outcome = user ? Outcome::not_active : Outcome::not_found;
    notification.body = fmt::format(R"({{"serviceUUID":{},"message":"{}"}})", uuid, kCannotProcess);
  }
  return notification;
}

std::vector<MessageAttribute> Notification::attributes() const {
  return {{"Status", "Number", std::to_string(status_of(outcome))},
          {"Outcome", "String", std::string(to_string(outcome))},
          {"RecordId", "String", record_id},
          {"RunId", "String", run_id}};
}

std::size_t Notification::size() const {
  return message_size(body, attributes());
}

std::size_t message_size(std::string_view body, const std::vector<MessageAttribute>& attributes) {
  std::size_t size = body.size();
  for (const MessageAttribute& attribute : attributes)
    size += attribute.name.size() + attribute.type.size() + attribute.value.size();
  return size;
}

}  // namespace ads::batch
