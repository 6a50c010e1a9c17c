// ListBuckets, CreateBucket, HeadBucket, DeleteBucket, GetBucketLocation
#include <pugixml.hpp>

#include "base/encoding.h"
#include "cloud/query_protocol.h"
#include "cloud/s3/actions.h"
#include "cloud/s3/body.h"
#include "cloud/s3/configurations.h"
#include "cloud/s3/errors.h"
#include "cloud/s3/events.h"
#include "cloud/s3/lookup.h"
#include "cloud/s3/object_headers.h"
#include "cloud/s3/tagging.h"
#include "cloud/s3/xml.h"

namespace ads::cloud::s3 {
namespace {

constexpr std::string_view kHomeRegion = "us-east-1";  // has no location constraint

struct Wanted {
  std::string region;
  NamedValues tags;
};

// Where a bucket may be made: any region through us-east-1's endpoint, else only the endpoint's own.
Outcome<Wanted> read_configuration(const std::string& body, const std::string& endpoint_region) {
  Wanted wanted;
  std::string constraint;
  if (!body.empty()) {
    auto text = normalise_xml(body, "CreateBucketConfiguration{LocationConstraint,Tags{Tag*{Key!,Value!}}}");
    if (!text) return refuse(text.error());
    pugi::xml_document document;
    auto root = parse_xml(document, *text, "CreateBucketConfiguration");
    if (!root) return refuse(root.error());
    constraint = child_text(*root, "LocationConstraint");
    for (auto tag : root->child("Tags").children("Tag"))
      wanted.tags.emplace_back(child_text(tag, "Key"), child_text(tag, "Value"));
  }
  if (constraint == "EU") constraint = "eu-west-1";
  if (constraint == kHomeRegion)
    return refuse(400, "InvalidLocationConstraint", "The specified location-constraint is not valid");
  if (endpoint_region == kHomeRegion) {
    wanted.region = constraint.empty() ? std::string(kHomeRegion) : constraint;
  } else {
    if (constraint != endpoint_region) return refuse(errors::illegal_location_constraint(constraint));
    wanted.region = constraint;
  }
  return wanted;
}

}  // namespace

Task<Outcome<http::Reply>> create_bucket(State& state, Request& request) {
  const auto& name = request.address.bucket;
  auto body = co_await read_body(request, kXmlLimit);
  if (!body) co_return refuse(body.error());
  if (!is_valid_bucket_name(name)) co_return refuse(errors::invalid_bucket_name(name));
  auto lock = request.headers().get_or("x-amz-bucket-object-lock-enabled", "false");
  if (lock != "false" && lock != "False")
    co_return refuse(errors::header_not_implemented("x-amz-bucket-object-lock-enabled"));
  if (auto acl = check_acl_headers(request); !acl) co_return refuse(acl.error());
  auto wanted = read_configuration(*body, request.call.region);
  if (!wanted) co_return refuse(wanted.error());
  if (auto checked = check_tags(wanted->tags, 50); !checked) co_return refuse(checked.error());

  auto reply = empty_reply(request);
  reply.headers.add("Location", "/" + name);
  if (auto existing = state.buckets.find(name)) {
    if (existing->account != request.call.account) co_return refuse(errors::bucket_already_exists(name));
    // In us-east-1, and there only, making one's own bucket again succeeds.
    if (existing->region == kHomeRegion && request.call.region == kHomeRegion) co_return reply;
    co_return refuse(errors::bucket_already_owned_by_you(name));
  }
  Bucket bucket;
  bucket.id = state.sequence.next();
  bucket.name = name;
  bucket.region = wanted->region;
  bucket.account = request.call.account;
  bucket.created = request.call.now;
  set_creation_defaults(bucket);
  if (!wanted->tags.empty()) bucket.configurations["tagging"] = tagging_xml(wanted->tags);
  if (auto ownership = request.header("x-amz-object-ownership")) {
    json::object rule{{"ObjectOwnership", *ownership}};
    auto document = check_configuration(*find_configuration("ownershipControls"), bucket,
                                        ownership_xml({{"Rules", json::array{std::move(rule)}}}));
    if (!document) co_return refuse(document.error());
  }
  if (auto saved = state.buckets.save(state.blobs, std::move(bucket)); !saved)
    co_return refuse(internal_error(saved.error()));
  if (auto flushed = co_await state.durable(); !flushed) co_return refuse(flushed.error());
  co_return reply;
}

Task<Outcome<http::Reply>> head_bucket(State&, Request& request) {
  auto reply = empty_reply(request);
  reply.headers.add("x-amz-bucket-region", request.bucket->region);
  reply.headers.add("x-amz-access-point-alias", "false");
  reply.headers.add("Content-Type", "application/xml");
  co_return reply;
}

Task<Outcome<http::Reply>> delete_bucket(State& state, Request& request) {
  const auto& bucket = *request.bucket;
  if (!state.objects.is_empty(bucket)) co_return refuse(errors::bucket_not_empty(bucket.name));
  if (auto aborted = state.uploads.abort_all(state.blobs, bucket); !aborted)
    co_return refuse(internal_error(aborted.error()));
  if (auto removed = state.buckets.remove(state.blobs, bucket); !removed)
    co_return refuse(internal_error(removed.error()));
  if (auto flushed = co_await state.durable(); !flushed) co_return refuse(flushed.error());
  co_return empty_reply(request, 204);
}

Task<Outcome<http::Reply>> list_buckets(State& state, Request& request) {
  const auto* most_text = request.find_query("max-buckets");
  auto most = request.query_number("max-buckets", 10'000, 10'000);
  if (!most) co_return refuse(most.error());
  std::string after;
  if (const auto* token = request.find_query("continuation-token")) {
    auto decoded = from_base64(*token);
    if (!decoded)
      co_return refuse(
          errors::invalid_argument("The continuation token provided is incorrect", "continuation-token", *token));
    after = std::move(*decoded);
  }
  const auto& region = request.query_or_empty("bucket-region");
  auto buckets = state.buckets.list(request.query_or_empty("prefix"), after, 10'001);
  XmlWriter xml;
  auto owner = canonical_user(request.call.account);
  xml.open("ListAllMyBucketsResult", kS3Namespace).open("Owner").element("ID", owner).close().open("Buckets");
  std::size_t shown = 0;
  std::string last, next;
  for (const auto& bucket : buckets) {
    if (!region.empty() && bucket->region != region) continue;
    if (shown == *most) {
      next = last;
      break;
    }
    ++shown;
    last = bucket->name;
    xml.open("Bucket").element("Name", bucket->name).element("CreationDate", iso8601(bucket->created));
    if (most_text || !region.empty()) xml.element("BucketRegion", bucket->region);
    xml.close();
  }
  xml.close();
  if (!next.empty()) xml.element("ContinuationToken", to_base64(next));
  if (const auto* prefix = request.find_query("prefix")) xml.element("Prefix", *prefix);
  xml.close();
  co_return xml_reply(request, xml.take());
}

Task<Outcome<http::Reply>> get_bucket_location(State&, Request& request) {
  XmlWriter xml;
  auto region = request.bucket->region == kHomeRegion ? std::string{} : request.bucket->region;
  xml.open("LocationConstraint", kS3Namespace).raw(escape_xml(region)).close();
  co_return xml_reply(request, xml.take());
}

}  // namespace ads::cloud::s3
