#include "cloud/s3/access.h"

#include <fmt/core.h>

#include "base/encoding.h"
#include "cloud/access.h"
#include "cloud/s3/configurations.h"

namespace ads::cloud::s3 {
namespace {

using access::Need;
using access::Values;

enum class On { bucket, object };
struct Entry {
  Action action;
  On on;
  std::string_view name, of_version;  // the action with versionId; empty: the same
};
constexpr Entry kEntries[] = {
    {create_bucket, On::bucket, "CreateBucket", ""},
    {head_bucket, On::bucket, "ListBucket", ""},
    {delete_bucket, On::bucket, "DeleteBucket", ""},
    {get_bucket_location, On::bucket, "GetBucketLocation", ""},
    {get_bucket_versioning, On::bucket, "GetBucketVersioning", ""},
    {put_bucket_versioning, On::bucket, "PutBucketVersioning", ""},
    {get_bucket_notification, On::bucket, "GetBucketNotification", ""},
    {put_bucket_notification, On::bucket, "PutBucketNotification", ""},
    {get_bucket_policy_status, On::bucket, "GetBucketPolicyStatus", ""},
    {get_bucket_acl, On::bucket, "GetBucketAcl", ""},
    {list_objects_v1, On::bucket, "ListBucket", ""},
    {list_objects_v2, On::bucket, "ListBucket", ""},
    {list_object_versions, On::bucket, "ListBucketVersions", ""},
    {list_multipart_uploads, On::bucket, "ListBucketMultipartUploads", ""},
    {get_object, On::object, "GetObject", "GetObjectVersion"},
    {get_object_attributes, On::object, "GetObjectAttributes", "GetObjectVersionAttributes"},
    {get_object_acl, On::object, "GetObjectAcl", "GetObjectVersionAcl"},
    {get_object_tagging, On::object, "GetObjectTagging", "GetObjectVersionTagging"},
    {put_object_tagging, On::object, "PutObjectTagging", "PutObjectVersionTagging"},
    {delete_object_tagging, On::object, "DeleteObjectTagging", "DeleteObjectVersionTagging"},
    {put_object, On::object, "PutObject", ""},
    {copy_object, On::object, "PutObject", ""},
    {delete_object, On::object, "DeleteObject", "DeleteObjectVersion"},
    {create_multipart_upload, On::object, "PutObject", ""},
    {upload_part, On::object, "PutObject", ""},
    {upload_part_copy, On::object, "PutObject", ""},
    {complete_multipart_upload, On::object, "PutObject", ""},
    {abort_multipart_upload, On::object, "AbortMultipartUpload", ""},
    {list_parts, On::object, "ListMultipartUploadParts", ""},
};

// The stored documents: what follows "Get" and "Put".
constexpr std::pair<std::string_view, std::string_view> kConfigurations[] = {
    {"encryption", "EncryptionConfiguration"},
    {"lifecycle", "LifecycleConfiguration"},
    {"publicAccessBlock", "BucketPublicAccessBlock"},
    {"ownershipControls", "BucketOwnershipControls"},
    {"tagging", "BucketTagging"},
    {"policy", "BucketPolicy"}};

std::string object_arn(std::string_view bucket, std::string_view key) {
  return fmt::format("arn:aws:s3:::{}/{}", bucket, key);
}

std::optional<Values> tag_value(const NamedValues& tags, std::string_view lower_name) {
  for (const auto& [name, value] : tags)
    if (access::to_lower(name) == lower_name) return Values{value};
  return std::nullopt;
}

// "existingobjecttag/color"
std::optional<Values> existing_tag(State& state, const Bucket& bucket, const std::string& key,
                                   const std::string& version_id, std::string_view fact) {
  constexpr std::string_view kExisting = "existingobjecttag/";
  if (!fact.starts_with(kExisting)) return std::nullopt;
  const auto object =
      version_id.empty() ? state.objects.current(bucket, key) : state.objects.version(bucket, key, version_id);
  return object ? tag_value(object->tags, fact.substr(kExisting.size())) : std::nullopt;
}

// s3:prefix, s3:x-amz-server-side-encryption and the like: from query and headers; a tag of the stored object is looked
// up only where a policy asks for it.
std::optional<Values> fact(State& state, const Request& request, std::string_view key) {
  constexpr std::string_view kService = "s3:", kRequested = "requestobjecttag/";
  if (!key.starts_with(kService)) return std::nullopt;
  key.remove_prefix(kService.size());
  const auto query = [&](std::string_view name) -> std::optional<Values> {
    const auto* value = request.find_query(name);
    return value ? std::optional(Values{*value}) : std::nullopt;
  };
  if (key == "prefix" || key == "delimiter" || key == "max-keys") return query(key);
  if (key == "versionid") return query("versionId");
  if (key == "signatureversion") return Values{"AWS4-HMAC-SHA256"};
  if (key == "authtype") return Values{request.has_query("X-Amz-Signature") ? "REST-QUERY-STRING" : "REST-HEADER"};
  if (key == "tlsversion") return Values{"1.3"};  // as aws:SecureTransport: loopback counts as secure
  if (key == "resourceaccount") return Values{request.call.account};
  if (key == "if-match" || key == "if-none-match" || key.starts_with("x-amz-")) {
    const auto header = request.header(key);
    return header ? std::optional(Values{std::string(*header)}) : std::nullopt;
  }
  if (key.starts_with(kRequested)) {
    NamedValues tags;
    for (auto& [name, value] : http::parse_query(request.headers().get_or("x-amz-tagging", "")))
      tags.emplace_back(std::move(name), std::move(value));
    return tag_value(tags, key.substr(kRequested.size()));
  }
  if (request.bucket) {
    const auto* version = request.find_query("versionId");
    return existing_tag(state, *request.bucket, request.key(), version ? *version : "", key);
  }
  return std::nullopt;
}

Need need_on(State& state, const Request& request, std::string_view action, std::string resource,
             const Bucket* bucket) {
  Need need{fmt::format("s3:{}", action), std::move(resource)};
  if (const auto* policy = bucket ? bucket->configuration("policy") : nullptr) {
    need.resource_policy = state.policies.find(bucket->arn(), *policy);
    // Whoever locked everybody out, the account's root can still mend the policy.
    const bool is_mending = action.ends_with("BucketPolicy");
    const auto& caller = request.call.caller.principal;
    if (is_mending && caller && caller->kind == access::Principal::Kind::root) need.resource_policy = nullptr;
  }
  need.more = [&state, &request](std::string_view key) { return fact(state, request, key); };
  return need;
}

Need read_source(State& state, const Request& request, const CopySource& source, std::string_view action,
                 std::string_view of_version) {
  const auto bucket = state.buckets.find(source.bucket);
  return need_on(state, request, source.version_id.empty() ? action : of_version, object_arn(source.bucket, source.key),
                 bucket.get());
}

bool names_etag(std::optional<std::string_view> if_match) {
  return if_match && *if_match != "*";
}

// Of the document that the action takes: the first that the query names.
std::string configuration_action(const Request& request, Action action) {
  const auto* kind = named_configuration(request);
  const auto found =
      kind ? std::ranges::find(kConfigurations, kind->name, &std::pair<std::string_view, std::string_view>::first)
           : std::end(kConfigurations);
  if (found == std::end(kConfigurations)) return "*";
  if (action == get_bucket_configuration) return fmt::format("Get{}", found->second);
  const bool deletes = action == delete_bucket_configuration && found->first == "policy";
  return fmt::format("{}{}", deletes ? "Delete" : "Put", found->second);
}

bool is_of_configuration(Action action) {
  return action == get_bucket_configuration || action == put_bucket_configuration ||
         action == delete_bucket_configuration;
}

std::vector<Need> needs_of(State& state, const Request& request, Action action) {
  const auto* bucket = request.bucket.get();
  const auto on = [&](std::string_view name, On where) {
    const auto bucket_arn = "arn:aws:s3:::" + request.address.bucket;
    return need_on(state, request, name,
                   where == On::bucket ? bucket_arn : object_arn(request.address.bucket, request.key()), bucket);
  };
  if (action == list_buckets) return {need_on(state, request, "ListAllMyBuckets", "arn:aws:s3:::*", nullptr)};
  if (action == delete_objects) return {};  // each key by itself
  if (action == put_acl)
    return {request.key().empty() ? on("PutBucketAcl", On::bucket) : on("PutObjectAcl", On::object)};
  if (is_of_configuration(action)) return {on(configuration_action(request, action), On::bucket)};

  const auto found = std::ranges::find(kEntries, action, &Entry::action);
  if (found == std::end(kEntries)) return {on("*", On::bucket)};
  const bool is_of_version = !found->of_version.empty() && request.has_query("versionId");
  std::vector<Need> needs{on(is_of_version ? found->of_version : found->name, found->on)};

  if (action == get_object_attributes)
    needs.push_back(on(is_of_version ? "GetObjectVersion" : "GetObject", On::object));
  if (action == copy_object || action == upload_part_copy)
    if (const auto source = parse_copy_source(request.headers().get_or("x-amz-copy-source", "")))
      needs.insert(needs.begin(), read_source(state, request, *source, "GetObject", "GetObjectVersion"));
  if (action == put_object || action == copy_object || action == create_multipart_upload) {
    if (request.header("x-amz-tagging")) needs.push_back(on("PutObjectTagging", On::object));
    if (request.header("x-amz-acl")) needs.push_back(on("PutObjectAcl", On::object));
  }
  const bool is_conditional = action == put_object || action == complete_multipart_upload || action == delete_object;
  if (is_conditional && names_etag(request.header("If-Match"))) needs.push_back(on("GetObject", On::object));
  return needs;
}

}  // namespace

Outcome<void> authorize(State& state, const Request& request, Action action) {
  if (!access::is_enforced(request.call)) return {};
  return access::authorize(request.call, needs_of(state, request, action));
}

Outcome<void> authorize_read(State& state, const Call& call, const std::string& bucket_name, const std::string& key,
                             const std::string& version_id) {
  if (!access::is_enforced(call)) return {};
  Need need{version_id.empty() ? "s3:GetObject" : "s3:GetObjectVersion", object_arn(bucket_name, key)};
  need.keys = {{"aws:viaawsservice", {"true"}}, {"s3:resourceaccount", {call.account}}};
  if (!version_id.empty()) need.keys.emplace_back("s3:versionid", Values{version_id});
  if (const auto bucket = state.buckets.find(bucket_name)) {
    if (const auto* policy = bucket->configuration("policy"))
      need.resource_policy = state.policies.find(bucket->arn(), *policy);
    need.more = [&state, bucket, &key, &version_id](std::string_view fact) -> std::optional<Values> {
      constexpr std::string_view kService = "s3:";
      if (!fact.starts_with(kService)) return std::nullopt;
      return existing_tag(state, *bucket, key, version_id, fact.substr(kService.size()));
    };
  }
  return access::authorize(call, need);
}

Outcome<void> authorize_delete(State& state, const Request& request, std::string_view key, std::string_view version,
                               DeleteCondition condition) {
  if (!access::is_enforced(request.call)) return {};
  const auto arn = object_arn(request.address.bucket, key);
  const auto* bucket = request.bucket.get();
  std::vector<Need> needs{
      need_on(state, request, version.empty() ? "DeleteObject" : "DeleteObjectVersion", arn, bucket)};
  if (condition == DeleteCondition::etag) needs.push_back(need_on(state, request, "GetObject", arn, bucket));
  return access::authorize(request.call, needs);
}

Outcome<void> authorize_copied_tags(State& state, const Request& request, const CopySource& source,
                                    const Bucket& source_bucket) {
  if (!access::is_enforced(request.call)) return {};
  const auto reads = need_on(state, request, source.version_id.empty() ? "GetObjectTagging" : "GetObjectVersionTagging",
                             object_arn(source.bucket, source.key), &source_bucket);
  const auto writes = need_on(state, request, "PutObjectTagging", object_arn(request.address.bucket, request.key()),
                              request.bucket.get());
  return access::authorize(request.call, std::vector<Need>{reads, writes});
}

WireError seen_by(State& state, const Request& request, Action action, WireError refusal) {
  if (refusal.code != "NoSuchKey" || !access::is_enforced(request.call)) return refusal;
  auto bucket = request.bucket;
  if (action == copy_object || action == upload_part_copy)
    if (const auto source = parse_copy_source(request.headers().get_or("x-amz-copy-source", "")))
      bucket = state.buckets.find(source->bucket);
  if (!bucket) return refusal;
  auto allowed = access::authorize(request.call, need_on(state, request, "ListBucket", bucket->arn(), bucket.get()));
  return allowed ? refusal : allowed.error();
}

}  // namespace ads::cloud::s3
