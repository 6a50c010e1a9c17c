#include "cloud/s3/router.h"

#include <array>

#include "cloud/s3/configurations.h"
#include "cloud/s3/errors.h"

namespace ads::cloud::s3 {
namespace {

enum class Level { bucket, object };

struct SubResource {
  Level level;
  std::string_view method, parameter;
  Action action;
};

// The first that fits wins. Parameters that choose among operations only; the rest belong to the operation.
constexpr SubResource kSubResources[] = {
    {Level::bucket, "GET", "location", get_bucket_location},
    {Level::bucket, "GET", "versioning", get_bucket_versioning},
    {Level::bucket, "PUT", "versioning", put_bucket_versioning},
    {Level::bucket, "GET", "notification", get_bucket_notification},
    {Level::bucket, "PUT", "notification", put_bucket_notification},
    {Level::bucket, "GET", "policyStatus", get_bucket_policy_status},
    {Level::bucket, "GET", "acl", get_bucket_acl},
    {Level::bucket, "PUT", "acl", put_acl},
    {Level::bucket, "GET", "versions", list_object_versions},
    {Level::bucket, "GET", "uploads", list_multipart_uploads},
    {Level::bucket, "POST", "delete", delete_objects},
    {Level::object, "GET", "attributes", get_object_attributes},
    {Level::object, "GET", "acl", get_object_acl},
    {Level::object, "PUT", "acl", put_acl},
    {Level::object, "GET", "tagging", get_object_tagging},
    {Level::object, "PUT", "tagging", put_object_tagging},
    {Level::object, "DELETE", "tagging", delete_object_tagging},
    {Level::object, "POST", "uploads", create_multipart_upload},
    {Level::object, "GET", "uploadId", list_parts},
    {Level::object, "POST", "uploadId", complete_multipart_upload},
    {Level::object, "DELETE", "uploadId", abort_multipart_upload},
};

// Sub-resources that S3 has and this cloud does not.
constexpr std::string_view kUnsupported[] = {"accelerate",
                                             "analytics",
                                             "cors",
                                             "encryption",
                                             "intelligent-tiering",
                                             "inventory",
                                             "legal-hold",
                                             "lifecycle",
                                             "location",
                                             "logging",
                                             "metadataConfiguration",
                                             "metadataTable",
                                             "metrics",
                                             "notification",
                                             "object-lock",
                                             "ownershipControls",
                                             "policy",
                                             "policyStatus",
                                             "publicAccessBlock",
                                             "renameObject",
                                             "replication",
                                             "requestPayment",
                                             "restore",
                                             "retention",
                                             "select",
                                             "session",
                                             "torrent",
                                             "versioning",
                                             "website",
                                             "abac"};

Outcome<Routed> route_bucket(const Request& request) {
  if (named_configuration(request)) {
    if (request.method == "GET") return Routed{get_bucket_configuration};
    if (request.method == "PUT") return Routed{put_bucket_configuration};
    if (request.method == "DELETE") return Routed{delete_bucket_configuration};
  }
  for (auto name : kUnsupported)
    if (request.has_query(name)) return refuse(not_implemented("S3's ?" + std::string(name)));
  if (request.method == "GET")
    return Routed{request.query_or_empty("list-type") == "2" ? list_objects_v2 : list_objects_v1};
  if (request.method == "HEAD") return Routed{head_bucket};
  if (request.method == "PUT") return Routed{create_bucket, BucketNeed::none};
  if (request.method == "DELETE") return Routed{delete_bucket};
  if (request.method == "POST") return refuse(not_implemented("uploads by HTML form (POST Object)"));
  return refuse(errors::method_not_allowed(request.method, "BUCKET"));
}

Outcome<Routed> route_object(const Request& request) {
  for (auto name : kUnsupported)
    if (request.has_query(name)) return refuse(not_implemented("S3's ?" + std::string(name)));
  bool is_copy = request.header("x-amz-copy-source").has_value();
  if (request.method == "PUT" && request.has_query("uploadId")) return Routed{is_copy ? upload_part_copy : upload_part};
  if (request.method == "PUT") return Routed{is_copy ? copy_object : put_object};
  if (request.method == "GET" || request.method == "HEAD") return Routed{get_object};
  if (request.method == "DELETE") return Routed{delete_object};
  return refuse(errors::method_not_allowed(request.method, "OBJECT"));
}

}  // namespace

Outcome<Routed> route(const Request& request) {
  if (request.address.bucket.empty()) {
    if (request.method == "GET") return Routed{list_buckets, BucketNeed::none};
    return refuse(errors::method_not_allowed(request.method, "SERVICE"));
  }
  auto level = request.key().empty() ? Level::bucket : Level::object;
  if (!request.query.empty())
    for (const auto& sub : kSubResources)
      if (sub.level == level && sub.method == request.method && request.has_query(sub.parameter))
        return Routed{sub.action};
  return level == Level::bucket ? route_bucket(request) : route_object(request);
}

}  // namespace ads::cloud::s3
