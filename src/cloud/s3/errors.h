// S3's refusals in AWS's words (docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html), one factory each.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "cloud/wire_error.h"

namespace ads::cloud::s3::errors {

WireError access_control_list_not_supported();
WireError bad_digest(std::string_view what);  // "Content-MD5" or "CRC32"
WireError bucket_already_exists(std::string_view bucket);
WireError bucket_already_owned_by_you(std::string_view bucket);
WireError bucket_not_empty(std::string_view bucket);
WireError content_sha256_mismatch(std::string_view claimed, std::string_view computed);
WireError entity_too_large(std::uint64_t size, std::uint64_t largest);
WireError entity_too_small(std::uint64_t part, std::uint64_t size, std::string_view etag);
WireError illegal_location_constraint(std::string_view constraint);
WireError illegal_versioning_configuration();
WireError incomplete_body();
WireError invalid_argument(std::string message, std::string_view name, std::string_view value);
WireError invalid_bucket_name(std::string_view bucket);
WireError invalid_bucket_state(std::string message);
WireError invalid_chunk_size(std::uint64_t size);
WireError invalid_digest(std::string_view header, std::string_view value);
WireError invalid_part();
WireError invalid_part_number(std::uint64_t asked, std::uint64_t actual);
WireError invalid_part_order(std::string_view upload_id);
WireError invalid_range(std::string_view range, std::uint64_t size);
WireError invalid_request(std::string message);
WireError invalid_storage_class(std::string_view storage_class);
WireError invalid_tag(std::string message);
WireError key_too_long(std::size_t size);
WireError malformed_policy(std::string message);
WireError malformed_trailer();
WireError malformed_xml();
WireError metadata_too_large(std::size_t size);
WireError method_not_allowed(std::string_view method, std::string_view resource_type);
WireError missing_content_length();
WireError no_such_bucket(std::string_view bucket);
// NoSuchBucketPolicy, NoSuchTagSet, NoSuchLifecycleConfiguration, ...: 404 with BucketName.
WireError no_such_configuration(std::string code, std::string message, std::string_view bucket);
WireError no_such_key(std::string_view key);
WireError no_such_upload(std::string_view upload_id);
WireError no_such_version(std::string_view key, std::string_view version_id);
WireError header_not_implemented(std::string_view header);
WireError precondition_failed(std::string_view condition);
WireError request_body_too_large();
WireError signature_does_not_match();

}  // namespace ads::cloud::s3::errors
