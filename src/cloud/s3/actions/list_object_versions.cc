// GET /bucket?versions
#include "cloud/s3/actions.h"
#include "cloud/s3/events.h"
#include "cloud/s3/list_reply.h"
#include "cloud/s3/listing.h"
#include "cloud/s3/xml.h"

namespace ads::cloud::s3 {

Task<Outcome<http::Reply>> list_object_versions(State& state, Request& request) {
  auto encoding = KeyEncoding::read(request);
  if (!encoding) co_return refuse(encoding.error());
  auto most = request.query_number("max-keys", 1000, 1000);
  if (!most) co_return refuse(most.error());
  const auto& key_marker = request.query_or_empty("key-marker");
  const auto& version_marker = request.query_or_empty("version-id-marker");
  if (!version_marker.empty() && key_marker.empty())
    co_return refuse(errors::invalid_argument("A version-id marker cannot be specified without a key marker.",
                                              "version-id-marker", version_marker));
  ListQuery query{request.query_or_empty("prefix"), request.query_or_empty("delimiter"), key_marker, version_marker,
                  *most};
  auto page = list_versions(state.store, *request.bucket, query);

  XmlWriter xml;
  xml.open("ListVersionsResult", kS3Namespace).element("Name", request.address.bucket);
  xml.element("Prefix", (*encoding)(query.prefix)).element("KeyMarker", (*encoding)(key_marker));
  xml.element("VersionIdMarker", version_marker);
  if (page.is_truncated) {
    xml.element("NextKeyMarker", (*encoding)(page.last));
    if (!page.last_version.empty()) xml.element("NextVersionIdMarker", page.last_version);
  }
  xml.element("MaxKeys", std::to_string(*most));
  if (!query.delimiter.empty()) xml.element("Delimiter", (*encoding)(query.delimiter));
  encoding->write(xml);
  xml.element("IsTruncated", page.is_truncated ? "true" : "false");
  auto owner = canonical_user(request.bucket->account);
  for (const auto& [key, object, is_latest] : page.entries) {
    xml.open(object.is_delete_marker ? "DeleteMarker" : "Version").element("Key", (*encoding)(key));
    xml.element("VersionId", object.version_name()).element("IsLatest", is_latest ? "true" : "false");
    xml.element("LastModified", iso8601(object.modified));
    if (!object.is_delete_marker) {
      xml.element("ETag", in_quotes(object.etag));
      if (object.checksum)
        xml.element("ChecksumAlgorithm", to_string(object.checksum.algorithm))
            .element("ChecksumType", to_string(object.checksum.type));
      xml.element("Size", std::to_string(object.size)).element("StorageClass", object.storage_class);
    }
    xml.open("Owner").element("ID", owner).close().close();
  }
  encoding->write_prefixes(xml, page.prefixes);
  xml.close();
  co_return xml_reply(request, xml.take());
}

}  // namespace ads::cloud::s3
