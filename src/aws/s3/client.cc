#include "aws/s3/client.h"

#include <fmt/format.h>

#include "aws/s3/codec.h"
#include "aws/services.h"

namespace ads::aws::s3 {
namespace {

using std::chrono::milliseconds, std::chrono::minutes;

// Copies answer when they are done, which takes a while for gigabytes; S3 keeps the connection alive with blanks.
constexpr milliseconds kCopyTimeout = minutes(10);
constexpr milliseconds kBodyTimeout = minutes(2);

Operation operation(std::string_view name, milliseconds timeout = milliseconds(30'000)) {
  return {kS3, name, Protocol::rest_xml, timeout};
}
Operation judged_by_body(std::string_view name) {
  return {kS3, name, Protocol::rest_xml, kCopyTimeout, Operation::Repeat::always, Operation::Success::by_body};
}

// An empty key would address the bucket itself: a DELETE of it, at worst.
Result<void> check_key(std::string_view key) {
  if (key.empty() || key.size() > 1024)
    return fail(ErrorKind::invalid, "InvalidKey",
                fmt::format("an S3 key has 1 to 1,024 bytes of UTF-8; this one has {}", key.size()));
  return {};
}

}  // namespace

// Puts the bucket's address before the request's target and sends it.
Task<Result<http::Response>> Client::send(Operation operation, std::string bucket, http::Request request) const {
  auto endpoint = connection_.endpoint(kS3);
  if (!endpoint) co_return fail(endpoint.error());
  if (bucket.empty() || bucket.find_first_of("/?#% ") != std::string::npos)
    co_return fail(ErrorKind::invalid, "InvalidBucketName", fmt::format("'{}' is not the name of a bucket", bucket));
  auto address = bucket_address(*endpoint, bucket);
  request.target = address.path + request.target;
  if (!request.target.starts_with('/')) request.target.insert(0, "/");
  if (owner_) request.headers.set("x-amz-expected-bucket-owner", *owner_);
  co_return co_await connection_.send(operation, address.origin, std::move(request));
}

Task<Result<HeadObjectOutput>> Client::head_object(HeadObjectInput input) const {
  if (auto good = check_key(input.key); !good) co_return fail(good.error());
  auto response = co_await send(operation("HeadObject"), input.bucket, encode(input));
  if (!response) co_return fail(response.error());
  co_return decode_head_object(*response);
}

Task<Result<GetObjectOutput>> Client::get_object(GetObjectInput input) const {
  if (auto good = check_key(input.key); !good) co_return fail(good.error());
  auto response = co_await send(operation("GetObject", kBodyTimeout), input.bucket, encode(input));
  if (!response) co_return fail(response.error());
  co_return decode_get_object(std::move(*response));
}

Task<Result<PutObjectOutput>> Client::put_object(PutObjectInput input) const {
  if (auto good = check_key(input.key); !good) co_return fail(good.error());
  auto bucket = input.bucket;
  auto response = co_await send(operation("PutObject", kBodyTimeout), bucket, encode(std::move(input)));
  if (!response) co_return fail(response.error());
  co_return decode_put_object(*response);
}

Task<Result<CopyObjectOutput>> Client::copy_object(CopyObjectInput input) const {
  if (auto good = check_key(input.key); !good) co_return fail(good.error());
  auto response = co_await send(judged_by_body("CopyObject"), input.bucket, encode(input));
  if (!response) co_return fail(response.error());
  co_return decode_copy_object(*response);
}

Task<Result<DeleteObjectOutput>> Client::delete_object(DeleteObjectInput input) const {
  if (auto good = check_key(input.key); !good) co_return fail(good.error());
  auto response = co_await send(operation("DeleteObject"), input.bucket, encode(input));
  if (!response) co_return fail(response.error());
  co_return decode_delete_object(*response);
}

Task<Result<CreateMultipartUploadOutput>> Client::create_multipart_upload(CreateMultipartUploadInput input) const {
  if (auto good = check_key(input.key); !good) co_return fail(good.error());
  auto response = co_await send(operation("CreateMultipartUpload"), input.bucket, encode(input));
  if (!response) co_return fail(response.error());
  co_return decode_create_multipart_upload(*response);
}

Task<Result<UploadedPart>> Client::upload_part(UploadPartInput input) const {
  if (auto good = check_key(input.key); !good) co_return fail(good.error());
  auto bucket = input.bucket;
  int number = input.part_number;
  auto request = encode(std::move(input));
  auto sent = request.headers.get("x-amz-checksum-crc32c");
  Text checksum = sent ? Text(std::string(*sent)) : std::nullopt;
  auto response = co_await send(operation("UploadPart", kBodyTimeout), bucket, std::move(request));
  if (!response) co_return fail(response.error());
  auto part = decode_upload_part(*response, number);
  if (part && !part->checksum_crc32c) part->checksum_crc32c = checksum;
  co_return part;
}

Task<Result<UploadedPart>> Client::upload_part_copy(UploadPartCopyInput input) const {
  if (auto good = check_key(input.key); !good) co_return fail(good.error());
  auto response = co_await send(judged_by_body("UploadPartCopy"), input.bucket, encode(input));
  if (!response) co_return fail(response.error());
  co_return decode_upload_part_copy(*response, input.part_number);
}

Task<Result<CompleteMultipartUploadOutput>> Client::complete_multipart_upload(
    CompleteMultipartUploadInput input) const {
  if (auto good = check_key(input.key); !good) co_return fail(good.error());
  auto response = co_await send(judged_by_body("CompleteMultipartUpload"), input.bucket, encode(input));
  if (!response) co_return fail(response.error());
  co_return decode_complete_multipart_upload(*response);
}

Task<Result<void>> Client::abort_multipart_upload(AbortMultipartUploadInput input) const {
  if (auto good = check_key(input.key); !good) co_return fail(good.error());
  auto response = co_await send(operation("AbortMultipartUpload"), input.bucket, encode(input));
  if (!response) co_return fail(response.error());
  co_return Result<void>();
}

Task<Result<ListObjectsV2Output>> Client::list_objects_v2(ListObjectsV2Input input) const {
  auto response = co_await send(operation("ListObjectsV2"), input.bucket, encode(input));
  if (!response) co_return fail(response.error());
  co_return decode_list_objects_v2(*response);
}

Task<Result<ListObjectVersionsOutput>> Client::list_object_versions(ListObjectVersionsInput input) const {
  auto response = co_await send(operation("ListObjectVersions"), input.bucket, encode(input));
  if (!response) co_return fail(response.error());
  co_return decode_list_object_versions(*response);
}

Task<Result<void>> Client::put_bucket_setting(std::string bucket, BucketSetting setting, std::string document) const {
  auto name = operation_of(setting);
  auto response = co_await send(operation(name), bucket, encode_bucket_setting(setting, std::move(document)));
  if (!response) co_return fail(response.error());
  co_return Result<void>();
}

Task<Result<std::string>> Client::get_bucket_policy(std::string bucket) const {
  http::Request request{"GET", "?policy", {}, {}};
  auto response = co_await send(operation("GetBucketPolicy"), bucket, std::move(request));
  if (!response) co_return fail(response.error());
  co_return std::move(response->body);
}

Task<Result<void>> Client::create_bucket(std::string bucket) const {
  auto request = encode_create_bucket(connection_.region());
  auto response = co_await send(operation("CreateBucket"), bucket, std::move(request));
  if (!response) co_return fail(response.error());
  co_return Result<void>();
}

Task<Result<void>> Client::head_bucket(std::string bucket) const {
  http::Request request{"HEAD", "", {}, {}};
  auto response = co_await send(operation("HeadBucket"), bucket, std::move(request));
  if (!response) co_return fail(response.error());
  co_return Result<void>();
}

Task<Result<void>> Client::delete_bucket(std::string bucket) const {
  http::Request request{"DELETE", "", {}, {}};
  auto response = co_await send(operation("DeleteBucket"), bucket, std::move(request));
  if (!response) co_return fail(response.error());
  co_return Result<void>();
}

Task<Result<std::string>> Client::get_bucket_location(std::string bucket) const {
  http::Request request{"GET", "?location", {}, {}};
  auto response = co_await send(operation("GetBucketLocation"), bucket, std::move(request));
  if (!response) co_return fail(response.error());
  co_return decode_bucket_location(*response);
}

}  // namespace ads::aws::s3
