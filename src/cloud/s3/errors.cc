#include "cloud/s3/errors.h"

#include <fmt/core.h>

namespace ads::cloud::s3::errors {
namespace {

WireError error(int status, std::string code, std::string message, json::object fields = {}) {
  return {status, std::move(code), std::move(message), std::move(fields)};
}

json::string text(std::string_view view) {
  return json::string(view);
}
json::string text(std::uint64_t number) {
  return json::string(std::to_string(number));
}

}  // namespace

WireError access_control_list_not_supported() {
  return error(400, "AccessControlListNotSupported", "The bucket does not allow ACLs");
}
WireError bad_digest(std::string_view what) {
  if (what == "Content-MD5")
    return error(400, "BadDigest", "The Content-MD5 you specified did not match what we received.");
  return error(400, "BadDigest", fmt::format("The {} you specified did not match the calculated checksum.", what));
}
WireError bucket_already_exists(std::string_view bucket) {
  return error(409, "BucketAlreadyExists",
               "The requested bucket name is not available. The bucket namespace is shared by all users of the system. "
               "Please select a different name and try again.",
               {{"BucketName", text(bucket)}});
}
WireError bucket_already_owned_by_you(std::string_view bucket) {
  return error(409, "BucketAlreadyOwnedByYou",
               "Your previous request to create the named bucket succeeded and you already own it.",
               {{"BucketName", text(bucket)}});
}
WireError bucket_not_empty(std::string_view bucket) {
  return error(409, "BucketNotEmpty", "The bucket you tried to delete is not empty", {{"BucketName", text(bucket)}});
}
WireError content_sha256_mismatch(std::string_view claimed, std::string_view computed) {
  return error(400, "XAmzContentSHA256Mismatch",
               "The provided 'x-amz-content-sha256' header does not match what was computed.",
               {{"ClientComputedContentSHA256", text(claimed)}, {"S3ComputedContentSHA256", text(computed)}});
}
WireError entity_too_large(std::uint64_t size, std::uint64_t largest) {
  return error(400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size",
               {{"ProposedSize", text(size)}, {"MaxSizeAllowed", text(largest)}});
}
WireError entity_too_small(std::uint64_t part, std::uint64_t size, std::string_view etag) {
  return error(400, "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size",
               {{"ProposedSize", text(size)},
                {"MinSizeAllowed", text(std::uint64_t{5} << 20)},
                {"PartNumber", text(part)},
                {"ETag", text(etag)}});
}
WireError illegal_location_constraint(std::string_view constraint) {
  return error(
      400, "IllegalLocationConstraintException",
      fmt::format("The {} location constraint is incompatible for the region specific endpoint this request was "
                  "sent to.",
                  constraint.empty() ? "unspecified" : constraint));
}
WireError illegal_versioning_configuration() {
  return error(400, "IllegalVersioningConfigurationException", "The Versioning element must be specified");
}
WireError incomplete_body() {
  return error(400, "IncompleteBody",
               "You did not provide the number of bytes specified by the Content-Length HTTP header");
}
WireError invalid_argument(std::string message, std::string_view name, std::string_view value) {
  return error(400, "InvalidArgument", std::move(message),
               {{"ArgumentName", text(name)}, {"ArgumentValue", text(value)}});
}
WireError invalid_bucket_name(std::string_view bucket) {
  return error(400, "InvalidBucketName", "The specified bucket is not valid.", {{"BucketName", text(bucket)}});
}
WireError invalid_bucket_state(std::string message) {
  return error(409, "InvalidBucketState", std::move(message));
}
WireError invalid_chunk_size(std::uint64_t size) {
  return error(403, "InvalidChunkSizeError", "Only the last chunk is allowed to have a size less than 8192 bytes",
               {{"BadChunkSize", text(size)}});
}
WireError invalid_digest(std::string_view header, std::string_view value) {
  if (header == "Content-MD5")
    return error(400, "InvalidDigest", "The Content-MD5 you specified was invalid.", {{"Content-MD5", text(value)}});
  return invalid_request(fmt::format("Value for {} header is invalid.", header));
}
WireError invalid_part() {
  return error(400, "InvalidPart",
               "One or more of the specified parts could not be found.  The part may not have been uploaded, or the "
               "specified entity tag may not match the part's entity tag.");
}
WireError invalid_part_number(std::uint64_t asked, std::uint64_t actual) {
  return error(416, "InvalidPartNumber", "The requested partnumber is not satisfiable",
               {{"PartNumberRequested", text(asked)}, {"ActualPartCount", text(actual)}});
}
WireError invalid_part_order(std::string_view upload_id) {
  return error(400, "InvalidPartOrder",
               "The list of parts was not in ascending order. Parts must be ordered by part number.",
               {{"UploadId", text(upload_id)}});
}
WireError invalid_range(std::string_view range, std::uint64_t size) {
  auto refusal = error(416, "InvalidRange", "The requested range is not satisfiable",
                       {{"RangeRequested", text(range)}, {"ActualObjectSize", text(size)}});
  refusal.headers.add("Content-Range", fmt::format("bytes */{}", size));
  return refusal;
}
WireError invalid_request(std::string message) {
  return error(400, "InvalidRequest", std::move(message));
}
WireError invalid_storage_class(std::string_view storage_class) {
  return error(400, "InvalidStorageClass", "The storage class you specified is not valid",
               {{"StorageClassRequested", text(storage_class)}});
}
WireError invalid_tag(std::string message) {
  return error(400, "InvalidTag", std::move(message));
}
WireError key_too_long(std::size_t size) {
  return error(400, "KeyTooLongError", "Your key is too long",
               {{"Size", text(std::uint64_t{size})}, {"MaxSizeAllowed", "1024"}});
}
WireError malformed_policy(std::string message) {
  return error(400, "MalformedPolicy", std::move(message));
}
WireError malformed_trailer() {
  return error(
      400, "MalformedTrailerError",
      "The request contained trailing data that was not well-formed or did not conform to our published schema.");
}
WireError malformed_xml() {
  return error(400, "MalformedXML",
               "The XML you provided was not well-formed or did not validate against our published schema");
}
WireError metadata_too_large(std::size_t size) {
  return error(400, "MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size",
               {{"Size", text(std::uint64_t{size})}, {"MaxSizeAllowed", "2048"}});
}
WireError method_not_allowed(std::string_view method, std::string_view resource_type) {
  return error(405, "MethodNotAllowed", "The specified method is not allowed against this resource.",
               {{"Method", text(method)}, {"ResourceType", text(resource_type)}});
}
WireError missing_content_length() {
  return error(411, "MissingContentLength", "You must provide the Content-Length HTTP header.");
}
WireError no_such_bucket(std::string_view bucket) {
  return error(404, "NoSuchBucket", "The specified bucket does not exist", {{"BucketName", text(bucket)}});
}
WireError no_such_configuration(std::string code, std::string message, std::string_view bucket) {
  return error(404, std::move(code), std::move(message), {{"BucketName", text(bucket)}});
}
WireError no_such_key(std::string_view key) {
  return error(404, "NoSuchKey", "The specified key does not exist.", {{"Key", text(key)}});
}
WireError no_such_upload(std::string_view upload_id) {
  return error(
      404, "NoSuchUpload",
      "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or "
      "completed.",
      {{"UploadId", text(upload_id)}});
}
WireError no_such_version(std::string_view key, std::string_view version_id) {
  return error(404, "NoSuchVersion", "The specified version does not exist.",
               {{"Key", text(key)}, {"VersionId", text(version_id)}});
}
WireError header_not_implemented(std::string_view header) {
  return error(501, "NotImplemented", "A header you provided implies functionality that is not implemented",
               {{"Header", text(header)}});
}
WireError precondition_failed(std::string_view condition) {
  return error(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold",
               {{"Condition", text(condition)}});
}
WireError request_body_too_large() {
  return error(400, "MaxMessageLengthExceeded", "Your request was too large.");
}
WireError signature_does_not_match() {
  return error(
      403, "SignatureDoesNotMatch",
      "The request signature we calculated does not match the signature you provided. Check your key and signing "
      "method.");
}

}  // namespace ads::cloud::s3::errors
