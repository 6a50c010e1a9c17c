#include <fmt/format.h>

#include "aws/s3/codec.h"
#include "aws/wire.h"
#include "base/checksum.h"
#include "base/encoding.h"

namespace ads::aws::s3 {
namespace {

class Target {
 public:
  explicit Target(std::string_view key) : text_("/" + percent_encode_path(key)) {}
  Target() = default;
  Target& add(std::string_view name, std::string_view value) {
    text_.append(1, separator_).append(name).append(1, '=').append(percent_encode(value));
    separator_ = '&';
    return *this;
  }
  Target& add_if(std::string_view name, const Text& value) { return value ? add(name, *value) : *this; }
  Target& flag(std::string_view name) {
    text_.append(1, separator_).append(name);
    separator_ = '&';
    return *this;
  }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
  char separator_ = '?';
};

void set_if(http::Headers& headers, std::string_view name, const Text& value) {
  if (value) headers.set(name, *value);
}

void add_metadata(http::Headers& headers, const Metadata& metadata) {
  for (auto& [name, value] : metadata) headers.set("x-amz-meta-" + name, value);
}

void add_checksum(http::Request& request, Checksum checksum) {
  if (checksum == Checksum::none) return;
  auto crc = crc32c(request.body);
  std::string bytes{char(crc >> 24), char(crc >> 16), char(crc >> 8), char(crc)};
  request.headers.set("x-amz-sdk-checksum-algorithm", "CRC32C");
  request.headers.set("x-amz-checksum-crc32c", to_base64(bytes));
}

// x-amz-copy-source: /bucket/key?versionId=..., encoded as a path
std::string copy_source(std::string_view bucket, std::string_view key, const Text& version_id) {
  auto out = fmt::format("/{}/{}", bucket, percent_encode_path(key));
  if (version_id) out += "?versionId=" + percent_encode(*version_id);
  return out;
}

}  // namespace

std::string byte_range(std::uint64_t first, std::uint64_t last) {
  return fmt::format("bytes={}-{}", first, last);
}

http::Request encode(const HeadObjectInput& input) {
  http::Request out{"HEAD", Target(input.key).add_if("versionId", input.version_id).take(), {}, {}};
  set_if(out.headers, "If-Match", input.if_match);
  set_if(out.headers, "If-None-Match", input.if_none_match);
  return out;
}

http::Request encode(const GetObjectInput& input) {
  http::Request out{"GET", Target(input.key).add_if("versionId", input.version_id).take(), {}, {}};
  set_if(out.headers, "Range", input.range);
  set_if(out.headers, "If-Match", input.if_match);
  set_if(out.headers, "If-None-Match", input.if_none_match);
  return out;
}

http::Request encode(PutObjectInput input) {
  http::Request out{"PUT", Target(input.key).take(), {}, std::move(input.body)};
  set_if(out.headers, "Content-Type", input.content_type);
  set_if(out.headers, "Content-Encoding", input.content_encoding);
  set_if(out.headers, "If-Match", input.if_match);
  set_if(out.headers, "If-None-Match", input.if_none_match);
  add_metadata(out.headers, input.metadata);
  add_checksum(out, input.checksum);
  return out;
}

http::Request encode(const CopyObjectInput& input) {
  http::Request out{"PUT", Target(input.key).take(), {}, {}};
  out.headers.set("x-amz-copy-source", copy_source(input.source_bucket, input.source_key, input.source_version_id));
  set_if(out.headers, "x-amz-copy-source-if-match", input.source_if_match);
  set_if(out.headers, "If-None-Match", input.if_none_match);
  if (input.new_metadata) {
    out.headers.set("x-amz-metadata-directive", "REPLACE");
    set_if(out.headers, "Content-Type", input.new_content_type);
    add_metadata(out.headers, *input.new_metadata);
  }
  return out;
}

http::Request encode(const DeleteObjectInput& input) {
  http::Request out{"DELETE", Target(input.key).add_if("versionId", input.version_id).take(), {}, {}};
  set_if(out.headers, "If-Match", input.if_match);
  return out;
}

http::Request encode(const CreateMultipartUploadInput& input) {
  http::Request out{"POST", Target(input.key).flag("uploads").take(), {}, {}};
  set_if(out.headers, "Content-Type", input.content_type);
  set_if(out.headers, "Content-Encoding", input.content_encoding);
  add_metadata(out.headers, input.metadata);
  if (input.checksum == Checksum::crc32c) out.headers.set("x-amz-checksum-algorithm", "CRC32C");
  return out;
}

http::Request encode(UploadPartInput input) {
  auto target = Target(input.key).add("partNumber", std::to_string(input.part_number)).add("uploadId", input.upload_id);
  http::Request out{"PUT", target.take(), {}, std::move(input.body)};
  add_checksum(out, input.checksum);
  return out;
}

http::Request encode(const UploadPartCopyInput& input) {
  auto target = Target(input.key).add("partNumber", std::to_string(input.part_number)).add("uploadId", input.upload_id);
  http::Request out{"PUT", target.take(), {}, {}};
  out.headers.set("x-amz-copy-source", copy_source(input.source_bucket, input.source_key, input.source_version_id));
  set_if(out.headers, "x-amz-copy-source-if-match", input.source_if_match);
  set_if(out.headers, "x-amz-copy-source-range", input.source_range);
  return out;
}

// <CompleteMultipartUpload><Part><ETag/><ChecksumCRC32C/><PartNumber/></Part>...
http::Request encode(const CompleteMultipartUploadInput& input) {
  http::Request out{"POST", Target(input.key).add("uploadId", input.upload_id).take(), {}, {}};
  out.body = "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">";
  for (auto& part : input.parts) {
    out.body += "<Part><ETag>" + escape_xml_text(part.etag) + "</ETag>";
    if (part.checksum_crc32c) out.body += "<ChecksumCRC32C>" + *part.checksum_crc32c + "</ChecksumCRC32C>";
    out.body += fmt::format("<PartNumber>{}</PartNumber></Part>", part.part_number);
  }
  out.body += "</CompleteMultipartUpload>";
  out.headers.set("Content-Type", "application/xml");
  set_if(out.headers, "If-Match", input.if_match);
  set_if(out.headers, "If-None-Match", input.if_none_match);
  return out;
}

http::Request encode(const AbortMultipartUploadInput& input) {
  return {"DELETE", Target(input.key).add("uploadId", input.upload_id).take(), {}, {}};
}

// Keys come back percent-encoded, so that one with a control character does not break the XML.
http::Request encode(const ListObjectsV2Input& input) {
  Target target;
  target.add("list-type", "2").add("encoding-type", "url");
  target.add_if("prefix", input.prefix).add_if("delimiter", input.delimiter);
  target.add_if("continuation-token", input.continuation_token).add_if("start-after", input.start_after);
  if (input.max_keys) target.add("max-keys", std::to_string(*input.max_keys));
  return {"GET", target.take(), {}, {}};
}

http::Request encode(const ListObjectVersionsInput& input) {
  Target target;
  target.flag("versions").add("encoding-type", "url").add_if("prefix", input.prefix);
  target.add_if("key-marker", input.key_marker).add_if("version-id-marker", input.version_id_marker);
  if (input.max_keys) target.add("max-keys", std::to_string(*input.max_keys));
  return {"GET", target.take(), {}, {}};
}

namespace {

struct SettingName {
  std::string_view query, operation;
};
// In the order of BucketSetting.
constexpr SettingName kSettings[] = {{"publicAccessBlock", "PutPublicAccessBlock"},
                                     {"ownershipControls", "PutBucketOwnershipControls"},
                                     {"encryption", "PutBucketEncryption"},
                                     {"versioning", "PutBucketVersioning"},
                                     {"lifecycle", "PutBucketLifecycleConfiguration"},
                                     {"policy", "PutBucketPolicy"}};

}  // namespace

std::string_view operation_of(BucketSetting setting) {
  return kSettings[static_cast<int>(setting)].operation;
}

// S3 wants a checksum of every one of these documents.
http::Request encode_bucket_setting(BucketSetting setting, std::string document) {
  http::Request out{"PUT", Target().flag(kSettings[static_cast<int>(setting)].query).take(), {}, std::move(document)};
  out.headers.set("Content-Type", setting == BucketSetting::policy ? "application/json" : "application/xml");
  add_checksum(out, Checksum::crc32c);
  return out;
}

http::Request encode_create_bucket(std::string_view region) {
  http::Request out{"PUT", "", {}, {}};
  if (region == "us-east-1" || region.empty()) return out;
  out.headers.set("Content-Type", "application/xml");
  out.body = fmt::format(
      "<CreateBucketConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><LocationConstraint>{}"
      "</LocationConstraint></CreateBucketConfiguration>",
      escape_xml_text(region));
  return out;
}

}  // namespace ads::aws::s3
