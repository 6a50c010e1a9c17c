#include "aws/endpoint.h"

#include <fmt/format.h>

#include <array>

namespace ads::aws {
namespace {

// Partitions by the start of their regions' names; the longer starts first.
constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kSuffixes{{
    {"cn-", "amazonaws.com.cn"},
    {"us-isob-", "sc2s.sgov.gov"},
    {"us-isof-", "csp.hci.ic.gov"},
    {"us-iso-", "c2s.ic.gov"},
    {"eu-isoe-", "cloud.adc-e.uk"},
    {"eusc-", "amazonaws.eu"},
    {"us-gov-", "amazonaws.com"},
}};

bool is_label(std::string_view text) {
  if (text.empty() || text.size() > 63 || text.front() == '-' || text.back() == '-') return false;
  return text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string_view::npos;
}

}  // namespace

std::string_view dns_suffix(std::string_view region) {
  for (auto& [start, suffix] : kSuffixes)
    if (region.starts_with(start)) return suffix;
  return "amazonaws.com";
}

Result<Endpoint> resolve_endpoint(const Configuration& configuration, const ServiceName& service) {
  auto found = configuration.endpoints.find(service.id);
  if (found == configuration.endpoints.end()) found = configuration.endpoints.find("");
  if (found != configuration.endpoints.end()) {
    auto url = http::parse_url(found->second);
    if (!url)
      return fail(ErrorKind::invalid, "BadEndpoint",
                  fmt::format("the endpoint of {} is not a URL: {}; set AWS_ENDPOINT_URL to something like "
                              "http://127.0.0.1:4566, or unset it",
                              service.id, url.error().message));
    return Endpoint{url->origin, url->path, Endpoint::Kind::custom};
  }
  auto region = configuration.region_or_error();
  if (!region) return fail(region.error());
  if (!is_label(*region))
    return fail(ErrorKind::invalid, "BadEndpoint",
                fmt::format("'{}' is not the name of a region, such as eu-west-1", *region));
  Endpoint out;
  out.origin = {"https", fmt::format("{}.{}.{}", service.endpoint_prefix, *region, dns_suffix(*region)), 443};
  return out;
}

BucketAddress bucket_address(const Endpoint& endpoint, std::string_view bucket) {
  if (endpoint.kind == Endpoint::Kind::amazon && bucket.size() >= 3 && is_label(bucket)) {
    auto origin = endpoint.origin;
    origin.host = std::string(bucket) + "." + origin.host;
    return {origin, ""};
  }
  return {endpoint.origin, endpoint.base_path + "/" + std::string(bucket)};
}

}  // namespace ads::aws
