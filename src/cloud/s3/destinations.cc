#include "cloud/s3/destinations.h"

#include <set>

#include "cloud/s3/events.h"

namespace ads::cloud::s3 {
namespace {

// AWS's words for a destination that refused.
std::string reason(const NotificationRule& rule, const WireError& error) {
  bool is_missing = error.status == 404 || error.code.find("NotFound") != error.code.npos ||
                    error.code.find("NonExistent") != error.code.npos ||
                    error.code.find("DoesNotExist") != error.code.npos;
  switch (rule.kind) {
    case DestinationKind::function:
      return is_missing ? "The destination Lambda does not exist"
                        : "Not authorized to invoke function [" + rule.arn + "]";
    case DestinationKind::queue:
      return is_missing
                 ? "The destination queue does not exist"
                 : "Permissions on the destination queue do not allow S3 to publish notifications from this bucket";
    case DestinationKind::topic:
      return is_missing
                 ? "The destination topic does not exist"
                 : "Permissions on the destination topic do not allow S3 to publish notifications from this bucket";
  }
  return error.message;
}

}  // namespace

Task<Outcome<void>> validate_destinations(State& state, BucketPointer bucket, NotificationConfiguration after,
                                          std::string request_id, SystemTime now) {
  std::set<std::string> known;
  for (const auto& rule : bucket->notifications.rules) known.insert(rule.arn);
  WireError refusal{400, "InvalidArgument", "Unable to validate the following destination configurations"};
  int failures = 0;
  std::string test_event = render_test_event(*bucket, request_id, now);
  std::set<std::string> asked;
  for (const auto& rule : after.rules) {
    if (!asked.insert(rule.arn).second) continue;
    Outcome<void> taken;
    if (rule.kind == DestinationKind::function) {
      if (state.environment.functions)
        taken = state.environment.functions->may_invoke(rule.arn, {"s3.amazonaws.com", bucket->arn()});
    } else if (!known.contains(rule.arn)) {
      taken = co_await state.outbox.send(rule.kind, rule.arn, test_event, bucket->arn());
    }
    if (taken) continue;
    auto number = std::to_string(++failures);
    refusal.fields["ArgumentName" + number] = rule.arn;
    refusal.fields["ArgumentValue" + number] = reason(rule, taken.error());
  }
  if (failures > 0) co_return refuse(std::move(refusal));
  co_return Outcome<void>{};
}

}  // namespace ads::cloud::s3
