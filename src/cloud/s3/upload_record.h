// A multipart upload and its parts as the store keeps them.
#pragma once
#include <optional>
#include <string>

#include "cloud/s3/object_record.h"

namespace ads::cloud::s3 {

// Every part that is sent (not copied) is written to the upload's own blob, side by side, so that an object of 10,000
// parts is one file. The upload owns that blob until it is completed, and nothing else refers to it.
struct UploadRecord {
  std::string upload_id;
  std::uint64_t blob = 0;
  SystemTime initiated;
  std::string storage_class;
  ChecksumAlgorithm checksum_algorithm = ChecksumAlgorithm::none;
  ChecksumType checksum_type = ChecksumType::full_object;
  NamedValues headers;
  NamedValues tags;
};

struct PartRecord {
  std::uint64_t size = 0;
  SystemTime modified;
  std::string etag;      // 32 hex digits
  std::string checksum;  // base64, by the upload's algorithm
  Slices slices;
};

// Format byte 1, then the members in order (binary.h). Nothing where the bytes are damaged.
std::string encode(const UploadRecord& record);
std::optional<UploadRecord> decode_upload(std::string_view value);
std::string encode(const PartRecord& record);
std::optional<PartRecord> decode_part(std::string_view value);

}  // namespace ads::cloud::s3
