// PUT /bucket/key
#include "base/encoding.h"
#include "cloud/s3/actions.h"
#include "cloud/s3/body.h"
#include "cloud/s3/conditions.h"
#include "cloud/s3/errors.h"
#include "cloud/s3/lookup.h"
#include "cloud/s3/object_headers.h"

namespace ads::cloud::s3 {
namespace {

Outcome<void> check_conditions(State& state, const Request& request, const Bucket& bucket) {
  if (!request.header("If-Match") && !request.header("If-None-Match")) return {};
  auto current = state.objects.current_summary(bucket, request.key());
  return check_write(request.headers(), request.key(), current ? &*current : nullptr);
}

}  // namespace

Task<Outcome<http::Reply>> put_object(State& state, Request& request) {
  auto attributes = read_object_headers(request);
  if (!attributes) co_return refuse(attributes.error());
  auto reader = BodyReader::open(request);
  if (!reader) co_return refuse(reader.error());
  if (reader->length() > kLargestPut) co_return refuse(errors::entity_too_large(reader->length(), kLargestPut));
  // A refusal before the body spares the client sending it; the conditions are checked again when the object is made.
  if (auto held = check_conditions(state, request, *request.bucket); !held) co_return refuse(held.error());

  ObjectRecord record;
  std::optional<PendingBlob> pending;
  record.size = reader->length();
  if (reader->length() <= kInlineLimit) {
    record.is_inline = true;
    std::string piece;
    do {
      if (auto read = co_await reader->read(piece); !read) co_return refuse(read.error());
      reader->hash(piece);
      record.inline_body += piece;
    } while (!piece.empty());
    if (auto verified = reader->verify(); !verified) co_return refuse(verified.error());
  } else {
    auto begun = state.blobs.begin();
    if (!begun) co_return refuse(internal_error(begun.error()));
    pending.emplace(std::move(*begun));
    if (auto stored = co_await store_body(state, *reader, pending->file(), 0); !stored)
      co_return refuse(stored.error());
    record.slices = {{pending->id(), 0, record.size}};
  }

  // From here to apply() nothing else runs: check, decide, change.
  auto bucket = refresh_bucket(state, request);
  if (!bucket) co_return refuse(bucket.error());
  if (auto held = check_conditions(state, request, **bucket); !held) co_return refuse(held.error());
  record.modified = request.call.now;
  record.etag = to_hex(reader->md5());
  record.checksum = reader->checksum();
  record.storage_class = std::move(attributes->storage_class);
  record.headers = std::move(attributes->headers);
  record.tags = std::move(attributes->tags);
  Transaction transaction;
  state.objects.put(transaction, **bucket, request.key(), record);
  if (pending) pending->adopt(transaction);
  state.outbox.add(transaction, request.call, **bucket,
                   {"ObjectCreated:Put", request.key(), record.etag, record.version_id, record.size, record.sequence});
  if (auto committed = co_await state.commit(std::move(transaction)); !committed) co_return refuse(committed.error());

  auto reply = empty_reply(request);
  reply.headers.add("ETag", in_quotes(record.etag));
  add_checksum_headers(reply.headers, record.checksum);
  add_encryption_headers(reply.headers, record.headers);
  if ((*bucket)->versioning != Versioning::never) reply.headers.add("x-amz-version-id", record.version_name());
  co_return reply;
}

}  // namespace ads::cloud::s3
