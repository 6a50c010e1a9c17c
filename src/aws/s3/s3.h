// S3's operations as this project calls them: requests and answers
// (docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html).
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"

namespace ads::aws::s3 {

using Text = std::optional<std::string>;
using Metadata = std::map<std::string, std::string>;  // x-amz-meta-*, names in lower case without the prefix

struct HeadObjectInput {
  std::string bucket, key;
  Text version_id, if_match, if_none_match;
};
struct HeadObjectOutput {
  std::uint64_t content_length = 0;
  std::string etag;  // with its quotes, as sent
  std::string content_type;
  Text version_id;
  std::optional<SystemTime> last_modified;
  Metadata metadata;
};

struct GetObjectInput {
  std::string bucket, key;
  Text version_id, if_match, if_none_match;
  Text range;  // "bytes=0-8388607": byte_range()
};
struct GetObjectOutput {
  std::string body;
  std::uint64_t content_length = 0;  // the body's
  std::uint64_t object_size = 0;     // the whole object's, from Content-Range where there is one
  std::string etag;
  std::string content_type;
  Text version_id;
  std::optional<SystemTime> last_modified;
  Metadata metadata;
};
// First and last byte, both included, as HTTP has it.
std::string byte_range(std::uint64_t first, std::uint64_t last);

// Which x-amz-checksum-* header the client computes of the body; S3 then checks what arrived.
enum class Checksum { none, crc32c };

struct PutObjectInput {
  std::string bucket, key, body;
  Text content_type, content_encoding;
  Text if_match, if_none_match;  // if_none_match is "*"
  Checksum checksum = Checksum::crc32c;
  Metadata metadata;
};
struct PutObjectOutput {
  std::string etag;
  Text version_id;
};

struct CopyObjectInput {
  std::string bucket, key;                // the destination
  std::string source_bucket, source_key;  // unencoded
  Text source_version_id, source_if_match;
  Text if_none_match;  // of the destination: "*"
  // Instead of the source's (x-amz-metadata-directive: REPLACE); absent: the source's are copied.
  std::optional<Metadata> new_metadata = std::nullopt;
  Text new_content_type = std::nullopt;  // only with new_metadata
};
struct CopyObjectOutput {
  std::string etag;
  Text version_id, source_version_id;
  std::optional<SystemTime> last_modified;
};

struct DeleteObjectInput {
  std::string bucket, key;
  Text version_id, if_match;
};
struct DeleteObjectOutput {
  bool delete_marker = false;
  Text version_id;
};

struct CreateMultipartUploadInput {
  std::string bucket, key;
  Text content_type, content_encoding;
  Checksum checksum = Checksum::crc32c;
  Metadata metadata;
};
struct CreateMultipartUploadOutput {
  std::string upload_id;
};

struct UploadPartInput {
  std::string bucket, key, upload_id;
  int part_number = 1;  // 1-10,000
  std::string body;
  Checksum checksum = Checksum::crc32c;
};
struct UploadPartCopyInput {
  std::string bucket, key, upload_id;
  int part_number = 1;
  std::string source_bucket, source_key;
  Text source_version_id, source_if_match;
  Text source_range;  // byte_range()
};
// A part as CompleteMultipartUpload wants it.
struct UploadedPart {
  int part_number = 1;
  std::string etag;
  Text checksum_crc32c;
};

struct CompleteMultipartUploadInput {
  std::string bucket, key, upload_id;
  std::vector<UploadedPart> parts;  // in ascending order of part_number
  Text if_match, if_none_match;
};
struct CompleteMultipartUploadOutput {
  std::string etag;
  Text version_id;
};
struct AbortMultipartUploadInput {
  std::string bucket, key, upload_id;
};

struct ListObjectsV2Input {
  std::string bucket;
  Text prefix, delimiter, continuation_token, start_after;
  std::optional<int> max_keys;
};
struct ListedObject {
  std::string key, etag;
  std::uint64_t size = 0;
  std::optional<SystemTime> last_modified;
};
struct ListObjectsV2Output {
  std::vector<ListedObject> objects;
  std::vector<std::string> common_prefixes;
  Text next_continuation_token;  // nothing: this was the last page
};

struct ListObjectVersionsInput {
  std::string bucket;
  Text prefix, key_marker, version_id_marker;
  std::optional<int> max_keys;
};
enum class VersionKind { object, delete_marker };
struct ListedVersion {
  std::string key, version_id;
  VersionKind kind = VersionKind::object;
};
struct ListObjectVersionsOutput {
  std::vector<ListedVersion> versions;
  Text next_key_marker, next_version_id_marker;  // nothing: this was the last page
};

// The sub-resources of a bucket that are written as one document.
enum class BucketSetting { public_access_block, ownership_controls, encryption, versioning, lifecycle, policy };

}  // namespace ads::aws::s3
