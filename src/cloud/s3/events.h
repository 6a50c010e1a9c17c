// S3's event notifications as they look on the wire
// (docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html).
#pragma once
#include <cstdint>
#include <string>

#include "cloud/call.h"
#include "cloud/s3/bucket.h"

namespace ads::cloud::s3 {

// Something that happened to an object.
struct ObjectEvent {
  std::string name;  // "ObjectCreated:Put"
  std::string key;
  std::string etag;        // empty: not shown (ObjectRemoved:Delete)
  std::string version_id;  // empty: the bucket was never versioned
  std::uint64_t size = 0;
  std::uint64_t sequence = 0;
  bool is_creation() const { return name.starts_with("ObjectCreated:"); }
};

// {"Records":[{...}]} for one rule.
std::string render_event(const Call& call, const Bucket& bucket, const NotificationRule& rule,
                         const ObjectEvent& event);

// {"Service":"Amazon S3","Event":"s3:TestEvent",...}: what a queue or topic is sent when it becomes a destination.
std::string render_test_event(const Bucket& bucket, const std::string& request_id, SystemTime now);

// x-amz-id-2 of an answer: derived from its request id, as events must repeat it.
std::string host_id(const std::string& request_id);

// The canonical user id that stands for an account: 64 hex digits.
std::string canonical_user(std::string_view account);

}  // namespace ads::cloud::s3
