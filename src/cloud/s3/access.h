// What S3's operations need to be allowed: actions, resources and condition keys of each request.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
#pragma once
#include <string_view>

#include "cloud/s3/actions.h"
#include "cloud/s3/lookup.h"
#include "cloud/s3/state.h"

namespace ads::cloud::s3 {

// Before the action runs, with the request's bucket found where it needs one. What only the body or the stored object
// tells is asked by the action itself, below. Errors: AccessDenied (403).
Outcome<void> authorize(State& state, const Request& request, Action action);

// What another service reads for the caller of its own operation.
Outcome<void> authorize_read(State& state, const Call& call, const std::string& bucket, const std::string& key,
                             const std::string& version_id);

// One key of DeleteObjects. `matches_etag`: a delete on condition of an ETag reads the object.
enum class DeleteCondition { none, etag };
Outcome<void> authorize_delete(State& state, const Request& request, std::string_view key, std::string_view version,
                               DeleteCondition condition);

// A copy that takes the source's tags along. Objects without tags need nothing more.
Outcome<void> authorize_copied_tags(State& state, const Request& request, const CopySource& source,
                                    const Bucket& source_bucket);

// A missing key is only told to who may list the bucket; others hear AccessDenied, so that they cannot probe.
WireError seen_by(State& state, const Request& request, Action action, WireError refusal);

}  // namespace ads::cloud::s3
