// A bucket: its name, place, versioning state and configurations.
#pragma once
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "cloud/s3/blobs.h"
#include "cloud/s3/notification.h"

namespace ads::cloud::s3 {

// On disk by name, see bucket.cc.
enum class Versioning { never, enabled, suspended };

struct Bucket {
  std::uint64_t id = 0;  // a bucket made again under the same name has another
  std::string name, region, account;
  SystemTime created;
  Versioning versioning = Versioning::never;
  // What sub-resources hold, by the query parameter that names them ("encryption", "lifecycle", "policy", ...):
  // normalised XML, or the policy's JSON. Absent: not configured.
  std::map<std::string, std::string, std::less<>> configurations;
  NotificationConfiguration notifications;  // read from configurations["notification"]

  const std::string* configuration(std::string_view name) const;
  std::string arn() const { return "arn:aws:s3:::" + name; }
};
using BucketPointer = std::shared_ptr<const Bucket>;

// The table of buckets; those used lately are kept in memory.
class Buckets {
 public:
  explicit Buckets(Store& store) : store_(store) {}
  BucketPointer find(std::string_view name);
  // In name order, from the first after `after`, at most `most`.
  std::vector<BucketPointer> list(std::string_view prefix, std::string_view after, std::size_t most);
  // Errors: unavailable, nothing changed.
  Result<void> save(Blobs& blobs, Bucket bucket);
  Result<void> remove(Blobs& blobs, const Bucket& bucket);

 private:
  Store& store_;
  std::unordered_map<std::string, BucketPointer> cache_;
};

}  // namespace ads::cloud::s3
