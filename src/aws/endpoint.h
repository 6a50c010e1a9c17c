// Where a service is: AWS's own hosts by region and partition, or the endpoint that the configuration names.
#pragma once
#include <string>
#include <string_view>

#include "aws/configuration.h"
#include "base/result.h"
#include "http/client.h"

namespace ads::aws {

// One service as AWS's models name it.
struct ServiceName {
  std::string_view id;               // "dynamodb", "cloudwatch_logs": AWS_ENDPOINT_URL_<ID>, and the config file's key
  std::string_view endpoint_prefix;  // "dynamodb", "email", "logs"
  std::string_view signing_name;     // "dynamodb", "ses", "logs"
};

struct Endpoint {
  http::Origin origin;
  std::string base_path;  // "" or "/base"
  enum class Kind { amazon, custom } kind = Kind::amazon;
};

// Errors: invalid / "NoRegion", "BadEndpoint".
Result<Endpoint> resolve_endpoint(const Configuration& configuration, const ServiceName& service);

// Suffix of the region's partition: "amazonaws.com", "amazonaws.com.cn", ...
std::string_view dns_suffix(std::string_view region);

// S3: where a bucket is, and the path of a key in it.
struct BucketAddress {
  http::Origin origin;
  std::string path;  // "/bucket" or "", behind the endpoint's base path
};
// Virtual-hosted ("bucket.s3.region.amazonaws.com") for AWS; path style for custom endpoints and for names that no
// wildcard certificate covers (dots) or that are no DNS label.
BucketAddress bucket_address(const Endpoint& endpoint, std::string_view bucket);

}  // namespace ads::aws
