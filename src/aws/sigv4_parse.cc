// Reads what a request says about its signature. Messages are AWS's own where they are known.
#include <fmt/format.h>

#include "aws/signing_key.h"
#include "aws/sigv4.h"
#include "base/encoding.h"

namespace ads::aws {
namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";
constexpr std::int64_t kLongestPresigned = 7 * 24 * 3600;

std::unexpected<Refused> refused(Refusal reason, std::string message) {
  return std::unexpected(Refused{reason, std::move(message), {}, {}});
}

bool is_basic_time(std::string_view text) {
  if (text.size() != 16 || text[8] != 'T' || text[15] != 'Z') return false;
  for (std::size_t i = 0; i < 15; ++i)
    if (i != 8 && (text[i] < '0' || text[i] > '9')) return false;
  return true;
}

std::expected<void, Refused> read_credential(std::string_view credential, Refusal reason, Authorization& out) {
  std::array<std::string_view, 5> parts;
  std::size_t count = 0;
  std::string_view rest = credential;
  while (count < 5) {
    auto slash = rest.find('/');
    parts[count++] = rest.substr(0, slash);
    if (slash == std::string_view::npos) {
      rest = {};
      break;
    }
    rest = rest.substr(slash + 1);
    if (count == 5) ++count;
  }
  if (count != 5)
    return refused(reason, fmt::format("Credential must have exactly 5 slash-delimited elements, e.g. "
                                       "keyid/date/region/service/term, got '{}'",
                                       credential));
  if (parts[4] != "aws4_request")
    return refused(reason, fmt::format("Credential should be scoped with a valid terminator: 'aws4_request', not '{}'.",
                                       parts[4]));
  if (parts[0].empty() || parts[2].empty() || parts[3].empty() || parts[1].size() != 8)
    return refused(reason,
                   fmt::format("Credential '{}' has an empty element or a date that is not YYYYMMDD.", credential));
  out.access_key_id = parts[0];
  out.date = parts[1];
  out.scope = {std::string(parts[2]), std::string(parts[3])};
  return {};
}

void read_signed_headers(std::string_view list, Authorization& out) {
  out.signed_headers.reserve(8);
  std::size_t at = 0;
  while (at < list.size()) {
    auto end = std::min(list.find(';', at), list.size());
    std::string name(list.substr(at, end - at));
    for (char& c : name)
      if (c >= 'A' && c <= 'Z') c = char(c + 32);
    out.signed_headers.push_back(std::move(name));
    at = end + 1;
  }
}

std::expected<void, Refused> same_day(const Authorization& out) {
  if (out.signed_at.starts_with(out.date)) return {};
  return refused(
      Refusal::mismatch,
      fmt::format("Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: "
                  "'{}' != '{}', from '{}'.",
                  out.date, out.signed_at.substr(0, 8), out.signed_at));
}

// AWS4-HMAC-SHA256 Credential=AKID/20261122/eu-west-1/sqs/aws4_request, SignedHeaders=host;x-amz-date, Signature=hex
std::expected<Authorization, Refused> parse_header(const http::Request& head, std::string_view header) {
  std::string_view credential, signed_headers, signature;
  std::string_view rest = header.substr(kAlgorithm.size());
  while (!rest.empty()) {
    auto start = rest.find_first_not_of(" ,\t");
    if (start == std::string_view::npos) break;
    rest = rest.substr(start);
    auto part = rest.substr(0, rest.find_first_of(", \t"));
    rest = rest.substr(part.size());
    auto equals = part.find('=');
    auto name = part.substr(0, equals);
    auto value = equals == std::string_view::npos ? std::string_view() : part.substr(equals + 1);
    if (name == "Credential") credential = value;
    if (name == "SignedHeaders") signed_headers = value;
    if (name == "Signature") signature = value;
  }
  Authorization out;
  std::string missing;
  for (auto [name, value] :
       {std::pair{"Credential", credential}, {"Signature", signature}, {"SignedHeaders", signed_headers}})
    if (value.empty()) missing += fmt::format("Authorization header requires '{}' parameter. ", name);
  if (auto date = head.headers.get("X-Amz-Date")) {
    out.signed_at = *date;
  } else if (auto http_date = head.headers.get("Date")) {
    auto time = parse_http_date(*http_date);
    out.signed_at = time ? iso8601_basic(*time) : std::string(*http_date);
  } else {
    missing += "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ";
  }
  if (!missing.empty()) {
    missing.pop_back();
    return refused(Refusal::incomplete, std::move(missing));
  }
  if (!is_basic_time(out.signed_at))
    return refused(Refusal::incomplete, fmt::format("Date must be in ISO-8601 'basic format'. Got '{}'. "
                                                    "See http://en.wikipedia.org/wiki/ISO_8601",
                                                    out.signed_at));
  if (auto read = read_credential(credential, Refusal::incomplete, out); !read) return std::unexpected(read.error());
  read_signed_headers(signed_headers, out);
  out.signature = signature;
  out.session_token = head.headers.get_or("X-Amz-Security-Token", "");
  if (auto same = same_day(out); !same) return std::unexpected(same.error());
  return out;
}

std::expected<Authorization, Refused> parse_presigned(const http::Request& head, std::string_view query) {
  Authorization out;
  out.place = Authorization::Place::query;
  std::string algorithm, credential, signed_headers, expires;
  bool all = true;
  auto take = [&](std::string_view name, std::string& into) {
    auto value = http::query_parameter(query, name);
    all = all && value && !value->empty();
    if (value) into = std::move(*value);
  };
  take("X-Amz-Algorithm", algorithm);
  take("X-Amz-Credential", credential);
  take("X-Amz-Signature", out.signature);
  take("X-Amz-Date", out.signed_at);
  take("X-Amz-SignedHeaders", signed_headers);
  take("X-Amz-Expires", expires);
  if (!all)
    return refused(Refusal::incomplete_query,
                   "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, "
                   "X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.");
  if (algorithm != kAlgorithm)
    return refused(Refusal::incomplete_query, "X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256\"");
  if (auto read = read_credential(credential, Refusal::incomplete_query, out); !read)
    return std::unexpected(read.error());
  if (!is_basic_time(out.signed_at))
    return refused(Refusal::incomplete_query, "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"");
  if (expires.find_first_not_of("0123456789") != std::string::npos || expires.size() > 9)
    return refused(Refusal::incomplete_query, "X-Amz-Expires should be a number");
  out.expires = std::chrono::seconds(std::stol(expires));
  if (out.expires.count() > kLongestPresigned)
    return refused(Refusal::incomplete_query,
                   "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less "
                   "than 604800 seconds");
  read_signed_headers(signed_headers, out);
  if (auto token = http::query_parameter(query, "X-Amz-Security-Token")) {
    out.session_token = std::move(*token);
  } else {
    out.session_token = head.headers.get_or("X-Amz-Security-Token", "");
  }
  if (auto same = same_day(out); !same) return std::unexpected(same.error());
  return out;
}

}  // namespace

std::expected<Authorization, Refused> parse_authorization(const http::Request& head) {
  auto query = http::split_target(head.target).second;
  auto header = head.headers.get("Authorization");
  bool presigned = query.find("X-Amz-Signature=") != std::string_view::npos ||
                   query.find("X-Amz-Credential=") != std::string_view::npos ||
                   query.find("X-Amz-Algorithm=") != std::string_view::npos;
  if (header && presigned)
    return refused(Refusal::incomplete,
                   "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, "
                   "Signature query string parameter or the Authorization header should be specified");
  if (header) {
    if (!header->starts_with(kAlgorithm) || (header->size() > kAlgorithm.size() && (*header)[kAlgorithm.size()] != ' '))
      return refused(Refusal::unsupported_scheme,
                     "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.");
    return parse_header(head, *header);
  }
  if (presigned) return parse_presigned(head, query);
  if (http::query_parameter(query, "AWSAccessKeyId") && http::query_parameter(query, "Signature"))
    return refused(Refusal::unsupported_scheme,
                   "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.");
  return refused(Refusal::missing_token, "Missing Authentication Token");
}

std::optional<std::string> declared_payload_hash(const http::Request& head, const Authorization& authorization) {
  if (auto header = head.headers.get("X-Amz-Content-Sha256")) return std::string(*header);
  if (authorization.place == Authorization::Place::query) {
    // Clients that hoist headers into the query put it there.
    auto query = http::split_target(head.target).second;
    if (auto hoisted = http::query_parameter(query, "X-Amz-Content-Sha256")) return hoisted;
    if (is_s3(authorization.scope.service)) return std::string(kUnsignedPayload);
  }
  return std::nullopt;
}

}  // namespace ads::aws
