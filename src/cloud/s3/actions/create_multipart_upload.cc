// POST /bucket/key?uploads
#include "cloud/query_protocol.h"
#include "cloud/s3/actions.h"
#include "cloud/s3/errors.h"
#include "cloud/s3/object_headers.h"
#include "cloud/s3/xml.h"

namespace ads::cloud::s3 {

Task<Outcome<http::Reply>> create_multipart_upload(State& state, Request& request) {
  auto attributes = read_object_headers(request);
  if (!attributes) co_return refuse(attributes.error());
  UploadRecord upload;
  if (auto name = request.header("x-amz-checksum-algorithm")) {
    auto algorithm = parse_algorithm(*name);
    if (!algorithm)
      co_return refuse(errors::invalid_request(
          "Checksum algorithm provided is unsupported. Please try again with any of the valid types: "
          "[CRC32, CRC32C, CRC64NVME, SHA1, SHA256]"));
    upload.checksum_algorithm = *algorithm;
    bool is_wide = *algorithm == ChecksumAlgorithm::crc64nvme;
    bool is_sha = *algorithm == ChecksumAlgorithm::sha1 || *algorithm == ChecksumAlgorithm::sha256;
    auto type = request.headers().get_or("x-amz-checksum-type", is_wide ? "FULL_OBJECT" : "COMPOSITE");
    if ((type == "FULL_OBJECT" && is_sha) || (type == "COMPOSITE" && is_wide))
      co_return refuse(errors::invalid_request("The " + std::string(type) + " checksum type cannot be used with the " +
                                               std::string(to_string(*algorithm)) + " checksum algorithm."));
    if (type != "FULL_OBJECT" && type != "COMPOSITE")
      co_return refuse(errors::invalid_request("Value for x-amz-checksum-type header is invalid."));
    upload.checksum_type = type == "COMPOSITE" ? ChecksumType::composite : ChecksumType::full_object;
  } else if (request.header("x-amz-checksum-type")) {
    co_return refuse(errors::invalid_request(
        "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header."));
  }
  upload.initiated = request.call.now;
  upload.storage_class = attributes->storage_class;
  upload.headers = std::move(attributes->headers);
  upload.tags = std::move(attributes->tags);
  Transaction transaction;
  state.uploads.create(transaction, *request.bucket, request.key(), upload);
  if (auto committed = co_await state.commit(std::move(transaction)); !committed) co_return refuse(committed.error());

  XmlWriter xml;
  xml.open("InitiateMultipartUploadResult", kS3Namespace).element("Bucket", request.address.bucket);
  xml.element("Key", request.key()).element("UploadId", upload.upload_id).close();
  auto reply = xml_reply(request, xml.take());
  add_encryption_headers(reply.headers, upload.headers);
  if (upload.checksum_algorithm != ChecksumAlgorithm::none) {
    reply.headers.add("x-amz-checksum-algorithm", std::string(to_string(upload.checksum_algorithm)));
    reply.headers.add("x-amz-checksum-type", std::string(to_string(upload.checksum_type)));
  }
  co_return reply;
}

}  // namespace ads::cloud::s3
