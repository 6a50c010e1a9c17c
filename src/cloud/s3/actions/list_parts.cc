// GET /bucket/key?uploadId[&max-parts][&part-number-marker]
#include "cloud/query_protocol.h"
#include "cloud/s3/actions.h"
#include "cloud/s3/events.h"
#include "cloud/s3/parts.h"
#include "cloud/s3/xml.h"

namespace ads::cloud::s3 {

Task<Outcome<http::Reply>> list_parts(State& state, Request& request) {
  auto upload = find_upload(state, request);
  if (!upload) co_return refuse(upload.error());
  auto most = request.query_number("max-parts", 1000, 1000);
  if (!most) co_return refuse(most.error());
  auto after = request.query_number("part-number-marker", 0, 100'000);
  if (!after) co_return refuse(after.error());
  auto parts = state.uploads.parts(upload->upload_id, *after, *most + 1);
  bool is_truncated = parts.size() > *most && *most > 0;
  if (parts.size() > *most) parts.erase(std::prev(parts.end()));

  XmlWriter xml;
  xml.open("ListPartsResult", kS3Namespace).element("Bucket", request.address.bucket).element("Key", request.key());
  xml.element("UploadId", upload->upload_id);
  xml.open("Initiator")
      .element("ID", request.call.caller.arn)
      .element("DisplayName", request.call.caller.user_id)
      .close();
  xml.open("Owner").element("ID", canonical_user(request.bucket->account)).close();
  xml.element("StorageClass", upload->storage_class).element("PartNumberMarker", std::to_string(*after));
  xml.element("NextPartNumberMarker", std::to_string(parts.empty() ? 0 : parts.rbegin()->first));
  xml.element("MaxParts", std::to_string(*most)).element("IsTruncated", is_truncated ? "true" : "false");
  bool has_checksum = upload->checksum_algorithm != ChecksumAlgorithm::none;
  if (has_checksum)
    xml.element("ChecksumAlgorithm", to_string(upload->checksum_algorithm))
        .element("ChecksumType", to_string(upload->checksum_type));
  for (const auto& [number, part] : parts) {
    xml.open("Part").element("PartNumber", std::to_string(number)).element("LastModified", iso8601(part.modified));
    xml.element("ETag", in_quotes(part.etag)).element("Size", std::to_string(part.size));
    if (has_checksum && !part.checksum.empty()) xml.element(element_name(upload->checksum_algorithm), part.checksum);
    xml.close();
  }
  xml.close();
  co_return xml_reply(request, xml.take());
}

}  // namespace ads::cloud::s3
