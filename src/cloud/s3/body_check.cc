#include "cloud/s3/body_check.h"

#include "base/encoding.h"
#include "base/log.h"
#include "cloud/s3/errors.h"

namespace ads::cloud::s3 {
namespace {

bool is_whole_crc(const Checksum& checksum) {
  return checksum.type == ChecksumType::full_object &&
         (checksum.algorithm == ChecksumAlgorithm::crc32 || checksum.algorithm == ChecksumAlgorithm::crc32c ||
          checksum.algorithm == ChecksumAlgorithm::crc64nvme);
}

}  // namespace

BodyCheck::BodyCheck(const ObjectRecord& object)
    : object_(object), checksum_(is_whole_crc(object.checksum) ? object.checksum.algorithm : ChecksumAlgorithm::none) {
  if (checksum_.algorithm() != ChecksumAlgorithm::none) return;
  part_.emplace(Digest::md5);
  part_left_ = object.is_multipart && !object.parts.empty() ? object.parts.front().size : object.size;
}

void BodyCheck::update(std::string_view bytes) {
  if (!part_) return checksum_.update(bytes);
  while (bytes.size() > part_left_ || (object_.is_multipart && part_left_ == 0 && !bytes.empty())) {
    part_->update(bytes.substr(0, part_left_));
    bytes.remove_prefix(part_left_);
    end_part();
    if (part_index_ >= object_.parts.size()) return;  // longer than its parts: is_sound() finds another digest
  }
  part_->update(bytes);
  part_left_ -= bytes.size();
}

void BodyCheck::end_part() {
  part_digests_ += part_->finish();
  part_.emplace(Digest::md5);
  if (++part_index_ < object_.parts.size()) part_left_ = object_.parts[part_index_].size;
}

bool BodyCheck::is_sound() {
  if (!part_) return to_base64(checksum_.finish()) == object_.checksum.value;
  if (!object_.is_multipart) return to_hex(part_->finish()) == object_.etag;
  while (part_index_ < object_.parts.size()) end_part();
  return to_hex(md5(part_digests_)) + "-" + std::to_string(object_.parts.size()) == object_.etag;
}

WireError damaged(const ObjectRecord& object) {
  log(LogLevel::error, "object body is damaged", {{"etag", object.etag}, {"bytes", object.size}});
  return internal_error({ErrorKind::corrupt, "BodyDamaged",
                         "the stored bytes of this object are not those that were put (their checksum differs)"});
}

Task<Outcome<void>> check_body(State& state, const ObjectRecord& object) {
  BodyCheck check(object);
  auto read =
      co_await for_each_piece(state, object, 0, object.size, [&](std::string_view bytes) { check.update(bytes); });
  if (!read) co_return refuse(read.error());
  if (!check.is_sound()) co_return refuse(damaged(object));
  co_return Outcome<void>{};
}

}  // namespace ads::cloud::s3
