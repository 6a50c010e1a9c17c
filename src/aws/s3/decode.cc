#include <fmt/format.h>

#include <charconv>
#include <pugixml.hpp>

#include "aws/s3/codec.h"
#include "aws/wire.h"
#include "base/encoding.h"

namespace ads::aws::s3 {
namespace {

std::unexpected<Error> malformed(std::string message) {
  return fail(ErrorKind::corrupt, "MalformedAnswer", std::move(message));
}

std::string text(const http::Response& response, std::string_view header) {
  return std::string(response.headers.get_or(header, ""));
}

Text optional_text(const http::Response& response, std::string_view header) {
  auto value = response.headers.get(header);
  return value && !value->empty() ? Text(std::string(*value)) : std::nullopt;
}

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

template <class Time>
std::optional<SystemTime> time_or_nothing(Time&& parsed) {
  return parsed ? std::optional(*parsed) : std::nullopt;
}

Metadata metadata_of(const http::Response& response) {
  Metadata out;
  for (auto& [name, value] : response.headers) {
    std::string lower(name);
    for (char& c : lower)
      if (c >= 'A' && c <= 'Z') c = char(c + 32);
    if (lower.starts_with("x-amz-meta-")) out[lower.substr(11)] = value;
  }
  return out;
}

// What HEAD and GET have in common.
template <class Output>
void read_object_headers(const http::Response& response, Output& out) {
  out.etag = text(response, "ETag");
  out.content_type = text(response, "Content-Type");
  out.version_id = optional_text(response, "x-amz-version-id");
  out.last_modified = time_or_nothing(parse_http_date(response.headers.get_or("Last-Modified", "")));
  out.metadata = metadata_of(response);
}

// The root element, which must bear that name.
Result<pugi::xml_node> root(const http::Response& response, pugi::xml_document& document, std::string_view name) {
  if (auto parsed = parse_xml(response.body, document); !parsed) return fail(parsed.error());
  auto node = document.document_element();
  if (node.name() != name) return malformed(fmt::format("S3 answered <{}> where <{}> belongs", node.name(), name));
  return node;
}

}  // namespace

Result<HeadObjectOutput> decode_head_object(const http::Response& response) {
  HeadObjectOutput out;
  auto length = number(response.headers.get_or("Content-Length", ""));
  if (!length) return malformed("S3 HeadObject: the answer has no Content-Length");
  out.content_length = *length;
  read_object_headers(response, out);
  return out;
}

Result<GetObjectOutput> decode_get_object(http::Response response) {
  GetObjectOutput out;
  read_object_headers(response, out);
  out.content_length = out.object_size = response.body.size();
  // Content-Range: bytes 0-9/443
  if (auto range = response.headers.get("Content-Range")) {
    auto size = number(range->substr(range->find('/') + 1));
    if (!size) return malformed(fmt::format("S3 GetObject: Content-Range '{}' has no size", *range));
    out.object_size = *size;
  }
  out.body = std::move(response.body);
  return out;
}

PutObjectOutput decode_put_object(const http::Response& response) {
  return {text(response, "ETag"), optional_text(response, "x-amz-version-id")};
}

// <CopyObjectResult><ETag/><LastModified/></CopyObjectResult>
Result<CopyObjectOutput> decode_copy_object(const http::Response& response) {
  pugi::xml_document document;
  auto node = root(response, document, "CopyObjectResult");
  if (!node) return fail(node.error());
  return CopyObjectOutput{xml_text(*node, "ETag"), optional_text(response, "x-amz-version-id"),
                          optional_text(response, "x-amz-copy-source-version-id"),
                          time_or_nothing(parse_iso8601(xml_text(*node, "LastModified")))};
}

DeleteObjectOutput decode_delete_object(const http::Response& response) {
  return {text(response, "x-amz-delete-marker") == "true", optional_text(response, "x-amz-version-id")};
}

// <InitiateMultipartUploadResult><Bucket/><Key/><UploadId/></InitiateMultipartUploadResult>
Result<CreateMultipartUploadOutput> decode_create_multipart_upload(const http::Response& response) {
  pugi::xml_document document;
  auto node = root(response, document, "InitiateMultipartUploadResult");
  if (!node) return fail(node.error());
  CreateMultipartUploadOutput out{xml_text(*node, "UploadId")};
  if (out.upload_id.empty()) return malformed("S3 CreateMultipartUpload: no UploadId");
  return out;
}

Result<UploadedPart> decode_upload_part(const http::Response& response, int part_number) {
  UploadedPart out{part_number, text(response, "ETag"), optional_text(response, "x-amz-checksum-crc32c")};
  if (out.etag.empty()) return malformed("S3 UploadPart: the answer has no ETag");
  return out;
}

// <CopyPartResult><ETag/><LastModified/></CopyPartResult>
Result<UploadedPart> decode_upload_part_copy(const http::Response& response, int part_number) {
  pugi::xml_document document;
  auto node = root(response, document, "CopyPartResult");
  if (!node) return fail(node.error());
  UploadedPart out{part_number, xml_text(*node, "ETag"), std::nullopt};
  if (auto checksum = xml_text(*node, "ChecksumCRC32C"); !checksum.empty()) out.checksum_crc32c = checksum;
  if (out.etag.empty()) return malformed("S3 UploadPartCopy: the answer has no ETag");
  return out;
}

// <CompleteMultipartUploadResult><Location/><Bucket/><Key/><ETag/></CompleteMultipartUploadResult>
Result<CompleteMultipartUploadOutput> decode_complete_multipart_upload(const http::Response& response) {
  pugi::xml_document document;
  auto node = root(response, document, "CompleteMultipartUploadResult");
  if (!node) return fail(node.error());
  return CompleteMultipartUploadOutput{xml_text(*node, "ETag"), optional_text(response, "x-amz-version-id")};
}

// <ListBucketResult><IsTruncated/><NextContinuationToken/><Contents><Key/><LastModified/><ETag/><Size/></Contents>...
// <CommonPrefixes><Prefix/></CommonPrefixes>
Result<ListObjectsV2Output> decode_list_objects_v2(const http::Response& response) {
  pugi::xml_document document;
  auto node = root(response, document, "ListBucketResult");
  if (!node) return fail(node.error());
  // Servers that ignore encoding-type send keys as they are, and do not say "url".
  bool is_encoded = xml_text(*node, "EncodingType") == "url";
  auto name = [&](const pugi::xml_node& parent, const char* child) {
    auto raw = xml_text(parent, child);
    return is_encoded ? form_decode(raw) : raw;
  };
  ListObjectsV2Output out;
  for (auto entry : node->children("Contents")) {
    auto size = number(xml_text(entry, "Size"));
    if (!size) return malformed(fmt::format("S3 ListObjectsV2: '{}' has no size", name(entry, "Key")));
    out.objects.push_back({name(entry, "Key"), xml_text(entry, "ETag"), *size,
                           time_or_nothing(parse_iso8601(xml_text(entry, "LastModified")))});
  }
  for (auto entry : node->children("CommonPrefixes")) out.common_prefixes.push_back(name(entry, "Prefix"));
  if (xml_text(*node, "IsTruncated") == "true") {
    out.next_continuation_token = xml_text(*node, "NextContinuationToken");
    if (out.next_continuation_token->empty()) return malformed("S3 ListObjectsV2: truncated, but no token to go on");
  }
  return out;
}

// <ListVersionsResult><IsTruncated/><NextKeyMarker/><NextVersionIdMarker/><Version><Key/><VersionId/>...</Version>
// <DeleteMarker><Key/><VersionId/>...</DeleteMarker>
Result<ListObjectVersionsOutput> decode_list_object_versions(const http::Response& response) {
  pugi::xml_document document;
  auto node = root(response, document, "ListVersionsResult");
  if (!node) return fail(node.error());
  bool is_encoded = xml_text(*node, "EncodingType") == "url";
  auto name = [&](const pugi::xml_node& parent, const char* child) {
    auto raw = xml_text(parent, child);
    return is_encoded ? form_decode(raw) : raw;
  };
  ListObjectVersionsOutput out;
  for (auto entry : node->children()) {
    std::string_view kind = entry.name();
    if (kind != "Version" && kind != "DeleteMarker") continue;
    out.versions.push_back({name(entry, "Key"), xml_text(entry, "VersionId"),
                            kind == "Version" ? VersionKind::object : VersionKind::delete_marker});
  }
  if (xml_text(*node, "IsTruncated") == "true") {
    out.next_key_marker = name(*node, "NextKeyMarker");
    out.next_version_id_marker = xml_text(*node, "NextVersionIdMarker");
    if (out.next_key_marker->empty()) return malformed("S3 ListObjectVersions: truncated, but no marker to go on");
  }
  return out;
}

// <LocationConstraint>eu-west-1</LocationConstraint>; empty means us-east-1, "EU" is eu-west-1's oldest name.
Result<std::string> decode_bucket_location(const http::Response& response) {
  pugi::xml_document document;
  auto node = root(response, document, "LocationConstraint");
  if (!node) return fail(node.error());
  std::string region = node->child_value();
  if (region.empty()) return "us-east-1";
  return region == "EU" ? "eu-west-1" : region;
}

}  // namespace ads::aws::s3
