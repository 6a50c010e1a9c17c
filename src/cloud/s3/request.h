// One S3 request, taken apart: what every action is given.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cloud/call.h"
#include "cloud/s3/address.h"
#include "cloud/s3/bucket.h"

namespace ads::cloud::s3 {

struct Request {
  explicit Request(Call& c);

  Call& call;
  std::string method;
  Address address;
  std::vector<std::pair<std::string, std::string>> query;  // decoded
  BucketPointer bucket;                                    // set before any action on a bucket or object runs

  const std::string& key() const { return address.key; }
  const http::Headers& headers() const { return call.request.head.headers; }
  std::optional<std::string_view> header(std::string_view name) const { return headers().get(name); }
  bool has_query(std::string_view name) const { return find_query(name) != nullptr; }
  // Empty where the parameter is absent.
  const std::string& query_or_empty(std::string_view name) const;
  const std::string* find_query(std::string_view name) const;
  // A number from 0 to `most` (larger ones are cut). Errors: InvalidArgument.
  Outcome<std::uint64_t> query_number(std::string_view name, std::uint64_t fallback, std::uint64_t most) const;
};

std::string in_quotes(std::string_view etag);

// Replies. Every one carries x-amz-request-id and x-amz-id-2.
http::Reply empty_reply(const Request& request, int status = 200);
http::Reply xml_reply(const Request& request, std::string xml);  // the declaration is put in front

}  // namespace ads::cloud::s3
