#include <gmock/gmock.h>

#include "aws/s3/codec.h"

namespace ads::aws::s3 {
namespace {

using testing::ElementsAre;

std::string header(const http::Request& request, std::string_view name) {
  return std::string(request.headers.get_or(name, "(none)"));
}

TEST(S3Requests, targets) {
  struct Case {
    http::Request request;
    const char* method;
    const char* target;
  };
  const Case cases[] = {
      {encode(HeadObjectInput{.bucket = "b", .key = "a b/c"}), "HEAD", "/a%20b/c"},
      {encode(GetObjectInput{.bucket = "b", .key = "k", .version_id = "v/1"}), "GET", "/k?versionId=v%2F1"},
      {encode(DeleteObjectInput{.bucket = "b", .key = "k+"}), "DELETE", "/k%2B"},
      {encode(CreateMultipartUploadInput{.bucket = "b", .key = "k"}), "POST", "/k?uploads"},
      {encode(UploadPartInput{.bucket = "b", .key = "k", .upload_id = "u+1", .part_number = 3}), "PUT",
       "/k?partNumber=3&uploadId=u%2B1"},
      {encode(AbortMultipartUploadInput{.bucket = "b", .key = "k", .upload_id = "u"}), "DELETE", "/k?uploadId=u"},
      {encode(ListObjectsV2Input{.bucket = "b", .prefix = "a/", .delimiter = "/", .max_keys = 5}), "GET",
       "?list-type=2&encoding-type=url&prefix=a%2F&delimiter=%2F&max-keys=5"},
  };
  for (auto& [request, method, target] : cases) {
    EXPECT_EQ(request.method, method);
    EXPECT_EQ(request.target, target);
  }
}

TEST(S3Requests, put_carries_conditions_metadata_and_checksum) {
  auto request = encode(PutObjectInput{.bucket = "b",
                                       .key = "k",
                                       .body = "123456789",
                                       .content_type = "text/csv",
                                       .if_none_match = "*",
                                       .metadata = {{"run", "r"}}});
  EXPECT_EQ(header(request, "Content-Type"), "text/csv");
  EXPECT_EQ(header(request, "If-None-Match"), "*");
  EXPECT_EQ(header(request, "x-amz-meta-run"), "r");
  EXPECT_EQ(header(request, "x-amz-checksum-crc32c"), "4waSgw==");  // of "123456789": 0xe3069283
  EXPECT_EQ(request.body, "123456789");
  auto plain = encode(PutObjectInput{.bucket = "b", .key = "k", .body = "1", .checksum = Checksum::none});
  EXPECT_FALSE(plain.headers.has("x-amz-checksum-crc32c"));
}

TEST(S3Requests, copies_name_their_source) {
  auto request = encode(UploadPartCopyInput{.bucket = "b",
                                            .key = "k",
                                            .upload_id = "u",
                                            .part_number = 2,
                                            .source_bucket = "s",
                                            .source_key = "a b",
                                            .source_version_id = "v",
                                            .source_if_match = "\"e\"",
                                            .source_range = byte_range(0, 9)});
  EXPECT_EQ(header(request, "x-amz-copy-source"), "/s/a%20b?versionId=v");
  EXPECT_EQ(header(request, "x-amz-copy-source-if-match"), "\"e\"");
  EXPECT_EQ(header(request, "x-amz-copy-source-range"), "bytes=0-9");
}

TEST(S3Requests, completing_lists_the_parts) {
  auto request = encode(CompleteMultipartUploadInput{.bucket = "b",
                                                     .key = "k",
                                                     .upload_id = "u",
                                                     .parts = {{1, "\"a\"", "AAAA"}, {2, "\"b\"", {}}},
                                                     .if_none_match = "*"});
  EXPECT_EQ(
      request.body,
      "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Part><ETag>&quot;a&quot;</ETag>"
      "<ChecksumCRC32C>AAAA</ChecksumCRC32C><PartNumber>1</PartNumber></Part><Part><ETag>&quot;b&quot;</ETag>"
      "<PartNumber>2</PartNumber></Part></CompleteMultipartUpload>");
  EXPECT_EQ(header(request, "If-None-Match"), "*");
}

TEST(S3Requests, a_bucket_names_its_region_unless_it_is_us_east_1) {
  EXPECT_EQ(encode_create_bucket("us-east-1").body, "");
  EXPECT_THAT(encode_create_bucket("eu-west-1").body, testing::HasSubstr("<LocationConstraint>eu-west-1<"));
}

TEST(S3Answers, head) {
  auto head = decode_head_object({200,
                                  {{"Content-Length", "5000000000"},
                                   {"ETag", "\"e\""},
                                   {"x-amz-version-id", "v"},
                                   {"Last-Modified", "Sun, 22 Nov 2026 16:20:05 GMT"},
                                   {"X-Amz-Meta-Run", "r"}},
                                  ""});
  ASSERT_TRUE(head);
  EXPECT_EQ(head->content_length, 5'000'000'000u);
  EXPECT_EQ(head->version_id, "v");
  EXPECT_EQ(iso8601_seconds(*head->last_modified), "2026-11-22T16:20:05Z");
  EXPECT_EQ(head->metadata["run"], "r");
  EXPECT_EQ(decode_head_object({200, {}, ""}).error().code, "MalformedAnswer");
}

TEST(S3Answers, a_range_says_how_large_the_object_is) {
  auto got = decode_get_object({206, {{"Content-Range", "bytes 2-4/443"}, {"ETag", "\"e\""}}, "abc"});
  EXPECT_EQ(got->content_length, 3u);
  EXPECT_EQ(got->object_size, 443u);
  EXPECT_FALSE(decode_get_object({206, {{"Content-Range", "bytes 2-4/*"}}, "abc"}));
}

TEST(S3Answers, listing) {
  auto page = decode_list_objects_v2({200,
                                      {},
                                      "<?xml version=\"1.0\"?><ListBucketResult "
                                      "xmlns=\"x\"><EncodingType>url</EncodingType><IsTruncated>true</IsTruncated>"
                                      "<NextContinuationToken>t</NextContinuationToken><Contents><Key>a+b%2Bc</"
                                      "Key><Size>7</Size><ETag>&quot;e&quot;</ETag>"
                                      "<LastModified>2026-11-22T16:20:05.000Z</LastModified></"
                                      "Contents><CommonPrefixes><Prefix>d%2F</Prefix></CommonPrefixes>"
                                      "</ListBucketResult>"});
  ASSERT_TRUE(page) << page.error().message;
  EXPECT_EQ(page->objects[0].key, "a b+c");
  EXPECT_EQ(page->objects[0].etag, "\"e\"");
  EXPECT_EQ(page->objects[0].size, 7u);
  EXPECT_THAT(page->common_prefixes, ElementsAre("d/"));
  EXPECT_EQ(page->next_continuation_token, "t");
  EXPECT_FALSE(
      decode_list_objects_v2({200, {}, "<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>"}));
  EXPECT_FALSE(decode_list_objects_v2({200, {}, "<html/>"}));
}

TEST(S3Answers, bucket_location) {
  EXPECT_EQ(*decode_bucket_location({200, {}, "<LocationConstraint/>"}), "us-east-1");
  EXPECT_EQ(*decode_bucket_location({200, {}, "<LocationConstraint>EU</LocationConstraint>"}), "eu-west-1");
  EXPECT_EQ(*decode_bucket_location({200, {}, "<LocationConstraint>eu-north-1</LocationConstraint>"}), "eu-north-1");
}

}  // namespace
}  // namespace ads::aws::s3
