// The sub-resources that are stored documents: GET, PUT and DELETE /bucket?encryption, ?lifecycle, ?tagging, ?policy,
// ...
#include <pugixml.hpp>

#include "cloud/query_protocol.h"
#include "cloud/s3/actions.h"
#include "cloud/s3/body.h"
#include "cloud/s3/configurations.h"
#include "cloud/s3/errors.h"
#include "cloud/s3/events.h"
#include "cloud/s3/lookup.h"
#include "cloud/s3/object_headers.h"
#include "cloud/s3/xml.h"

namespace ads::cloud::s3 {
namespace {

// The router sends only requests that name one here.
const ConfigurationKind& named(const Request& request) {
  if (const auto* kind = named_configuration(request)) return *kind;
  std::abort();
}

Task<Outcome<void>> save(State& state, Bucket bucket) {
  if (auto saved = state.buckets.save(state.blobs, std::move(bucket)); !saved)
    co_return refuse(internal_error(saved.error()));
  co_return co_await state.durable();
}

}  // namespace

Task<Outcome<http::Reply>> get_bucket_configuration(State&, Request& request) {
  const auto& kind = named(request);
  const auto* stored = request.bucket->configuration(kind.name);
  if (!stored && !kind.missing_code.empty())
    co_return refuse(errors::no_such_configuration(std::string(kind.missing_code), std::string(kind.missing_message),
                                                   request.bucket->name));
  if (kind.name == "policy") {
    auto reply = empty_reply(request);
    reply.headers.add("Content-Type", "application/json");
    reply.body = *stored;
    co_return reply;
  }
  auto reply = xml_reply(request, stored ? *stored : std::string(kind.fallback));
  if (kind.name == "lifecycle")
    reply.headers.add("x-amz-transition-default-minimum-object-size", "all_storage_classes_128K");
  co_return reply;
}

Task<Outcome<http::Reply>> put_bucket_configuration(State& state, Request& request) {
  const auto& kind = named(request);
  auto body = kind.integrity == ConfigurationKind::Integrity::required ? co_await read_checked_body(request, kXmlLimit)
                                                                       : co_await read_body(request, kXmlLimit);
  if (!body) co_return refuse(body.error());
  auto bucket = refresh_bucket(state, request);
  if (!bucket) co_return refuse(bucket.error());
  auto document = check_configuration(kind, **bucket, *body);
  if (!document) co_return refuse(document.error());
  Bucket changed = **bucket;
  changed.configurations[std::string(kind.name)] = std::move(*document);
  if (auto saved = co_await save(state, std::move(changed)); !saved) co_return refuse(saved.error());
  auto reply = empty_reply(request, kind.put_status);
  if (kind.name == "lifecycle")
    reply.headers.add("x-amz-transition-default-minimum-object-size", "all_storage_classes_128K");
  co_return reply;
}

Task<Outcome<http::Reply>> delete_bucket_configuration(State& state, Request& request) {
  const auto& kind = named(request);
  Bucket changed = *request.bucket;
  changed.configurations.erase(std::string(kind.name));
  if (auto saved = co_await save(state, std::move(changed)); !saved) co_return refuse(saved.error());
  co_return empty_reply(request, 204);
}

Task<Outcome<http::Reply>> get_bucket_versioning(State&, Request& request) {
  XmlWriter xml;
  xml.open("VersioningConfiguration", kS3Namespace);
  if (request.bucket->versioning != Versioning::never)
    xml.element("Status", request.bucket->versioning == Versioning::enabled ? "Enabled" : "Suspended");
  xml.close();
  co_return xml_reply(request, xml.take());
}

Task<Outcome<http::Reply>> put_bucket_versioning(State& state, Request& request) {
  auto body = co_await read_body(request, kXmlLimit);
  if (!body) co_return refuse(body.error());
  auto text = normalise_xml(*body, "VersioningConfiguration{Status,MfaDelete}");
  if (!text) co_return refuse(text.error());
  pugi::xml_document document;
  auto root = parse_xml(document, *text, "VersioningConfiguration");
  if (!root) co_return refuse(root.error());
  if (child_text(*root, "MfaDelete") == "Enabled") co_return refuse(not_implemented("MFA delete"));
  auto status = child_text(*root, "Status");
  if (status.empty()) co_return refuse(errors::illegal_versioning_configuration());
  if (status != "Enabled" && status != "Suspended") co_return refuse(errors::malformed_xml());
  auto bucket = refresh_bucket(state, request);
  if (!bucket) co_return refuse(bucket.error());
  Bucket changed = **bucket;
  changed.versioning = status == "Enabled" ? Versioning::enabled : Versioning::suspended;
  if (auto saved = co_await save(state, std::move(changed)); !saved) co_return refuse(saved.error());
  co_return empty_reply(request);
}

Task<Outcome<http::Reply>> get_bucket_policy_status(State&, Request& request) {
  const auto* policy = request.bucket->configuration("policy");
  if (!policy)
    co_return refuse(
        errors::no_such_configuration("NoSuchBucketPolicy", "The bucket policy does not exist", request.bucket->name));
  XmlWriter xml;
  xml.open("PolicyStatus", kS3Namespace).element("IsPublic", is_public_policy(*policy) ? "TRUE" : "FALSE").close();
  co_return xml_reply(request, xml.take());
}

// ACLs are disabled (BucketOwnerEnforced): the owner has full control, and nothing else can be said.
Task<Outcome<http::Reply>> get_bucket_acl(State&, Request& request) {
  auto owner = canonical_user(request.bucket->account);
  XmlWriter xml;
  xml.open("AccessControlPolicy", kS3Namespace).open("Owner").element("ID", owner).close();
  xml.open("AccessControlList").open("Grant");
  xml.open("Grantee", "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"CanonicalUser\"");
  xml.element("ID", owner).close().element("Permission", "FULL_CONTROL").close().close().close();
  co_return xml_reply(request, xml.take());
}

Task<Outcome<http::Reply>> get_object_acl(State& state, Request& request) {
  auto object = find_object(state, request);
  if (!object) co_return refuse(object.error());
  co_return co_await get_bucket_acl(state, request);
}

Task<Outcome<http::Reply>> put_acl(State&, Request& request) {
  if (auto acl = check_acl_headers(request); !acl) co_return refuse(acl.error());
  if (!request.header("x-amz-acl")) co_return refuse(errors::access_control_list_not_supported());
  co_return empty_reply(request);
}

}  // namespace ads::cloud::s3
