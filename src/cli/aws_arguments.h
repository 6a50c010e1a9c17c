// The command line of the aws CLI that `ads aws` runs.
#pragma once
#include <string>
#include <vector>

#include "aws/configuration.h"

namespace ads::cli {

// What `ads` was told by options of its own; empty: by the environment.
struct AwsPlace {
  std::string endpoint_url, region, profile;
};

// "aws", the endpoint of the service in question where one is set, and the given words. An --endpoint-url among those
// is not doubled.
std::vector<std::string> aws_arguments(const std::vector<std::string>& given, const AwsPlace& place,
                                       const aws::Configuration& configuration, const aws::Variables& variables);

}  // namespace ads::cli
