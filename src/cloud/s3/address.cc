#include "cloud/s3/address.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/encoding.h"

namespace ads::cloud::s3 {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_ipv4(std::string_view text) {
  int fields = 0;
  while (true) {
    auto end = text.find('.');
    auto field = text.substr(0, end);
    if (field.empty() || field.size() > 3 || !std::all_of(field.begin(), field.end(), is_digit)) return false;
    ++fields;
    if (end == text.npos) return fields == 4;
    text.remove_prefix(end + 1);
  }
}

// "bucket" of "bucket.s3.eu-west-1.amazonaws.com:443"; empty where the host names no bucket.
std::string bucket_of_host(std::string_view host) {
  if (host.starts_with('[')) return "";
  host = host.substr(0, host.find(':'));
  std::string name(host);
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
  if (name == "localhost" || is_ipv4(name) || name.starts_with("s3.") || name.starts_with("s3-")) return "";
  for (std::string_view mark : {".s3.", ".s3-"})
    if (auto at = name.find(mark); at != name.npos) return name.substr(0, at);
  for (std::string_view tail : {".localhost", ".127.0.0.1"})
    if (name.ends_with(tail)) return name.substr(0, name.size() - tail.size());
  return "";
}

}  // namespace

Address parse_address(std::string_view host, std::string_view path) {
  Address address;
  if (path.starts_with('/')) path.remove_prefix(1);
  address.bucket = bucket_of_host(host);
  if (address.bucket.empty()) {
    auto end = path.find('/');
    address.bucket = percent_decode(path.substr(0, end));
    path = end == path.npos ? std::string_view{} : path.substr(end + 1);
  }
  address.key = percent_decode(path);
  return address;
}

bool is_valid_bucket_name(std::string_view name) {
  auto is_alphanumeric = [](char c) { return is_digit(c) || (c >= 'a' && c <= 'z'); };
  if (name.size() < 3 || name.size() > 63) return false;
  if (!is_alphanumeric(name.front()) || !is_alphanumeric(name.back())) return false;
  if (!std::all_of(name.begin(), name.end(), [&](char c) { return is_alphanumeric(c) || c == '-' || c == '.'; }))
    return false;
  if (name.find("..") != name.npos || is_ipv4(name)) return false;
  for (std::string_view prefix : {"xn--", "sthree-", "amzn-s3-demo-"})
    if (name.starts_with(prefix)) return false;
  for (std::string_view suffix : {"-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"})
    if (name.ends_with(suffix)) return false;
  return true;
}

}  // namespace ads::cloud::s3
