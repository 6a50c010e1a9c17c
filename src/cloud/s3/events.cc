#include "cloud/s3/events.h"

#include <fmt/core.h>

#include "base/digest.h"
#include "base/encoding.h"
#include "base/json.h"

namespace ads::cloud::s3 {
namespace {

// "a b+c/d" -> "a+b%2Bc/d".
std::string encode_key(std::string_view key) {
  std::string out;
  for (std::size_t start = 0; start <= key.size();) {
    auto space = std::min(key.find(' ', start), key.size());
    if (start > 0) out += '+';
    out += percent_encode_path(key.substr(start, space - start));
    start = space + 1;
  }
  return out;
}

std::string principal(const Caller& caller, const std::string& account) {
  return "AWS:" + (caller.user_id.empty() ? account : caller.user_id);
}

std::string address_only(std::string_view remote) {
  auto colon = remote.rfind(':');
  return std::string(colon == remote.npos ? remote : remote.substr(0, colon));
}

}  // namespace

std::string host_id(const std::string& request_id) {
  return to_base64(sha256(request_id));
}

std::string canonical_user(std::string_view account) {
  return to_hex(sha256(std::string("canonical-user:").append(account)));
}

std::string render_event(const Call& call, const Bucket& bucket, const NotificationRule& rule,
                         const ObjectEvent& event) {
  json::object object{{"key", encode_key(event.key)}};
  if (event.is_creation()) object["size"] = event.size;
  if (!event.etag.empty()) object["eTag"] = event.etag;
  if (!event.version_id.empty()) object["versionId"] = event.version_id;
  // Tagging events came later (version 2.3) and are not sequenced.
  bool is_tagging = event.name.starts_with("ObjectTagging:");
  if (!is_tagging) object["sequencer"] = fmt::format("{:018X}", event.sequence);
  json::object record{
      {"eventVersion", is_tagging ? "2.3" : "2.1"},
      {"eventSource", "aws:s3"},
      {"awsRegion", bucket.region},
      {"eventTime", iso8601(call.now)},
      {"eventName", event.name},
      {"userIdentity", {{"principalId", principal(call.caller, call.account)}}},
      {"requestParameters", {{"sourceIPAddress", address_only(call.request.remote_address)}}},
      {"responseElements", {{"x-amz-request-id", call.request_id}, {"x-amz-id-2", host_id(call.request_id)}}},
      {"s3",
       {{"s3SchemaVersion", "1.0"},
        {"configurationId", rule.id},
        {"bucket",
         {{"name", bucket.name},
          {"ownerIdentity", {{"principalId", canonical_user(bucket.account)}}},
          {"arn", bucket.arn()}}},
        {"object", std::move(object)}}}};
  return json::serialize(json::object{{"Records", json::array{std::move(record)}}});
}

std::string render_test_event(const Bucket& bucket, const std::string& request_id, SystemTime now) {
  return json::serialize(json::object{{"Service", "Amazon S3"},
                                      {"Event", "s3:TestEvent"},
                                      {"Time", iso8601(now)},
                                      {"Bucket", bucket.name},
                                      {"RequestId", request_id},
                                      {"HostId", host_id(request_id)}});
}

}  // namespace ads::cloud::s3
