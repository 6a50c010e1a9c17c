#include "cloud/visitors.h"

#include <algorithm>
#include <cctype>

namespace ads::cloud {
namespace {

bool equal(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

bool is_below(std::string_view name, std::string_view domain) {
  return name.size() > domain.size() + 1 && equal(name.substr(name.size() - domain.size()), domain) &&
         name[name.size() - domain.size() - 1] == '.';
}

// "name:4566", "[::1]:4566" -> the name; nothing where what follows is not a port.
std::optional<std::string_view> without_port(std::string_view host) {
  const auto start = host.starts_with('[') ? host.find(']') : 0;
  if (start == host.npos) return std::nullopt;
  const auto colon = host.find(':', start);
  if (colon == host.npos) return host;
  const auto port = host.substr(colon + 1);
  if (port.size() > 5 || port.find_first_not_of("0123456789") != port.npos) return std::nullopt;
  return host.substr(0, colon);
}

// 127.0.0.0/8 in the usual form: a name that only begins so (127.0.0.1.evil.org) is none.
bool is_loopback_address(std::string_view name) {
  if (name == "[::1]") return true;
  if (!name.starts_with("127.") || std::ranges::count(name, '.') != 3) return false;
  return name.find_first_not_of("0123456789.") == name.npos && !name.ends_with('.') && name.find("..") == name.npos;
}

bool is_own_name(std::string_view name) {
  return equal(name, "localhost") || is_below(name, "localhost") || is_loopback_address(name);
}

bool is_given(const std::vector<std::string>& given, std::string_view text) {
  return std::ranges::any_of(given, [&](const auto& one) { return equal(one, text); });
}

}  // namespace

bool is_allowed_host(const Visitors& visitors, std::string_view host) {
  const auto name = without_port(host);
  if (!name || name->empty()) return false;
  // S3's names with the bucket in front of an address: a resolver of the client's own makes them.
  constexpr std::string_view kBucketOnAddress = ".127.0.0.1";
  return is_own_name(*name) || is_below(*name, "amazonaws.com") || is_given(visitors.hosts, *name) ||
         (name->ends_with(kBucketOnAddress) && name->find_first_of("/@") == name->npos) ||
         std::ranges::any_of(visitors.hosts, [&](const auto& one) { return is_below(*name, one); });
}

bool may_read(const Visitors& visitors, std::string_view origin) {
  return is_given(visitors.origins, origin);
}

bool is_allowed_origin(const Visitors& visitors, std::string_view origin) {
  if (may_read(visitors, origin)) return true;
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!origin.starts_with(scheme)) continue;
    const auto name = without_port(origin.substr(scheme.size()));
    return name && is_own_name(*name);
  }
  return false;
}

std::optional<std::string> reason_to_refuse(const Visitors& visitors, const http::Request& head) {
  const auto hosts = std::ranges::count_if(head.headers, [](const auto& field) { return equal(field.first, "Host"); });
  if (hosts != 1) return "A request must have one Host header.";
  const auto host = head.headers.get_or("Host", "");
  if (!is_allowed_host(visitors, host))
    return "The local cloud is not called " + std::string(host.substr(0, 255)) +
           ". Start it with --host NAME if it is to answer to that name.";
  if (const auto origin = head.headers.get("Origin"); origin) {
    if (is_allowed_origin(visitors, *origin)) return std::nullopt;
    return "Pages of " + std::string(origin->substr(0, 255)) +
           " may not use the local cloud. Start it with --cors-origin ORIGIN if they are to.";
  }
  if (equal(head.headers.get_or("Sec-Fetch-Site", ""), "cross-site"))
    return "Pages of other sites may not use the local cloud. Start it with --cors-origin ORIGIN if they are to.";
  return std::nullopt;
}

std::optional<http::Reply> answer_preflight(const Visitors& visitors, const http::Request& head) {
  const auto origin = head.headers.get_or("Origin", "");
  const auto method = head.headers.get("Access-Control-Request-Method");
  if (head.method != "OPTIONS" || !method || !may_read(visitors, origin)) return std::nullopt;
  http::Reply reply{204};
  add_cors_headers(visitors, origin, reply.headers);
  reply.headers.set("Access-Control-Allow-Methods", "GET, HEAD, PUT, POST, DELETE");
  if (const auto wanted = head.headers.get("Access-Control-Request-Headers"))
    reply.headers.set("Access-Control-Allow-Headers", std::string(*wanted));
  if (head.headers.get_or("Access-Control-Request-Private-Network", "") == "true")
    reply.headers.set("Access-Control-Allow-Private-Network", "true");
  reply.headers.set("Access-Control-Max-Age", "600");
  return reply;
}

void add_cors_headers(const Visitors& visitors, std::string_view origin, http::Headers& headers) {
  if (origin.empty() || !may_read(visitors, origin)) return;
  headers.set("Access-Control-Allow-Origin", std::string(origin));
  headers.set("Access-Control-Expose-Headers", "*");
  headers.set("Vary", "Origin");
}

}  // namespace ads::cloud
