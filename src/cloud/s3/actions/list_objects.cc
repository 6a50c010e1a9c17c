// GET /bucket and GET /bucket?list-type=2
#include "base/encoding.h"
#include "cloud/query_protocol.h"
#include "cloud/s3/actions.h"
#include "cloud/s3/errors.h"
#include "cloud/s3/events.h"
#include "cloud/s3/list_reply.h"
#include "cloud/s3/listing.h"
#include "cloud/s3/xml.h"

namespace ads::cloud::s3 {
namespace {

void write_contents(XmlWriter& xml, const KeyEncoding& encoding, const ListPage<ListedObject>& page,
                    const std::string& owner) {
  for (const auto& [key, object] : page.entries) {
    xml.open("Contents").element("Key", encoding(key)).element("LastModified", iso8601(object.modified));
    xml.element("ETag", in_quotes(object.etag));
    if (object.checksum)
      xml.element("ChecksumAlgorithm", to_string(object.checksum.algorithm))
          .element("ChecksumType", to_string(object.checksum.type));
    xml.element("Size", std::to_string(object.size));
    if (!owner.empty()) xml.open("Owner").element("ID", owner).close();
    xml.element("StorageClass", object.storage_class).close();
  }
}

}  // namespace

Task<Outcome<http::Reply>> list_objects_v2(State& state, Request& request) {
  auto encoding = KeyEncoding::read(request);
  if (!encoding) co_return refuse(encoding.error());
  auto most = request.query_number("max-keys", 1000, 1000);
  if (!most) co_return refuse(most.error());
  ListQuery query{request.query_or_empty("prefix"), request.query_or_empty("delimiter"),
                  request.query_or_empty("start-after"), "", *most};
  const auto* token = request.find_query("continuation-token");
  if (token) {
    auto after = from_base64(*token);
    if (!after || after->empty())
      co_return refuse(
          errors::invalid_argument("The continuation token provided is incorrect", "continuation-token", *token));
    query.after = std::move(*after);
  }
  auto page = list_objects(state.store, *request.bucket, query);

  XmlWriter xml;
  xml.open("ListBucketResult", kS3Namespace).element("Name", request.address.bucket);
  xml.element("Prefix", (*encoding)(query.prefix));
  if (token) xml.element("ContinuationToken", *token);
  if (page.is_truncated) xml.element("NextContinuationToken", to_base64(page.last));
  if (const auto* after = request.find_query("start-after")) xml.element("StartAfter", (*encoding)(*after));
  xml.element("KeyCount", std::to_string(page.entries.size() + page.prefixes.size()));
  xml.element("MaxKeys", std::to_string(*most));
  if (!query.delimiter.empty()) xml.element("Delimiter", (*encoding)(query.delimiter));
  encoding->write(xml);
  xml.element("IsTruncated", page.is_truncated ? "true" : "false");
  write_contents(xml, *encoding, page,
                 request.query_or_empty("fetch-owner") == "true" ? canonical_user(request.bucket->account) : "");
  encoding->write_prefixes(xml, page.prefixes);
  xml.close();
  auto reply = xml_reply(request, xml.take());
  reply.headers.add("x-amz-bucket-region", request.bucket->region);
  co_return reply;
}

Task<Outcome<http::Reply>> list_objects_v1(State& state, Request& request) {
  auto encoding = KeyEncoding::read(request);
  if (!encoding) co_return refuse(encoding.error());
  auto most = request.query_number("max-keys", 1000, 1000);
  if (!most) co_return refuse(most.error());
  ListQuery query{request.query_or_empty("prefix"), request.query_or_empty("delimiter"),
                  request.query_or_empty("marker"), "", *most};
  auto page = list_objects(state.store, *request.bucket, query);

  XmlWriter xml;
  xml.open("ListBucketResult", kS3Namespace).element("Name", request.address.bucket);
  xml.element("Prefix", (*encoding)(query.prefix)).element("Marker", (*encoding)(query.after));
  if (page.is_truncated && !query.delimiter.empty()) xml.element("NextMarker", (*encoding)(page.last));
  xml.element("MaxKeys", std::to_string(*most));
  if (!query.delimiter.empty()) xml.element("Delimiter", (*encoding)(query.delimiter));
  encoding->write(xml);
  xml.element("IsTruncated", page.is_truncated ? "true" : "false");
  write_contents(xml, *encoding, page, canonical_user(request.bucket->account));
  encoding->write_prefixes(xml, page.prefixes);
  xml.close();
  auto reply = xml_reply(request, xml.take());
  reply.headers.add("x-amz-bucket-region", request.bucket->region);
  co_return reply;
}

}  // namespace ads::cloud::s3
