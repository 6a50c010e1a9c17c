// Whether a bucket's event destinations will take its events: asked before a notification configuration is accepted.
#pragma once
#include "cloud/s3/state.h"

namespace ads::cloud::s3 {

// Asks each function's policy, and sends s3:TestEvent to each queue and topic that `before` does not name.
// Errors: InvalidArgument "Unable to validate the following destination configurations", naming every one that failed.
Task<Outcome<void>> validate_destinations(State& state, BucketPointer bucket, NotificationConfiguration after,
                                          std::string request_id, SystemTime now);

}  // namespace ads::cloud::s3
