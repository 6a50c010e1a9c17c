// S3's client: one coroutine per operation.
#pragma once
#include <string>

#include "aws/connection.h"
#include "aws/s3/s3.h"

namespace ads::aws::s3 {

// Errors are the wire's: not_found / "NoSuchKey", "NoSuchBucket" ("NotFound" for HEAD, which has no body), conflict /
// "PreconditionFailed", "ConditionalRequestConflict", "NotModified", invalid / "InvalidRange", denied / "AccessDenied",
// ...
class Client {
 public:
  // `owner`: the account that every bucket must belong to; S3 refuses (denied / "AccessDenied") where it does not.
  explicit Client(Connection& connection, Text owner = {}) : connection_(connection), owner_(std::move(owner)) {}

  Task<Result<HeadObjectOutput>> head_object(HeadObjectInput input) const;
  Task<Result<GetObjectOutput>> get_object(GetObjectInput input) const;
  Task<Result<PutObjectOutput>> put_object(PutObjectInput input) const;
  Task<Result<CopyObjectOutput>> copy_object(CopyObjectInput input) const;
  Task<Result<DeleteObjectOutput>> delete_object(DeleteObjectInput input) const;

  Task<Result<CreateMultipartUploadOutput>> create_multipart_upload(CreateMultipartUploadInput input) const;
  Task<Result<UploadedPart>> upload_part(UploadPartInput input) const;
  Task<Result<UploadedPart>> upload_part_copy(UploadPartCopyInput input) const;
  Task<Result<CompleteMultipartUploadOutput>> complete_multipart_upload(CompleteMultipartUploadInput input) const;
  Task<Result<void>> abort_multipart_upload(AbortMultipartUploadInput input) const;

  Task<Result<ListObjectsV2Output>> list_objects_v2(ListObjectsV2Input input) const;
  Task<Result<ListObjectVersionsOutput>> list_object_versions(ListObjectVersionsInput input) const;

  Task<Result<void>> create_bucket(std::string bucket) const;  // in the connection's region
  Task<Result<void>> head_bucket(std::string bucket) const;
  Task<Result<void>> delete_bucket(std::string bucket) const;
  Task<Result<std::string>> get_bucket_location(std::string bucket) const;  // the region's name, us-east-1 included

  // The documents are S3's XML, and JSON for the policy.
  Task<Result<void>> put_bucket_setting(std::string bucket, BucketSetting setting, std::string document) const;
  Task<Result<std::string>> get_bucket_policy(std::string bucket) const;  // not_found / "NoSuchBucketPolicy"

 private:
  Task<Result<http::Response>> send(Operation operation, std::string bucket, http::Request request) const;
  Connection& connection_;
  Text owner_;
};

}  // namespace ads::aws::s3
