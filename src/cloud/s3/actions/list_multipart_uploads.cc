// GET /bucket?uploads
#include "cloud/s3/actions.h"
#include "cloud/s3/events.h"
#include "cloud/s3/list_reply.h"
#include "cloud/s3/listing.h"
#include "cloud/s3/xml.h"

namespace ads::cloud::s3 {

Task<Outcome<http::Reply>> list_multipart_uploads(State& state, Request& request) {
  auto encoding = KeyEncoding::read(request);
  if (!encoding) co_return refuse(encoding.error());
  auto most = request.query_number("max-uploads", 1000, 1000);
  if (!most) co_return refuse(most.error());
  const auto& key_marker = request.query_or_empty("key-marker");
  // Without a key marker an upload id marker is ignored.
  std::string upload_marker = key_marker.empty() ? "" : request.query_or_empty("upload-id-marker");
  ListQuery query{request.query_or_empty("prefix"), request.query_or_empty("delimiter"), key_marker, upload_marker,
                  *most};
  auto page = list_uploads(state.store, *request.bucket, query);

  XmlWriter xml;
  xml.open("ListMultipartUploadsResult", kS3Namespace).element("Bucket", request.address.bucket);
  xml.element("KeyMarker", (*encoding)(key_marker)).element("UploadIdMarker", upload_marker);
  if (page.is_truncated)
    xml.element("NextKeyMarker", (*encoding)(page.last)).element("NextUploadIdMarker", page.last_version);
  if (!query.prefix.empty()) xml.element("Prefix", (*encoding)(query.prefix));
  if (!query.delimiter.empty()) xml.element("Delimiter", (*encoding)(query.delimiter));
  encoding->write(xml);
  xml.element("MaxUploads", std::to_string(*most)).element("IsTruncated", page.is_truncated ? "true" : "false");
  auto owner = canonical_user(request.bucket->account);
  for (const auto& [key, upload] : page.entries) {
    xml.open("Upload").element("Key", (*encoding)(key)).element("UploadId", upload.upload_id);
    xml.open("Initiator").element("ID", owner).close().open("Owner").element("ID", owner).close();
    xml.element("StorageClass", upload.storage_class).element("Initiated", iso8601(upload.initiated));
    if (upload.checksum_algorithm != ChecksumAlgorithm::none)
      xml.element("ChecksumAlgorithm", to_string(upload.checksum_algorithm))
          .element("ChecksumType", to_string(upload.checksum_type));
    xml.close();
  }
  encoding->write_prefixes(xml, page.prefixes);
  xml.close();
  co_return xml_reply(request, xml.take());
}

}  // namespace ads::cloud::s3
