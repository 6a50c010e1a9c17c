#include "function/aws_objects.h"

#include <algorithm>

#include "function/in_parallel.h"

namespace ads::function {
namespace {

using aws::s3::Text;

constexpr std::uint64_t kCopyPartBytes = std::uint64_t{512} << 20;  // at most 10,000 parts of 5 TB
constexpr std::size_t kCopiesInFlight = 16;                         // S3 copies each part at its own pace
constexpr std::uint64_t kSmallestPart = std::uint64_t{5} << 20;

Text version_of(const batch::ObjectIdentity& object) {
  if (object.version_id.empty() || object.version_id == "null") return {};
  return object.version_id;
}

// An ETag as a header wants it: S3's events leave out the quotes.
Text quoted_etag(const batch::ObjectIdentity& object) {
  if (object.etag.empty()) return {};
  return object.etag.starts_with('"') ? object.etag : '"' + object.etag + '"';
}

// 409 ConditionalRequestConflict: somebody else wrote the key at that moment. S3 says: repeat.
Error judged(Error error) {
  if (error.code == "ConditionalRequestConflict") error.kind = ErrorKind::unavailable;
  return error;
}

template <class Output>
Result<void> only_errors(const Result<Output>& output) {
  if (!output) return fail(judged(output.error()));
  return {};
}

}  // namespace

Task<Result<ObjectFacts>> AwsObjects::facts(batch::ObjectIdentity object) {
  auto head = co_await s3_.head_object({.bucket = object.bucket, .key = object.key, .version_id = version_of(object)});
  if (!head) co_return fail(head.error());
  auto copied_by = head->metadata.find(std::string(kRunIdMetadata));
  co_return ObjectFacts{head->content_length, head->etag, head->version_id.value_or(""),
                        copied_by == head->metadata.end() ? "" : copied_by->second};
}

Task<Result<std::string>> AwsObjects::read(batch::ObjectIdentity object, std::uint64_t begin, std::uint64_t length) {
  Text version = version_of(object);
  auto got = co_await s3_.get_object({.bucket = object.bucket,
                                      .key = object.key,
                                      .version_id = version,
                                      .if_match = version ? Text{} : quoted_etag(object),
                                      .range = aws::s3::byte_range(begin, begin + length - 1)});
  if (!got) co_return fail(got.error());
  co_return std::move(got->body);
}

struct AwsObjects::CopyPlan {
  batch::ObjectIdentity source;
  std::string destination_key;
  std::uint64_t size = 0;
  std::string content_type;
  aws::s3::Metadata metadata;
};

Task<Result<void>> AwsObjects::copy(batch::ObjectIdentity source, std::string destination_key, std::string run_id) {
  auto head = co_await s3_.head_object({.bucket = source.bucket, .key = source.key, .version_id = version_of(source)});
  if (!head) co_return fail(head.error());
  CopyPlan plan{std::move(source), std::move(destination_key), head->content_length, head->content_type,
                std::move(head->metadata)};
  plan.metadata[std::string(kRunIdMetadata)] = run_id;
  if (plan.size > settings_.multipart_copy_bytes) co_return co_await copy_in_parts(std::move(plan));
  auto copied = co_await s3_.copy_object({.bucket = plan.source.bucket,
                                          .key = plan.destination_key,
                                          .source_bucket = plan.source.bucket,
                                          .source_key = plan.source.key,
                                          .source_version_id = version_of(plan.source),
                                          .source_if_match = quoted_etag(plan.source),
                                          .if_none_match = "*",
                                          .new_metadata = plan.metadata,
                                          .new_content_type = plan.content_type});
  co_return only_errors(copied);
}

Task<Result<void>> AwsObjects::copy_in_parts(CopyPlan plan) {
  auto upload = co_await s3_.create_multipart_upload({.bucket = plan.source.bucket,
                                                      .key = plan.destination_key,
                                                      .content_type = plan.content_type,
                                                      .checksum = aws::s3::Checksum::none,
                                                      .metadata = plan.metadata});
  if (!upload) co_return fail(upload.error());
  Result<void> result;
  auto parts = co_await copy_parts(plan, upload->upload_id);
  if (parts) {
    auto completed = co_await s3_.complete_multipart_upload({.bucket = plan.source.bucket,
                                                             .key = plan.destination_key,
                                                             .upload_id = upload->upload_id,
                                                             .parts = std::move(*parts),
                                                             .if_none_match = "*"});
    result = only_errors(completed);
  } else {
    result = fail(judged(parts.error()));
  }
  if (!result) {  // parts that nobody completes cost money; the bucket's lifecycle rule removes what this leaves
    auto aborted = co_await abort_upload(plan.source.bucket, plan.destination_key, upload->upload_id);
    (void)aborted;
  }
  co_return result;
}

// Several at once: one after the other, a copy of a terabyte would not end before the deadline.
Task<Result<std::vector<aws::s3::UploadedPart>>> AwsObjects::copy_parts(const CopyPlan& plan, std::string upload_id) {
  // Below the real threshold (tests lower it) parts are as small as S3 takes.
  std::uint64_t part_bytes = plan.size > kCopyPartBytes ? kCopyPartBytes : kSmallestPart;
  std::vector<std::optional<Result<aws::s3::UploadedPart>>> copied((plan.size - 1) / part_bytes + 1);
  co_await in_parallel(copied.size(), std::min(settings_.calls_in_flight, kCopiesInFlight),
                       [&](std::size_t index) { return copy_part(plan, upload_id, index, part_bytes, copied[index]); });
  std::vector<aws::s3::UploadedPart> parts;
  for (auto& part : copied) {
    if (!*part) co_return fail(part->error());
    parts.push_back(std::move(**part));
  }
  co_return parts;
}

Task<void> AwsObjects::copy_part(const CopyPlan& plan, const std::string& upload_id, std::size_t index,
                                 std::uint64_t part_bytes, std::optional<Result<aws::s3::UploadedPart>>& copied) {
  std::uint64_t begin = index * part_bytes, end = std::min(plan.size, begin + part_bytes);
  copied = co_await s3_.upload_part_copy({.bucket = plan.source.bucket,
                                          .key = plan.destination_key,
                                          .upload_id = upload_id,
                                          .part_number = static_cast<int>(index) + 1,
                                          .source_bucket = plan.source.bucket,
                                          .source_key = plan.source.key,
                                          .source_version_id = version_of(plan.source),
                                          .source_if_match = quoted_etag(plan.source),
                                          .source_range = aws::s3::byte_range(begin, end - 1)});
}

Task<Result<void>> AwsObjects::remove(batch::ObjectIdentity object) {
  co_return only_errors(
      co_await s3_.delete_object({.bucket = object.bucket, .key = object.key, .if_match = quoted_etag(object)}));
}

Task<Result<std::string>> AwsObjects::read_whole(std::string bucket, std::string key) {
  auto got = co_await s3_.get_object({.bucket = bucket, .key = key});
  if (!got) co_return fail(got.error());
  co_return std::move(got->body);
}

Task<Result<void>> AwsObjects::put(std::string bucket, std::string key, std::string content, std::string content_type) {
  co_return only_errors(co_await s3_.put_object({.bucket = std::move(bucket),
                                                 .key = std::move(key),
                                                 .body = std::move(content),
                                                 .content_type = std::move(content_type)}));
}

Task<Result<void>> AwsObjects::remove_key(std::string bucket, std::string key) {
  co_return only_errors(co_await s3_.delete_object({.bucket = std::move(bucket), .key = std::move(key)}));
}

Task<Result<ObjectPage>> AwsObjects::list(std::string bucket, std::string prefix, std::string after) {
  auto listed = co_await s3_.list_objects_v2(
      {.bucket = bucket, .prefix = prefix, .start_after = after.empty() ? Text{} : Text{after}});
  if (!listed) co_return fail(listed.error());
  ObjectPage page;
  for (auto& object : listed->objects) page.keys.push_back(std::move(object.key));
  page.is_last = !listed->next_continuation_token;
  co_return page;
}

Task<Result<std::string>> AwsObjects::start_upload(std::string bucket, std::string key, std::string content_type) {
  auto upload = co_await s3_.create_multipart_upload(
      {.bucket = std::move(bucket), .key = std::move(key), .content_type = std::move(content_type)});
  if (!upload) co_return fail(upload.error());
  co_return std::move(upload->upload_id);
}

Task<Result<UploadedPart>> AwsObjects::upload_part(std::string bucket, std::string key, std::string upload_id,
                                                   int number, std::string content) {
  auto part = co_await s3_.upload_part({.bucket = std::move(bucket),
                                        .key = std::move(key),
                                        .upload_id = std::move(upload_id),
                                        .part_number = number,
                                        .body = std::move(content)});
  if (!part) co_return fail(part.error());
  co_return UploadedPart{part->part_number, std::move(part->etag), std::move(part->checksum_crc32c)};
}

Task<Result<void>> AwsObjects::finish_upload(std::string bucket, std::string key, std::string upload_id,
                                             std::vector<UploadedPart> parts) {
  std::vector<aws::s3::UploadedPart> sent;
  for (UploadedPart& part : parts)
    sent.push_back({.part_number = part.number, .etag = std::move(part.etag), .checksum_crc32c = part.checksum});
  co_return only_errors(co_await s3_.complete_multipart_upload({.bucket = std::move(bucket),
                                                                .key = std::move(key),
                                                                .upload_id = std::move(upload_id),
                                                                .parts = std::move(sent)}));
}

Task<Result<void>> AwsObjects::abort_upload(std::string bucket, std::string key, std::string upload_id) {
  co_return co_await s3_.abort_multipart_upload(
      {.bucket = std::move(bucket), .key = std::move(key), .upload_id = std::move(upload_id)});
}

}  // namespace ads::function
