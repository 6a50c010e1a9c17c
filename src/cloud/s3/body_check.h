// Whether a stored body is still what was put: its file is read and compared with the checksum of its record. A byte
// that the disk lost is an error of the whole read, never content.
#pragma once
#include "cloud/s3/lookup.h"

namespace ads::cloud::s3 {

// The checksum is the object's own where that is a CRC of the whole, else the MD5 in its ETag (of each part for a
// multipart object). Errors: InternalError, and a log line that names the object.
class BodyCheck {
 public:
  explicit BodyCheck(const ObjectRecord& object);
  void update(std::string_view bytes);
  // After the last byte.
  bool is_sound();

 private:
  void end_part();

  const ObjectRecord& object_;
  RunningChecksum checksum_;  // of the whole; `none` where the ETag is compared
  std::optional<Digest> part_;
  std::string part_digests_;
  std::size_t part_index_ = 0;
  std::uint64_t part_left_ = 0;
};

// Hands the bytes of [offset, offset + length) to `use`, piece by piece, off the executor. Errors: InternalError.
Task<Outcome<void>> for_each_piece(State& state, const ObjectRecord& object, std::uint64_t offset, std::uint64_t length,
                                   std::function<void(std::string_view)> use);

// Reads the whole body, off the executor.
Task<Outcome<void>> check_body(State& state, const ObjectRecord& object);
WireError damaged(const ObjectRecord& object);

}  // namespace ads::cloud::s3
