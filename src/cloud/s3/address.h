// Which bucket and key a request names: path style (/bucket/key) or virtual-hosted style (Host: bucket.s3.localhost).
#pragma once
#include <string>
#include <string_view>

namespace ads::cloud::s3 {

struct Address {
  std::string bucket;  // empty: the service itself
  std::string key;     // decoded; empty: the bucket
};

// `host` is the Host header, `path` the target's path, percent-encoded as sent.
Address parse_address(std::string_view host, std::string_view path);

// The rules for new buckets (docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html).
bool is_valid_bucket_name(std::string_view name);

}  // namespace ads::cloud::s3
