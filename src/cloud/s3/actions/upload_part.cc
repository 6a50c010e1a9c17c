// PUT /bucket/key?partNumber&uploadId
#include "base/encoding.h"
#include "cloud/s3/actions.h"
#include "cloud/s3/body.h"
#include "cloud/s3/errors.h"
#include "cloud/s3/object_headers.h"
#include "cloud/s3/parts.h"

namespace ads::cloud::s3 {

Task<Outcome<http::Reply>> upload_part(State& state, Request& request) {
  auto number = part_number(request);
  if (!number) co_return refuse(number.error());
  auto upload = find_upload(state, request);
  if (!upload) co_return refuse(upload.error());
  auto reader = BodyReader::open(request, upload->checksum_algorithm);
  if (!reader) co_return refuse(reader.error());
  if (reader->length() > kLargestPut) co_return refuse(errors::entity_too_large(reader->length(), kLargestPut));
  bool has_algorithm = upload->checksum_algorithm != ChecksumAlgorithm::none;
  if (has_algorithm && reader->algorithm() != upload->checksum_algorithm)
    co_return refuse(errors::invalid_request("Checksum Type mismatch occurred, expected checksum Type: " +
                                             std::string(to_string(upload->checksum_algorithm)) +
                                             ", actual checksum Type: " + std::string(to_string(reader->algorithm()))));

  auto file = state.blobs.open_for_writing(upload->blob);
  if (!file) co_return refuse(internal_error(file.error()));
  auto room = state.uploads.reserve(*upload, **file, reader->length());
  if (auto stored = co_await store_body(state, *reader, *file, room.offset()); !stored)
    co_return refuse(stored.error());

  // The upload may have been completed or aborted meanwhile.
  if (auto still = find_upload(state, request); !still) co_return refuse(still.error());
  PartRecord part;
  part.size = reader->length();
  part.modified = request.call.now;
  part.etag = to_hex(reader->md5());
  if (has_algorithm) part.checksum = reader->checksum().value;
  append_slice(part.slices, {upload->blob, room.offset(), part.size});
  auto before = state.uploads.part(upload->upload_id, *number);
  Transaction transaction;
  state.uploads.put_part(transaction, *upload, *number, part);
  if (auto committed = co_await state.commit(std::move(transaction)); !committed) co_return refuse(committed.error());
  if (before) co_await punch_holes(state, upload->blob, in_blob(before->slices, upload->blob));

  auto reply = empty_reply(request);
  reply.headers.add("ETag", in_quotes(part.etag));
  if (auto checksum = reader->checksum()) reply.headers.add(header_name(checksum.algorithm), checksum.value);
  add_encryption_headers(reply.headers, upload->headers);
  co_return reply;
}

}  // namespace ads::cloud::s3
