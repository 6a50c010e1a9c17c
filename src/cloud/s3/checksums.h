// S3's additional checksums: which there are, computing them in a stream, and putting those of parts together.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/digest.h"
#include "http/message.h"

namespace ads::cloud::s3 {

// On disk: do not reorder.
enum class ChecksumAlgorithm : std::uint8_t { none = 0, crc32 = 1, crc32c = 2, sha1 = 3, sha256 = 4, crc64nvme = 5 };
enum class ChecksumType : std::uint8_t { full_object = 0, composite = 1 };

inline constexpr ChecksumAlgorithm kChecksumAlgorithms[] = {ChecksumAlgorithm::crc32, ChecksumAlgorithm::crc32c,
                                                            ChecksumAlgorithm::sha1, ChecksumAlgorithm::sha256,
                                                            ChecksumAlgorithm::crc64nvme};

std::string_view to_string(ChecksumAlgorithm algorithm);  // "CRC32", as x-amz-checksum-algorithm spells it
std::string_view to_string(ChecksumType type);            // "FULL_OBJECT"
std::optional<ChecksumAlgorithm> parse_algorithm(std::string_view name);  // any case
std::string header_name(ChecksumAlgorithm algorithm);                     // "x-amz-checksum-crc32"
std::string element_name(ChecksumAlgorithm algorithm);                    // "ChecksumCRC32"
std::optional<ChecksumAlgorithm> algorithm_of_header(std::string_view header);
std::size_t digest_bytes(ChecksumAlgorithm algorithm);

struct Checksum {
  ChecksumAlgorithm algorithm = ChecksumAlgorithm::none;
  ChecksumType type = ChecksumType::full_object;
  std::string value;  // base64; a composite has "-<parts>" behind it
  explicit operator bool() const { return algorithm != ChecksumAlgorithm::none; }
  bool operator==(const Checksum&) const = default;
};

// Fed in pieces; with `none` it costs nothing.
class RunningChecksum {
 public:
  explicit RunningChecksum(ChecksumAlgorithm algorithm);
  void update(std::string_view bytes);
  std::string finish();  // raw bytes, most significant first
  ChecksumAlgorithm algorithm() const { return algorithm_; }

 private:
  ChecksumAlgorithm algorithm_;
  std::uint64_t crc_ = 0;
  std::optional<Digest> digest_;
};

// The CRC of A followed by B, from theirs. Works for crc32, crc32c and crc64nvme.
std::uint64_t combine_crc(ChecksumAlgorithm algorithm, std::uint64_t a, std::uint64_t b, std::uint64_t b_length);

// A multipart object's checksum from its parts': composite = the digest of the parts' digests, full object = combined
// CRCs.
class CombinedChecksum {
 public:
  CombinedChecksum(ChecksumAlgorithm algorithm, ChecksumType type);
  void add(std::string_view part_raw, std::uint64_t part_length);
  Checksum finish();

 private:
  ChecksumAlgorithm algorithm_;
  ChecksumType type_;
  RunningChecksum outer_;
  std::uint64_t crc_ = 0;
  std::size_t parts_ = 0;
};

// Adds x-amz-checksum-* and x-amz-checksum-type.
void add_checksum_headers(http::Headers& headers, const Checksum& checksum);

}  // namespace ads::cloud::s3
