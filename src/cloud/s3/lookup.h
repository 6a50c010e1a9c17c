// Finding what a request names, with AWS's refusals where it is not there.
#pragma once
#include <functional>

#include "cloud/s3/range.h"
#include "cloud/s3/request.h"
#include "cloud/s3/state.h"

namespace ads::cloud::s3 {

// The object, or the version that ?versionId names. Errors: NoSuchKey, NoSuchVersion, MethodNotAllowed (a delete marker
// by its version id), InvalidArgument (a malformed id); with x-amz-delete-marker where a marker hides it.
Outcome<ObjectRecord> find_object(State& state, const Request& request);

// The bucket as it is now: it may have gone or changed while a body was on its way. Errors: NoSuchBucket.
Outcome<BucketPointer> refresh_bucket(State& state, const Request& request);

// x-amz-copy-source: "bucket/key?versionId=id", percent-encoded, with or without a slash in front.
struct CopySource {
  std::string bucket, key, version_id;
};
Outcome<CopySource> parse_copy_source(std::string_view header);
struct FoundSource {
  BucketPointer bucket;
  ObjectRecord object;
};
// Errors: NoSuchBucket, NoSuchKey, NoSuchVersion, InvalidRequest (a delete marker), and failed x-amz-copy-source-if-*.
Outcome<FoundSource> find_copy_source(State& state, const Request& request, const CopySource& source);

// The digests of part of a stored body, read off the executor. Errors: InternalError.
struct BodyDigests {
  std::string md5, checksum;  // raw
};
Task<Outcome<BodyDigests>> digest_body(State& state, const ObjectRecord& object, std::uint64_t offset,
                                       std::uint64_t length, ChecksumAlgorithm algorithm);

// The bytes themselves, of a body that is small enough. Errors: InternalError.
Task<Outcome<std::string>> load_body(State& state, const ObjectRecord& object);

}  // namespace ads::cloud::s3
