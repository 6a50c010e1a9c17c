// PUT /bucket/key with x-amz-copy-source. No byte is copied: the new object refers to the same files.
#include "base/encoding.h"
#include "cloud/query_protocol.h"
#include "cloud/s3/access.h"
#include "cloud/s3/actions.h"
#include "cloud/s3/body.h"
#include "cloud/s3/conditions.h"
#include "cloud/s3/errors.h"
#include "cloud/s3/lookup.h"
#include "cloud/s3/object_headers.h"
#include "cloud/s3/xml.h"

namespace ads::cloud::s3 {
namespace {

constexpr int kMostTries = 3;

Outcome<bool> replaces(const Request& request, std::string_view header) {
  auto directive = request.headers().get_or(header, "COPY");
  if (directive != "COPY" && directive != "REPLACE")
    return refuse(errors::invalid_argument("Unknown metadata directive.", header, directive));
  return directive == "REPLACE";
}

// What a copy changes besides the place; a copy onto itself must change something.
bool changes_something(const Request& request) {
  for (std::string_view name :
       {"x-amz-storage-class", "x-amz-website-redirect-location", "x-amz-server-side-encryption"})
    if (request.header(name)) return true;
  return false;
}

// A copy is a single-part object: what was multipart gets a plain MD5, and a whole checksum where one is asked for.
Task<Outcome<void>> renew_digests(State& state, const Request& request, ObjectRecord& copy) {
  auto algorithm = copy.checksum.algorithm;
  if (auto name = request.header("x-amz-checksum-algorithm")) {
    auto parsed = parse_algorithm(*name);
    if (!parsed)
      co_return refuse(errors::invalid_request(
          "Checksum algorithm provided is unsupported. Please try again with any of the valid types: "
          "[CRC32, CRC32C, CRC64NVME, SHA1, SHA256]"));
    algorithm = *parsed;
  }
  bool has_checksum = copy.checksum.algorithm == algorithm && copy.checksum.type == ChecksumType::full_object;
  if (!copy.is_multipart && has_checksum) co_return Outcome<void>{};
  auto digests = co_await digest_body(state, copy, 0, copy.size, algorithm);
  if (!digests) co_return refuse(digests.error());
  copy.etag = to_hex(digests->md5);
  copy.checksum = {};
  if (algorithm != ChecksumAlgorithm::none)
    copy.checksum = {algorithm, ChecksumType::full_object, to_base64(digests->checksum)};
  copy.is_multipart = false;
  copy.parts.clear();
  co_return Outcome<void>{};
}

Outcome<void> check_destination(State& state, const Request& request, const Bucket& bucket) {
  auto current = state.objects.current_summary(bucket, request.key());
  return check_write(request.headers(), request.key(), current ? &*current : nullptr);
}

}  // namespace

Task<Outcome<http::Reply>> copy_object(State& state, Request& request) {
  auto source = parse_copy_source(*request.header("x-amz-copy-source"));
  if (!source) co_return refuse(source.error());
  auto replaces_metadata = replaces(request, "x-amz-metadata-directive");
  if (!replaces_metadata) co_return refuse(replaces_metadata.error());
  auto replaces_tags = replaces(request, "x-amz-tagging-directive");
  if (!replaces_tags) co_return refuse(replaces_tags.error());
  auto attributes = read_object_headers(request);
  if (!attributes) co_return refuse(attributes.error());
  bool is_itself =
      source->bucket == request.address.bucket && source->key == request.key() && source->version_id.empty();
  if (is_itself && !*replaces_metadata && !changes_something(request))
    co_return refuse(errors::invalid_request(
        "This copy request is illegal because it is trying to copy an object to itself without changing the object's "
        "metadata, storage class, website redirect location or encryption attributes."));

  for (int attempt = 1;; ++attempt) {
    auto found = find_copy_source(state, request, *source);
    if (!found) co_return refuse(found.error());
    if (!found->object.tags.empty() && !*replaces_tags)
      if (auto allowed = authorize_copied_tags(state, request, *source, *found->bucket); !allowed)
        co_return refuse(allowed.error());
    if (found->object.size > kLargestPut)
      co_return refuse(errors::invalid_request(
          "The specified copy source is larger than the maximum allowable size for a copy source: 5368709120"));
    if (auto held = check_destination(state, request, *request.bucket); !held) co_return refuse(held.error());
    ObjectRecord copy = found->object;
    if (auto renewed = co_await renew_digests(state, request, copy); !renewed) co_return refuse(renewed.error());

    // The source may have gone while its bytes were read; from here to apply() nothing else runs.
    auto again = find_copy_source(state, request, *source);
    if (!again) co_return refuse(again.error());
    if (again->object.sequence != found->object.sequence) {
      if (attempt < kMostTries) continue;
      co_return refuse(
          409, "OperationAborted",
          "A conflicting conditional operation is currently in progress against this resource. Please try again.");
    }
    auto bucket = refresh_bucket(state, request);
    if (!bucket) co_return refuse(bucket.error());
    if (auto held = check_destination(state, request, **bucket); !held) co_return refuse(held.error());

    copy.modified = request.call.now;
    copy.storage_class = attributes->storage_class;
    if (*replaces_metadata) {
      copy.headers = attributes->headers;
    } else {
      // Encryption is the destination's affair, whatever the source has.
      std::erase_if(copy.headers,
                    [](auto& header) { return header.first.starts_with("x-amz-server-side-encryption"); });
      for (const auto& header : attributes->headers)
        if (header.first.starts_with("x-amz-server-side-encryption")) copy.headers.push_back(header);
    }
    if (*replaces_tags) copy.tags = attributes->tags;
    Transaction transaction;
    transaction.retain(copy.slices);
    state.objects.put(transaction, **bucket, request.key(), copy);
    state.outbox.add(transaction, request.call, **bucket,
                     {"ObjectCreated:Copy", request.key(), copy.etag, copy.version_id, copy.size, copy.sequence});
    if (auto committed = co_await state.commit(std::move(transaction)); !committed) co_return refuse(committed.error());

    XmlWriter xml;
    xml.open("CopyObjectResult", kS3Namespace)
        .element("ETag", in_quotes(copy.etag))
        .element("LastModified", iso8601(copy.modified));
    if (copy.checksum)
      xml.element("ChecksumType", to_string(copy.checksum.type))
          .element(element_name(copy.checksum.algorithm), copy.checksum.value);
    xml.close();
    auto reply = xml_reply(request, xml.take());
    add_encryption_headers(reply.headers, copy.headers);
    if ((*bucket)->versioning != Versioning::never) reply.headers.add("x-amz-version-id", copy.version_name());
    if (found->bucket->versioning != Versioning::never)
      reply.headers.add("x-amz-copy-source-version-id", found->object.version_name());
    co_return reply;
  }
}

}  // namespace ads::cloud::s3
