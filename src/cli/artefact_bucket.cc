#include "cli/artefact_bucket.h"

#include <fmt/core.h>

#include <set>

#include "aws/services.h"
#include "base/encoding.h"
#include "base/json.h"

namespace ads::cli {
namespace {

using aws::s3::BucketSetting;

constexpr std::string_view kPublicAccessBlock =
    R"(<PublicAccessBlockConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><BlockPublicAcls>true</BlockPublicAcls><IgnorePublicAcls>true</IgnorePublicAcls><BlockPublicPolicy>true</BlockPublicPolicy><RestrictPublicBuckets>true</RestrictPublicBuckets></PublicAccessBlockConfiguration>)";
constexpr std::string_view kOwnership =
    R"(<OwnershipControls xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Rule><ObjectOwnership>BucketOwnerEnforced</ObjectOwnership></Rule></OwnershipControls>)";
constexpr std::string_view kEncryption =
    R"(<ServerSideEncryptionConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>)";
constexpr std::string_view kVersioning =
    R"(<VersioningConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Status>Enabled</Status></VersioningConfiguration>)";
// Current objects never expire: CloudFormation reads the code before last when it rolls an update back.
constexpr std::string_view kLifecycle =
    R"(<LifecycleConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Rule><ID>forget-old-versions</ID><Filter><Prefix></Prefix></Filter><Status>Enabled</Status><NoncurrentVersionExpiration><NoncurrentDays>30</NoncurrentDays></NoncurrentVersionExpiration><AbortIncompleteMultipartUpload><DaysAfterInitiation>7</DaysAfterInitiation></AbortIncompleteMultipartUpload></Rule></LifecycleConfiguration>)";

constexpr std::string_view kChoice = "choose another with --artefact-bucket";

std::unexpected<Error> not_ours(std::string_view name) {
  return fail(ErrorKind::denied, "NotOurBucket",
              fmt::format("the bucket '{}' belongs to another account, or may not be used with these credentials: "
                          "nothing is uploaded there; {}",
                          name, kChoice));
}

}  // namespace

std::string artefact_bucket_name(std::string_view account, std::string_view region) {
  return fmt::format("ads-artefacts-{}-{}", account, region);
}

std::string artefact_prefix(std::string_view stack) {
  return fmt::format("{}/", stack);
}

std::string artefact_bucket_policy(std::string_view bucket, std::string_view partition) {
  auto arn = fmt::format("arn:{}:s3:::{}", partition, bucket);
  return json::serialize(
      json::object{{"Version", "2012-10-17"},
                   {"Statement", json::array{{{"Sid", "OnlyOverTls"},
                                              {"Effect", "Deny"},
                                              {"Principal", "*"},
                                              {"Action", "s3:*"},
                                              {"Resource", json::array{arn, arn + "/*"}},
                                              {"Condition", {{"Bool", {{"aws:SecureTransport", "false"}}}}}}}}});
}

ArtefactBucket::ArtefactBucket(aws::Connection& connection, std::string name, std::string owner, std::string partition)
    : connection_(connection),
      s3_(connection, std::move(owner)),
      name_(std::move(name)),
      partition_(std::move(partition)) {}

std::string ArtefactBucket::url(std::string_view key) const {
  auto endpoint = connection_.endpoint(aws::kS3);
  if (!endpoint) return {};
  auto address = aws::bucket_address(*endpoint, name_);
  return fmt::format("{}://{}{}/{}", address.origin.scheme, address.origin.authority(), address.path,
                     percent_encode_path(key));
}

Task<Result<ArtefactBucket::Was>> ArtefactBucket::prepare() const {
  auto there = co_await s3_.head_bucket(name_);
  Was was = Was::there;
  if (!there) {
    const Error& error = there.error();
    if (error.kind == ErrorKind::denied) co_return not_ours(name_);
    if (error.code == "HTTP 301" || error.code == "PermanentRedirect")
      co_return fail(ErrorKind::conflict, "BucketElsewhere",
                     fmt::format("the bucket '{}' is in another region than {}: Lambda reads code from its own region "
                                 "only; {}",
                                 name_, connection_.region(), kChoice));
    if (error.kind != ErrorKind::not_found) co_return fail(error);
    // Without the expected owner: S3 takes no such header where there is no bucket yet.
    auto made = co_await aws::s3::Client(connection_).create_bucket(name_);
    if (!made && made.error().code == "BucketAlreadyExists") co_return not_ours(name_);
    if (!made && made.error().code != "BucketAlreadyOwnedByYou") co_return fail(made.error());
    was = Was::made;
  } else {
    auto policy = co_await s3_.get_bucket_policy(name_);
    // Who may upload but not read the policy deploys all the same.
    if (policy || policy.error().kind == ErrorKind::denied) co_return Was::there;
    if (policy.error().code != "NoSuchBucketPolicy") co_return fail(policy.error());
    was = Was::completed;
  }
  if (auto written = co_await write_settings(); !written) co_return fail(written.error());
  co_return was;
}

Task<Result<void>> ArtefactBucket::write_settings() const {
  const std::pair<BucketSetting, std::string> settings[] = {
      {BucketSetting::public_access_block, std::string(kPublicAccessBlock)},
      {BucketSetting::ownership_controls, std::string(kOwnership)},
      {BucketSetting::encryption, std::string(kEncryption)},
      {BucketSetting::versioning, std::string(kVersioning)},
      {BucketSetting::lifecycle, std::string(kLifecycle)},
      {BucketSetting::policy, artefact_bucket_policy(name_, partition_)},
  };
  for (const auto& [setting, document] : settings)
    if (auto put = co_await s3_.put_bucket_setting(name_, setting, document); !put) co_return fail(put.error());
  co_return Result<void>();
}

Task<Result<ArtefactBucket::Put>> ArtefactBucket::put(std::string key, std::string content,
                                                      std::string content_type) const {
  aws::s3::HeadObjectInput head;
  head.bucket = name_;
  head.key = key;
  auto there = co_await s3_.head_object(head);
  if (there && there->content_length == content.size()) co_return Put::there;
  if (!there && there.error().kind != ErrorKind::not_found) co_return fail(there.error());
  aws::s3::PutObjectInput input;
  input.bucket = name_;
  input.key = std::move(key);
  input.content_type = std::move(content_type);
  input.body = std::move(content);
  if (auto stored = co_await s3_.put_object(std::move(input)); !stored) co_return fail(stored.error());
  co_return Put::stored;
}

Task<Result<std::size_t>> ArtefactBucket::remove_below(std::string prefix) const {
  std::set<std::string> keys;
  aws::s3::ListObjectVersionsInput list;
  list.bucket = name_;
  list.prefix = prefix;
  for (;;) {
    auto page = co_await s3_.list_object_versions(list);
    if (!page && page.error().code == "NoSuchBucket") co_return std::size_t{0};
    if (!page) co_return fail(page.error());
    for (const auto& version : page->versions) {
      aws::s3::DeleteObjectInput input;
      input.bucket = name_;
      input.key = version.key;
      input.version_id = version.version_id;
      if (auto deleted = co_await s3_.delete_object(std::move(input)); !deleted) co_return fail(deleted.error());
      keys.insert(version.key);
    }
    if (!page->next_key_marker) co_return keys.size();
    list.key_marker = page->next_key_marker;
    list.version_id_marker = page->next_version_id_marker;
  }
}

Task<Result<bool>> ArtefactBucket::is_empty() const {
  aws::s3::ListObjectVersionsInput list;
  list.bucket = name_;
  list.max_keys = 1;
  auto page = co_await s3_.list_object_versions(list);
  if (!page) co_return fail(page.error());
  co_return page->versions.empty();
}

Task<Result<void>> ArtefactBucket::remove() const {
  co_return co_await s3_.delete_bucket(name_);
}

}  // namespace ads::cli
