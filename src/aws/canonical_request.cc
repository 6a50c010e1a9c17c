// The canonical request, shared by signing and verifying.
#include <algorithm>
#include <boost/container/small_vector.hpp>

#include "aws/signing_key.h"
#include "aws/sigv4.h"
#include "base/encoding.h"

namespace ads::aws {
namespace {

// RFC 3986's "remove dot segments", and AWS's removal of empty segments with it.
std::string normalised_path(std::string_view path) {
  boost::container::small_vector<std::string_view, 16> kept;
  std::size_t at = 0;
  while (at <= path.size()) {
    auto end = std::min(path.find('/', at), path.size());
    auto segment = path.substr(at, end - at);
    if (segment == "..") {
      if (!kept.empty()) kept.pop_back();
    } else if (!segment.empty() && segment != ".") {
      kept.push_back(segment);
    }
    at = end + 1;
  }
  std::string out = "/";
  for (std::size_t i = 0; i < kept.size(); ++i) {
    if (i > 0) out += '/';
    out += kept[i];
  }
  if (!kept.empty() && path.ends_with('/')) out += '/';
  return out;
}

void append_query(std::string_view query, std::string& out) {
  if (query.empty()) return;
  using Pair = std::pair<std::string_view, std::string_view>;
  boost::container::small_vector<Pair, 16> pairs;
  std::size_t at = 0;
  while (at <= query.size()) {
    auto end = std::min(query.find('&', at), query.size());
    auto pair = query.substr(at, end - at);
    auto equals = pair.find('=');
    auto name = pair.substr(0, equals);
    auto value = equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1);
    if (name != "X-Amz-Signature") pairs.emplace_back(name, value);
    at = end + 1;
  }
  // By name, then by value: not by the joined text, where '=' would sort after '-' and '.'.
  std::sort(pairs.begin(), pairs.end());
  for (auto& [name, value] : pairs) {
    if (&name != &pairs.front().first) out += '&';
    out.append(name).append(1, '=').append(value);
  }
}

bool is_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

// Outer space dropped, inner runs of it made one blank.
void append_trimmed(std::string_view value, std::string& out) {
  std::size_t at = 0;
  bool first = true;
  for (;;) {
    while (at < value.size() && is_space(value[at])) ++at;
    if (at == value.size()) return;
    auto start = at;
    while (at < value.size() && !is_space(value[at])) ++at;
    if (!first) out += ' ';
    first = false;
    out.append(value, start, at - start);
  }
}

bool equal_names(std::string_view lower, std::string_view name) {
  if (lower.size() != name.size()) return false;
  for (std::size_t i = 0; i < lower.size(); ++i) {
    char c = name[i] >= 'A' && name[i] <= 'Z' ? char(name[i] + 32) : name[i];
    if (c != lower[i]) return false;
  }
  return true;
}

void append_header(const http::Headers& headers, std::string_view name, std::string& out) {
  out.append(name).append(1, ':');
  bool first = true;
  for (auto& [field, value] : headers) {
    if (!equal_names(name, field)) continue;
    if (!first) out += ',';
    first = false;
    append_trimmed(value, out);
  }
  out += '\n';
}

}  // namespace

std::string canonical_request(const http::Request& head, const std::vector<std::string>& signed_headers,
                              std::string_view service, std::string_view payload_hash) {
  auto [path, query] = http::split_target(head.target);
  if (path.empty()) path = "/";
  std::string out;
  out.reserve(1024);
  out.append(head.method).append(1, '\n');
  if (is_s3(service)) {
    out += path;
  } else if (path == "/") {
    out += '/';
  } else {
    out += percent_encode_path(normalised_path(path));
  }
  out += '\n';
  append_query(query, out);
  out += '\n';
  for (auto& name : signed_headers) append_header(head.headers, name, out);
  out += '\n';
  for (auto& name : signed_headers) {
    if (&name != &signed_headers.front()) out += ';';
    out += name;
  }
  out.append(1, '\n').append(payload_hash);
  return out;
}

}  // namespace ads::aws
