#include "cloud/s3/upload_record.h"

#include "cloud/s3/binary.h"

namespace ads::cloud::s3 {
namespace {

constexpr char kFormat = 1;

std::uint64_t milliseconds(SystemTime time) {
  return static_cast<std::uint64_t>(time.time_since_epoch().count());
}
SystemTime from_milliseconds(std::uint64_t count) {
  return SystemTime(std::chrono::milliseconds(count));
}

}  // namespace

std::string encode(const UploadRecord& record) {
  std::string value(1, kFormat);
  BinaryWriter out(value);
  out.text(record.upload_id);
  out.number(record.blob);
  out.number(milliseconds(record.initiated));
  out.text(record.storage_class);
  out.number(static_cast<std::uint64_t>(record.checksum_algorithm));
  out.number(static_cast<std::uint64_t>(record.checksum_type));
  out.pairs(record.headers);
  out.pairs(record.tags);
  return value;
}

std::optional<UploadRecord> decode_upload(std::string_view value) {
  if (value.empty() || value.front() != kFormat) return std::nullopt;
  BinaryReader in(value.substr(1));
  UploadRecord record;
  record.upload_id = in.text();
  record.blob = in.number();
  record.initiated = from_milliseconds(in.number());
  record.storage_class = in.text();
  record.checksum_algorithm = static_cast<ChecksumAlgorithm>(in.number());
  record.checksum_type = static_cast<ChecksumType>(in.number());
  record.headers = in.pairs();
  record.tags = in.pairs();
  if (!in.ok()) return std::nullopt;
  return record;
}

std::string encode(const PartRecord& record) {
  std::string value(1, kFormat);
  BinaryWriter out(value);
  out.number(record.size);
  out.number(milliseconds(record.modified));
  out.text(record.etag);
  out.text(record.checksum);
  out.number(record.slices.size());
  for (const auto& slice : record.slices) {
    out.number(slice.blob);
    out.number(slice.offset);
    out.number(slice.length);
  }
  return value;
}

std::optional<PartRecord> decode_part(std::string_view value) {
  if (value.empty() || value.front() != kFormat) return std::nullopt;
  BinaryReader in(value.substr(1));
  PartRecord record;
  record.size = in.number();
  record.modified = from_milliseconds(in.number());
  record.etag = in.text();
  record.checksum = in.text();
  for (auto left = in.number(); left > 0 && in.ok(); --left) {
    Slice slice;
    slice.blob = in.number();
    slice.offset = in.number();
    slice.length = in.number();
    record.slices.push_back(slice);
  }
  if (!in.ok()) return std::nullopt;
  return record;
}

}  // namespace ads::cloud::s3
