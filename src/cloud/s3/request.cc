#include "cloud/s3/request.h"

#include <charconv>

#include "cloud/s3/errors.h"
#include "cloud/s3/events.h"
#include "cloud/s3/xml.h"

namespace ads::cloud::s3 {
namespace {

// Headers that a presigned URL carries in its query are as good as headers ("x-amz-acl=...", but not the signature's
// own).
void take_headers_from_query(http::Headers& headers, const std::vector<std::pair<std::string, std::string>>& query) {
  for (const auto& [name, value] : query)
    if (name.starts_with("x-amz-") && !headers.has(name)) headers.add(name, value);
}

}  // namespace

Request::Request(Call& c) : call(c), method(c.request.head.method) {
  auto [path, query_text] = http::split_target(c.request.head.target);
  address = parse_address(c.request.head.headers.get_or("Host", ""), path);
  if (query_text.empty()) return;
  query = http::parse_query(query_text);
  if (has_query("X-Amz-Signature")) take_headers_from_query(c.request.head.headers, query);
}

const std::string* Request::find_query(std::string_view name) const {
  for (const auto& [parameter, value] : query)
    if (parameter == name) return &value;
  return nullptr;
}

const std::string& Request::query_or_empty(std::string_view name) const {
  static const std::string empty;
  const auto* found = find_query(name);
  return found ? *found : empty;
}

Outcome<std::uint64_t> Request::query_number(std::string_view name, std::uint64_t fallback, std::uint64_t most) const {
  const auto* text = find_query(name);
  if (!text || text->empty()) return fallback;
  std::uint64_t number = 0;
  auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (error != std::errc{} || end != text->data() + text->size())
    return refuse(errors::invalid_argument("Provided " + std::string(name) + " not an integer or within integer range",
                                           name, *text));
  return std::min(number, most);
}

std::string in_quotes(std::string_view etag) {
  return std::string("\"").append(etag).append("\"");
}

http::Reply empty_reply(const Request& request, int status) {
  http::Reply reply;
  reply.status = status;
  reply.headers.add("x-amz-request-id", request.call.request_id);
  reply.headers.add("x-amz-id-2", host_id(request.call.request_id));
  return reply;
}

http::Reply xml_reply(const Request& request, std::string xml) {
  auto reply = empty_reply(request);
  reply.headers.add("Content-Type", "application/xml");
  reply.body = std::string(kXmlDeclaration).append(xml);
  return reply;
}

}  // namespace ads::cloud::s3
