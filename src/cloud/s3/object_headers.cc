#include "cloud/s3/object_headers.h"

#include <algorithm>
#include <array>
#include <pugixml.hpp>
#include <set>

#include "base/encoding.h"
#include "cloud/s3/errors.h"
#include "cloud/s3/xml.h"

namespace ads::cloud::s3 {
namespace {

constexpr std::size_t kMetadataLimit = 2048;
constexpr std::string_view kMetadataPrefix = "x-amz-meta-";
constexpr std::string_view kEncryption = "x-amz-server-side-encryption";
constexpr std::string_view kEncryptionKey = "x-amz-server-side-encryption-aws-kms-key-id";
constexpr std::string_view kBucketKey = "x-amz-server-side-encryption-bucket-key-enabled";

constexpr std::string_view kKept[] = {"Cache-Control", "Content-Disposition", "Content-Language", "Expires",
                                      "x-amz-website-redirect-location"};
constexpr std::string_view kUnsupported[] = {"x-amz-server-side-encryption-customer-algorithm",
                                             "x-amz-server-side-encryption-customer-key",
                                             "x-amz-object-lock-mode",
                                             "x-amz-object-lock-retain-until-date",
                                             "x-amz-object-lock-legal-hold",
                                             "x-amz-write-offset-bytes"};
constexpr std::string_view kStorageClasses[] = {"STANDARD",     "REDUCED_REDUNDANCY",  "STANDARD_IA",
                                                "ONEZONE_IA",   "INTELLIGENT_TIERING", "GLACIER",
                                                "DEEP_ARCHIVE", "GLACIER_IR"};

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

// "aws-chunked,gzip" -> "gzip": the framing is not part of the object.
std::string without_aws_chunked(std::string_view encoding) {
  std::string out;
  while (!encoding.empty()) {
    auto end = encoding.find(',');
    auto one = encoding.substr(0, end);
    encoding = end == encoding.npos ? std::string_view{} : encoding.substr(end + 1);
    while (one.starts_with(' ')) one.remove_prefix(1);
    while (one.ends_with(' ')) one.remove_suffix(1);
    if (one.empty() || one == "aws-chunked") continue;
    if (!out.empty()) out += ',';
    out += one;
  }
  return out;
}

Outcome<void> add_encryption(const Request& request, NamedValues& headers) {
  auto add = [&](std::string_view name, std::string_view value) { headers.emplace_back(name, value); };
  if (auto algorithm = request.header(kEncryption)) {
    if (*algorithm != "AES256" && *algorithm != "aws:kms" && *algorithm != "aws:kms:dsse")
      return refuse(
          errors::invalid_argument("The encryption method specified is not supported", kEncryption, *algorithm));
    add(kEncryption, *algorithm);
    if (auto key = request.header(kEncryptionKey)) {
      if (*algorithm == "AES256")
        return refuse(
            errors::invalid_argument("Server Side Encryption with AWS KMS managed key requires HTTP header "
                                     "x-amz-server-side-encryption : aws:kms",
                                     kEncryption, *algorithm));
      add(kEncryptionKey, *key);
    }
    if (auto enabled = request.header(kBucketKey)) add(kBucketKey, *enabled);
    return {};
  }
  // Without a header the bucket's default applies, which is SSE-S3 unless configured otherwise.
  std::string algorithm = "AES256", key;
  if (const auto* xml = request.bucket->configuration("encryption")) {
    pugi::xml_document document;
    if (auto root = parse_xml(document, *xml, "ServerSideEncryptionConfiguration")) {
      auto rule = child(child(*root, "Rule"), "ApplyServerSideEncryptionByDefault");
      algorithm = child_text(rule, "SSEAlgorithm");
      key = child_text(rule, "KMSMasterKeyID");
    }
  }
  add(kEncryption, algorithm);
  if (!key.empty()) add(kEncryptionKey, key);
  return {};
}

}  // namespace

Outcome<ObjectAttributes> read_object_headers(const Request& request) {
  for (auto name : kUnsupported)
    if (request.header(name)) return refuse(errors::header_not_implemented(name));
  if (auto acl = check_acl_headers(request); !acl) return refuse(acl.error());

  ObjectAttributes attributes;
  auto& headers = attributes.headers;
  auto type = request.headers().get_or("Content-Type", "");
  headers.emplace_back("Content-Type", type.empty() ? "binary/octet-stream" : type);
  if (auto encoding = request.header("Content-Encoding"))
    if (auto kept = without_aws_chunked(*encoding); !kept.empty()) headers.emplace_back("Content-Encoding", kept);
  for (auto name : kKept)
    if (auto value = request.header(name)) headers.emplace_back(name, *value);

  std::size_t metadata = 0;
  for (const auto& [name, value] : request.headers()) {
    auto small = lower(name);
    if (!small.starts_with(kMetadataPrefix)) continue;
    metadata += small.size() - kMetadataPrefix.size() + value.size();
    auto same = std::find_if(headers.begin(), headers.end(), [&](auto& header) { return header.first == small; });
    if (same != headers.end())
      same->second.append(",").append(value);
    else
      headers.emplace_back(std::move(small), value);
  }
  if (metadata > kMetadataLimit) return refuse(errors::metadata_too_large(metadata));

  attributes.storage_class = request.headers().get_or("x-amz-storage-class", "STANDARD");
  if (std::find(std::begin(kStorageClasses), std::end(kStorageClasses), attributes.storage_class) ==
      std::end(kStorageClasses))
    return refuse(errors::invalid_storage_class(attributes.storage_class));
  if (auto tagging = request.header("x-amz-tagging")) {
    auto tags = parse_tagging_header(*tagging);
    if (!tags) return refuse(tags.error());
    attributes.tags = std::move(*tags);
  }
  if (auto encrypted = add_encryption(request, headers); !encrypted) return refuse(encrypted.error());
  return attributes;
}

Outcome<void> check_acl_headers(const Request& request) {
  constexpr std::string_view known[] = {
      "private",       "public-read",       "public-read-write",         "authenticated-read",
      "aws-exec-read", "bucket-owner-read", "bucket-owner-full-control", "log-delivery-write"};
  if (auto acl = request.header("x-amz-acl")) {
    if (std::find(std::begin(known), std::end(known), *acl) == std::end(known))
      return refuse(errors::invalid_argument("", "x-amz-acl", *acl));
    if (*acl != "private" && *acl != "bucket-owner-full-control")
      return refuse(errors::access_control_list_not_supported());
  }
  for (const auto& [name, value] : request.headers())
    if (lower(name).starts_with("x-amz-grant-")) return refuse(errors::access_control_list_not_supported());
  return {};
}

Outcome<NamedValues> parse_tagging_header(std::string_view header) {
  NamedValues tags;
  while (!header.empty()) {
    auto end = header.find('&');
    auto pair = header.substr(0, end);
    header = end == header.npos ? std::string_view{} : header.substr(end + 1);
    if (pair.empty()) continue;
    auto equals = pair.find('=');
    tags.emplace_back(form_decode(pair.substr(0, equals)),
                      equals == pair.npos ? std::string{} : form_decode(pair.substr(equals + 1)));
  }
  if (auto checked = check_tags(tags, 10); !checked) return refuse(checked.error());
  return tags;
}

Outcome<void> check_tags(const NamedValues& tags, std::size_t most) {
  if (tags.size() > most)
    return refuse(400, "BadRequest",
                  most == 10 ? "Object tags cannot be greater than 10" : "Bucket tag count cannot be greater than 50");
  std::set<std::string_view> seen;
  for (const auto& [key, value] : tags) {
    if (key.empty() || key.size() > 128 * 4)
      return refuse(errors::invalid_tag("The TagKey you have provided is invalid"));
    if (value.size() > 256 * 4) return refuse(errors::invalid_tag("The TagValue you have provided is invalid"));
    // Lengths are in characters, not bytes.
    auto characters = [](std::string_view text) {
      return std::count_if(text.begin(), text.end(),
                           [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
    };
    if (characters(key) > 128) return refuse(errors::invalid_tag("The TagKey you have provided is invalid"));
    if (characters(value) > 256) return refuse(errors::invalid_tag("The TagValue you have provided is invalid"));
    if (key.starts_with("aws:")) return refuse(errors::invalid_tag("System tags cannot be added/updated by requester"));
    if (!seen.insert(key).second) return refuse(errors::invalid_tag("Cannot provide multiple Tags with the same key"));
  }
  return {};
}

void add_object_headers(http::Headers& headers, const ObjectRecord& object) {
  for (const auto& [name, value] : object.headers) headers.add(name, value);
  if (object.storage_class != "STANDARD") headers.add("x-amz-storage-class", object.storage_class);
  if (!object.tags.empty()) headers.add("x-amz-tagging-count", std::to_string(object.tags.size()));
}

void add_encryption_headers(http::Headers& headers, const NamedValues& object_headers) {
  for (const auto& [name, value] : object_headers)
    if (name.starts_with(kEncryption)) headers.add(name, value);
}

}  // namespace ads::cloud::s3
