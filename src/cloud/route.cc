#include "cloud/route.h"

#include <algorithm>
#include <array>

namespace ads::cloud {
namespace {

struct Known {
  std::string_view service;
  Protocol protocol;
  std::string_view target;   // of X-Amz-Target
  std::string_view version;  // of a Query form
};

constexpr std::array kKnown{
    Known{"dynamodb", Protocol::json, "DynamoDB_20120810.", ""},
    Known{"sqs", Protocol::query, "AmazonSQS.", "2012-11-05"},
    Known{"sns", Protocol::query, "", "2010-03-31"},
    Known{"logs", Protocol::json, "Logs_20140328.", ""},
    Known{"ssm", Protocol::json, "AmazonSSM.", ""},
    Known{"monitoring", Protocol::query, "GraniteServiceVersion20100801.", "2010-08-01"},
    Known{"cloudformation", Protocol::query, "", "2010-05-15"},
    Known{"iam", Protocol::query, "", "2010-05-08"},
    Known{"sts", Protocol::query, "", "2011-06-15"},
    Known{"lambda", Protocol::rest_json, "", ""},
    Known{"ses", Protocol::rest_json, "", ""},
    Known{"scheduler", Protocol::rest_json, "", ""},
    Known{"s3", Protocol::rest_xml, "", ""},
};

// "/2015-03-31/functions": Lambda's paths start with an API date.
bool is_lambda_path(std::string_view path) {
  constexpr std::string_view form = "/dddd-dd-dd/";
  return path.size() > form.size() && std::equal(form.begin(), form.end(), path.begin(), [](char f, char c) {
           return f == 'd' ? c >= '0' && c <= '9' : f == c;
         });
}

}  // namespace

Protocol protocol_of(const http::Request& head) {
  const auto type = head.headers.get_or("Content-Type", "");
  const auto [path, query] = http::split_target(head.target);
  if (head.headers.get_or("smithy-protocol", "") == "rpc-v2-cbor" || type.starts_with("application/cbor"))
    return Protocol::cbor;
  if (head.headers.has("X-Amz-Target")) return Protocol::json;
  if (type.starts_with("application/x-www-form-urlencoded") || http::query_parameter(query, "Action"))
    return Protocol::query;
  if (type.find("xml") != type.npos) return Protocol::rest_xml;
  return Protocol::rest_json;
}

Route route(const http::Request& head, std::string_view signed_service, std::string_view form) {
  std::string_view target = head.headers.get_or("X-Amz-Target", "");
  // SQS and CloudWatch speak both JSON and Query: the target header tells which.
  auto found = [&](const Known& known) {
    if (known.service == "monitoring" && protocol_of(head) == Protocol::cbor)
      return Route{"monitoring", Protocol::cbor};
    bool is_json = !known.target.empty() && target.starts_with(known.target);
    return Route{std::string(known.service), is_json ? Protocol::json : known.protocol};
  };
  for (const Known& known : kKnown)
    if (known.service == signed_service) return found(known);
  if (!signed_service.empty()) return {std::string(signed_service), protocol_of(head)};
  for (const Known& known : kKnown)
    if (!known.target.empty() && target.starts_with(known.target)) return found(known);
  std::string_view path = http::split_target(head.target).first;
  if (path.starts_with("/v2/email/")) return {"ses", Protocol::rest_json};
  if (is_lambda_path(path)) return {"lambda", Protocol::rest_json};
  for (const Known& known : kKnown)
    if (!known.version.empty() && form.find("Version=" + std::string(known.version)) != form.npos) return found(known);
  return {"s3", Protocol::rest_xml};
}

}  // namespace ads::cloud
