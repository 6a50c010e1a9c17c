// One version of one object as the store keeps it.
//
// Format, all numbers varints, all texts with their length (binary.h):
//   format byte 1 | flags | sequence | modified (ms) | size | etag | version id | storage class | checksum algorithm,
//   type, value | headers: n x (name, value) | tags: n x (name, value) | parts: n x (number, size, checksum value) |
//   slices: n x (blob, offset, length) | the inline body, to the end
// What listings need stands first. flags: 1 delete marker, 2 multipart, 4 the body is inline. Do not reorder.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "cloud/s3/checksums.h"

namespace ads::cloud::s3 {

using NamedValues = std::vector<std::pair<std::string, std::string>>;

// Bytes [offset, offset + length) of a blob.
struct Slice {
  std::uint64_t blob = 0, offset = 0, length = 0;
  bool operator==(const Slice&) const = default;
};
using Slices = std::vector<Slice>;

// Appends, joining what lies side by side in one blob.
void append_slice(Slices& slices, Slice slice);
// The bytes [offset, offset + length) of what `slices` hold together.
Slices cut(const Slices& slices, std::uint64_t offset, std::uint64_t length);

struct PartSummary {
  std::uint64_t number = 0, size = 0;
  std::string checksum;  // base64
  bool operator==(const PartSummary&) const = default;
};

// What listings show of a version.
struct ObjectSummary {
  bool is_delete_marker = false;
  std::uint64_t sequence = 0;  // orders the versions of a key, and the events about it
  SystemTime modified;
  std::uint64_t size = 0;
  std::string etag;           // without quotes
  std::string version_id;     // empty: the null version
  std::string storage_class;  // "STANDARD"
  Checksum checksum;
  // "null" for the null version, as every API spells it.
  const std::string& version_name() const;
};

struct ObjectRecord : ObjectSummary {
  NamedValues headers;  // Content-Type and the like, x-amz-meta-*, encryption: given back as they are
  NamedValues tags;
  std::vector<PartSummary> parts;  // of a multipart object
  Slices slices;                   // where the body is, unless it is inline
  std::string inline_body;
  bool is_multipart = false;
  bool is_inline = false;
};

std::string encode(const ObjectRecord& record);
// Nothing where the bytes are damaged.
std::optional<ObjectRecord> decode_object(std::string_view value);
std::optional<ObjectSummary> decode_summary(std::string_view value);

}  // namespace ads::cloud::s3
