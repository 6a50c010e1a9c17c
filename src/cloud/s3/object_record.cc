#include "cloud/s3/object_record.h"

#include "cloud/s3/binary.h"

namespace ads::cloud::s3 {
namespace {

constexpr char kFormat = 1;
enum Flag : std::uint64_t { delete_marker = 1, multipart = 2, inline_body = 4 };

struct Front {
  ObjectSummary summary;
  std::uint64_t flags = 0;
};

std::optional<Front> read_front(std::string_view value, BinaryReader& in) {
  if (value.empty() || value.front() != kFormat) return std::nullopt;
  Front front;
  front.flags = in.number();
  auto& s = front.summary;
  s.is_delete_marker = front.flags & delete_marker;
  s.sequence = in.number();
  s.modified = SystemTime(std::chrono::milliseconds(in.number()));
  s.size = in.number();
  s.etag = in.text();
  s.version_id = in.text();
  s.storage_class = in.text();
  s.checksum.algorithm = static_cast<ChecksumAlgorithm>(in.number());
  s.checksum.type = static_cast<ChecksumType>(in.number());
  s.checksum.value = in.text();
  if (!in.ok()) return std::nullopt;
  return front;
}

}  // namespace

void append_slice(Slices& slices, Slice slice) {
  if (slice.length == 0) return;
  if (!slices.empty()) {
    auto& last = slices.back();
    if (last.blob == slice.blob && last.offset + last.length == slice.offset) {
      last.length += slice.length;
      return;
    }
  }
  slices.push_back(slice);
}

Slices cut(const Slices& slices, std::uint64_t offset, std::uint64_t length) {
  Slices out;
  for (const auto& slice : slices) {
    if (length == 0) break;
    if (offset >= slice.length) {
      offset -= slice.length;
      continue;
    }
    auto taken = std::min(length, slice.length - offset);
    append_slice(out, {slice.blob, slice.offset + offset, taken});
    offset = 0;
    length -= taken;
  }
  return out;
}

const std::string& ObjectSummary::version_name() const {
  static const std::string null = "null";
  return version_id.empty() ? null : version_id;
}

std::string encode(const ObjectRecord& record) {
  std::string value(1, kFormat);
  value.reserve(256 + record.inline_body.size() + record.slices.size() * 24 + record.parts.size() * 16);
  BinaryWriter out(value);
  out.number((record.is_delete_marker ? delete_marker : 0) | (record.is_multipart ? multipart : 0) |
             (record.is_inline ? inline_body : 0));
  out.number(record.sequence);
  out.number(static_cast<std::uint64_t>(record.modified.time_since_epoch().count()));
  out.number(record.size);
  out.text(record.etag);
  out.text(record.version_id);
  out.text(record.storage_class);
  out.number(static_cast<std::uint64_t>(record.checksum.algorithm));
  out.number(static_cast<std::uint64_t>(record.checksum.type));
  out.text(record.checksum.value);
  out.pairs(record.headers);
  out.pairs(record.tags);
  out.number(record.parts.size());
  for (const auto& part : record.parts) {
    out.number(part.number);
    out.number(part.size);
    out.text(part.checksum);
  }
  out.number(record.slices.size());
  for (const auto& slice : record.slices) {
    out.number(slice.blob);
    out.number(slice.offset);
    out.number(slice.length);
  }
  value += record.inline_body;
  return value;
}

std::optional<ObjectSummary> decode_summary(std::string_view value) {
  BinaryReader in(value.substr(std::min<std::size_t>(1, value.size())));
  auto front = read_front(value, in);
  if (!front) return std::nullopt;
  return std::move(front->summary);
}

std::optional<ObjectRecord> decode_object(std::string_view value) {
  BinaryReader in(value.substr(std::min<std::size_t>(1, value.size())));
  auto front = read_front(value, in);
  if (!front) return std::nullopt;
  ObjectRecord record;
  static_cast<ObjectSummary&>(record) = std::move(front->summary);
  record.is_multipart = front->flags & multipart;
  record.is_inline = front->flags & inline_body;
  record.headers = in.pairs();
  record.tags = in.pairs();
  for (auto left = in.number(); left > 0 && in.ok(); --left) {
    PartSummary part;
    part.number = in.number();
    part.size = in.number();
    part.checksum = in.text();
    record.parts.push_back(std::move(part));
  }
  for (auto left = in.number(); left > 0 && in.ok(); --left) {
    Slice slice;
    slice.blob = in.number();
    slice.offset = in.number();
    slice.length = in.number();
    record.slices.push_back(slice);
  }
  record.inline_body = in.rest();
  if (!in.ok()) return std::nullopt;
  return record;
}

}  // namespace ads::cloud::s3
