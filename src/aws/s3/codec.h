// S3's rest-xml: inputs as HTTP requests (target without the bucket's address), answers as outputs.
#pragma once
#include <string>
#include <string_view>

#include "aws/s3/s3.h"
#include "base/result.h"
#include "http/message.h"

namespace ads::aws::s3 {

// A request for something in a bucket; `target` starts behind the bucket: "/key?versionId=..." or "?list-type=2".
http::Request encode(const HeadObjectInput& input);
http::Request encode(const GetObjectInput& input);
http::Request encode(PutObjectInput input);
http::Request encode(const CopyObjectInput& input);
http::Request encode(const DeleteObjectInput& input);
http::Request encode(const CreateMultipartUploadInput& input);
http::Request encode(UploadPartInput input);
http::Request encode(const UploadPartCopyInput& input);
http::Request encode(const CompleteMultipartUploadInput& input);
http::Request encode(const AbortMultipartUploadInput& input);
http::Request encode(const ListObjectsV2Input& input);
http::Request encode(const ListObjectVersionsInput& input);
http::Request encode_bucket_setting(BucketSetting setting, std::string document);
std::string_view operation_of(BucketSetting setting);  // "PutBucketPolicy"
// us-east-1 must not be named: its body is empty.
http::Request encode_create_bucket(std::string_view region);

// Errors of all: corrupt / "MalformedAnswer".
Result<HeadObjectOutput> decode_head_object(const http::Response& response);
Result<GetObjectOutput> decode_get_object(http::Response response);
PutObjectOutput decode_put_object(const http::Response& response);
Result<CopyObjectOutput> decode_copy_object(const http::Response& response);
DeleteObjectOutput decode_delete_object(const http::Response& response);
Result<CreateMultipartUploadOutput> decode_create_multipart_upload(const http::Response& response);
Result<UploadedPart> decode_upload_part(const http::Response& response, int part_number);
Result<UploadedPart> decode_upload_part_copy(const http::Response& response, int part_number);
Result<CompleteMultipartUploadOutput> decode_complete_multipart_upload(const http::Response& response);
Result<ListObjectsV2Output> decode_list_objects_v2(const http::Response& response);
Result<ListObjectVersionsOutput> decode_list_object_versions(const http::Response& response);
Result<std::string> decode_bucket_location(const http::Response& response);

}  // namespace ads::aws::s3
