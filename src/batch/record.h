// A record of a batch file, and the identities that any worker computes alone.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace ads::batch {

struct Record {
  int status_code = 0;       // 100-599
  int retry_count = 0;       // 0-1,000
  std::string service_uuid;  // 1-128 of letters, digits, - _ . :
  std::uint64_t offset = 0;  // of the line's first byte, in the decompressed content
  std::uint64_t length = 0;  // of the line with its line ending

  bool operator==(const Record&) const = default;
};

inline constexpr int kMaxRetryCount = 1000;
inline constexpr std::size_t kMaxServiceUuid = 128;  // SQS's limit for a message group id

// True for 1-128 of letters, digits, '-', '_', '.', ':'.
bool is_service_uuid(std::string_view text);

// The object that a run is about, as its event names it.
struct ObjectIdentity {
  std::string bucket;
  std::string key;         // decoded
  std::string version_id;  // empty or "null" in a bucket without versions
  std::string etag;        // with or without quotes
  std::uint64_t size = 0;

  bool operator==(const ObjectIdentity&) const = default;
};

// The first 32 hex digits of SHA-256 over netstrings ("6:bucket,"): bucket, key, then "version" and the version id, or,
// without a version, "etag", the ETag without quotes and the size in decimal. A late repetition of an event gives the
// same id.
std::string run_id(const ObjectIdentity& object);

// The first 26 characters of the lower-case base32 of SHA-256 over "<runId>:<offset in decimal>".
std::string record_id(std::string_view run_id, std::uint64_t offset);

}  // namespace ads::batch
