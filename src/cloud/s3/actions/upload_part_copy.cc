// PUT /bucket/key?partNumber&uploadId with x-amz-copy-source. The part refers to the source's files.
#include <sys/types.h>
#include <unistd.h>

#include "base/encoding.h"
#include "cloud/query_protocol.h"
#include "cloud/s3/actions.h"
#include "cloud/s3/body.h"
#include "cloud/s3/errors.h"
#include "cloud/s3/lookup.h"
#include "cloud/s3/object_headers.h"
#include "cloud/s3/parts.h"
#include "cloud/s3/xml.h"

namespace ads::cloud::s3 {
namespace {

constexpr int kMostTries = 3;

// A body that stands in the store has no file to refer to: its bytes go to the upload's own blob.
Task<Outcome<Slices>> write_inline(State& state, const UploadRecord& upload, std::string_view bytes) {
  auto file = state.blobs.open_for_writing(upload.blob);
  if (!file) co_return refuse(internal_error(file.error()));
  auto room = state.uploads.reserve(upload, **file, bytes.size());
  bool is_written = false;
  co_await state.store.off_thread([&] {
    is_written = ::pwrite((*file)->descriptor(), bytes.data(), bytes.size(), static_cast<off_t>(room.offset())) ==
                     static_cast<ssize_t>(bytes.size()) &&
                 ::fdatasync((*file)->descriptor()) == 0;
  });
  if (!is_written)
    co_return refuse(internal_error({ErrorKind::unavailable, "BodyNotWritten", "a part's body could not be written"}));
  Slices slices;
  append_slice(slices, {upload.blob, room.offset(), bytes.size()});
  co_return slices;
}

}  // namespace

Task<Outcome<http::Reply>> upload_part_copy(State& state, Request& request) {
  auto number = part_number(request);
  if (!number) co_return refuse(number.error());
  auto source = parse_copy_source(*request.header("x-amz-copy-source"));
  if (!source) co_return refuse(source.error());

  for (int attempt = 1;; ++attempt) {
    auto upload = find_upload(state, request);
    if (!upload) co_return refuse(upload.error());
    auto found = find_copy_source(state, request, *source);
    if (!found) co_return refuse(found.error());
    std::uint64_t offset = 0, length = found->object.size;
    if (auto header = request.header("x-amz-copy-source-range")) {
      auto range = parse_copy_range(*header, found->object.size);
      if (!range) co_return refuse(range.error());
      offset = range->first;
      length = range->length();
    }
    if (length > kLargestPut)
      co_return refuse(errors::invalid_request(
          "The specified copy source is larger than the maximum allowable size for a copy source: 5368709120"));
    auto digests = co_await digest_body(state, found->object, offset, length, upload->checksum_algorithm);
    if (!digests) co_return refuse(digests.error());
    Slices slices;
    if (found->object.is_inline) {
      auto written =
          co_await write_inline(state, *upload, std::string_view(found->object.inline_body).substr(offset, length));
      if (!written) co_return refuse(written.error());
      slices = std::move(*written);
    } else {
      slices = cut(found->object.slices, offset, length);
    }

    // Both may have changed while bytes were read; from here to apply() nothing else runs.
    auto again = find_copy_source(state, request, *source);
    if (!again) co_return refuse(again.error());
    if (again->object.sequence != found->object.sequence && !found->object.is_inline) {
      if (attempt < kMostTries) continue;
      co_return refuse(
          409, "OperationAborted",
          "A conflicting conditional operation is currently in progress against this resource. Please try again.");
    }
    if (auto still = find_upload(state, request); !still) co_return refuse(still.error());
    PartRecord part;
    part.size = length;
    part.modified = request.call.now;
    part.etag = to_hex(digests->md5);
    if (upload->checksum_algorithm != ChecksumAlgorithm::none) part.checksum = to_base64(digests->checksum);
    part.slices = std::move(slices);
    auto before = state.uploads.part(upload->upload_id, *number);
    Transaction transaction;
    state.uploads.put_part(transaction, *upload, *number, part);
    if (auto committed = co_await state.commit(std::move(transaction)); !committed) co_return refuse(committed.error());
    if (before) co_await punch_holes(state, upload->blob, in_blob(before->slices, upload->blob));

    XmlWriter xml;
    xml.open("CopyPartResult", kS3Namespace)
        .element("ETag", in_quotes(part.etag))
        .element("LastModified", iso8601(part.modified));
    if (!part.checksum.empty()) xml.element(element_name(upload->checksum_algorithm), part.checksum);
    xml.close();
    auto reply = xml_reply(request, xml.take());
    add_encryption_headers(reply.headers, upload->headers);
    if (found->bucket->versioning != Versioning::never)
      reply.headers.add("x-amz-copy-source-version-id", found->object.version_name());
    co_return reply;
  }
}

}  // namespace ads::cloud::s3
