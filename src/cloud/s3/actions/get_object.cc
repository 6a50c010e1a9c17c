// GET and HEAD /bucket/key[?versionId][&partNumber][&response-*]
#include <fmt/core.h>

#include "cloud/s3/actions.h"
#include "cloud/s3/body_check.h"
#include "cloud/s3/conditions.h"
#include "cloud/s3/errors.h"
#include "cloud/s3/lookup.h"
#include "cloud/s3/object_headers.h"

namespace ads::cloud::s3 {
namespace {

struct Portion {
  ByteRange range;
  bool is_partial = false;  // 206
};

// The bytes of one part, as it was uploaded. A body put in one piece is part 1.
Outcome<Portion> find_part(const ObjectRecord& object, std::uint64_t number) {
  auto count = object.is_multipart ? object.parts.size() : 1;
  if (number < 1 || number > count) return refuse(errors::invalid_part_number(number, count));
  if (!object.is_multipart) {
    if (object.size == 0) return Portion{};
    return Portion{{0, object.size - 1}, true};
  }
  std::uint64_t offset = 0;
  for (std::uint64_t i = 0; i + 1 < number; ++i) offset += object.parts[i].size;
  auto size = object.parts[number - 1].size;
  if (size == 0) return Portion{};
  return Portion{{offset, offset + size - 1}, true};
}

Outcome<Portion> find_portion(const Request& request, const ObjectRecord& object) {
  auto range_header = request.header("Range");
  if (request.has_query("partNumber")) {
    if (range_header)
      return refuse(errors::invalid_request("Cannot specify both Range header and partNumber query parameter"));
    auto number = request.query_number("partNumber", 0, 100'000);
    if (!number) return refuse(number.error());
    if (*number < 1 || *number > 10'000)
      return refuse(errors::invalid_argument("Part number must be an integer between 1 and 10000, inclusive",
                                             "partNumber", request.query_or_empty("partNumber")));
    return find_part(object, *number);
  }
  if (range_header) {
    auto range = parse_range(*range_header, object.size);
    if (!range) return refuse(range.error());
    if (*range) return Portion{**range, true};
  }
  return Portion{{0, object.size == 0 ? 0 : object.size - 1}, false};
}

void override_headers(const Request& request, http::Headers& headers) {
  constexpr std::pair<std::string_view, std::string_view> overrides[] = {
      {"response-content-type", "Content-Type"},
      {"response-content-language", "Content-Language"},
      {"response-expires", "Expires"},
      {"response-cache-control", "Cache-Control"},
      {"response-content-disposition", "Content-Disposition"},
      {"response-content-encoding", "Content-Encoding"}};
  if (request.query.empty()) return;
  for (auto [parameter, header] : overrides)
    if (const auto* value = request.find_query(parameter)) headers.set(header, *value);
}

}  // namespace

Task<Outcome<http::Reply>> get_object(State& state, Request& request) {
  auto object = find_object(state, request);
  if (!object) co_return refuse(object.error());
  auto verdict = check_read(request.headers(), *object);
  if (!verdict) co_return refuse(verdict.error());

  auto reply = empty_reply(request);
  auto& headers = reply.headers;
  headers.add("Last-Modified", http_date(object->modified));
  headers.add("ETag", in_quotes(object->etag));
  if (request.bucket->versioning != Versioning::never) headers.add("x-amz-version-id", object->version_name());
  if (*verdict == Verdict::not_modified) {
    reply.status = 304;
    co_return reply;
  }
  auto portion = find_portion(request, *object);
  if (!portion) co_return refuse(portion.error());
  headers.add("Accept-Ranges", "bytes");
  add_object_headers(headers, *object);
  override_headers(request, headers);
  if (object->is_multipart && request.has_query("partNumber"))
    headers.add("x-amz-mp-parts-count", std::to_string(object->parts.size()));
  bool wants_checksum = request.headers().get_or("x-amz-checksum-mode", "") == "ENABLED";
  if (wants_checksum && !portion->is_partial) add_checksum_headers(headers, object->checksum);

  auto [first, last] = portion->range;
  std::uint64_t length = object->size == 0 ? 0 : last - first + 1;
  if (portion->is_partial) {
    reply.status = 206;
    headers.add("Content-Range", fmt::format("bytes {}-{}/{}", first, last, object->size));
  }
  headers.add("Content-Length", std::to_string(length));
  if (request.method == "HEAD") co_return reply;
  if (object->is_inline) {
    bool is_whole = length == object->inline_body.size();
    reply.body = is_whole ? std::move(object->inline_body) : object->inline_body.substr(first, length);
    co_return reply;
  }
  // Opened in the same turn as the record was read: whoever deletes the object now cannot take the bytes away.
  auto slices = state.blobs.open_slices(cut(object->slices, first, length));
  if (!slices) co_return refuse(internal_error(slices.error()));
  if (!portion->is_partial)
    if (auto sound = co_await check_body(state, *object); !sound) co_return refuse(sound.error());
  reply.body = std::move(*slices);
  co_return reply;
}

}  // namespace ads::cloud::s3
