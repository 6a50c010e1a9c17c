// Conditional requests: If-Match and its kin, with the precedence that S3 documents.
#pragma once
#include <optional>
#include <string_view>

#include "cloud/s3/object_record.h"
#include "cloud/wire_error.h"
#include "http/message.h"

namespace ads::cloud::s3 {

// "*", or a comma-separated list of entity tags, quoted or not.
bool etag_matches(std::string_view header, std::string_view etag);

enum class Verdict { proceed, not_modified };

// GET and HEAD. If-Match decides over If-Unmodified-Since, If-None-Match over If-Modified-Since.
// Errors: PreconditionFailed naming the header.
Outcome<Verdict> check_read(const http::Headers& headers, const ObjectSummary& object);

// Copies: x-amz-copy-source-if-*. Every failed condition is 412.
Outcome<void> check_copy_source(const http::Headers& headers, const ObjectSummary& source);

// PUT, CompleteMultipartUpload and CopyObject's destination: If-None-Match: * and If-Match. `current` is what stands at
// the key now, or null. Errors: PreconditionFailed, NoSuchKey (If-Match without an object), NotImplemented
// (If-None-Match: "etag").
Outcome<void> check_write(const http::Headers& headers, std::string_view key, const ObjectSummary* current);

// DELETE: If-Match, x-amz-if-match-size, x-amz-if-match-last-modified-time.
Outcome<void> check_delete(const http::Headers& headers, std::string_view key, const ObjectSummary* current);

}  // namespace ads::cloud::s3
