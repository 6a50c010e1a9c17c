// AWS's refusals as values, and the one place that renders them for each wire protocol.
#pragma once
#include <expected>
#include <string>

#include "base/json.h"
#include "base/result.h"
#include "http/message.h"

namespace ads::cloud {

struct Call;

struct WireError {
  int status = 400;
  std::string code;     // as the wire spells it: "NoSuchKey", "ConditionalCheckFailedException"
  std::string message;  // AWS's own words where the model or documentation has them
  // Further members of the error's body: {"CancellationReasons": [...]} in JSON, <BucketName> in S3's XML.
  json::object fields = {};
  http::Headers headers = {};
  bool operator==(const WireError& other) const { return status == other.status && code == other.code; }
};

// What an action of the cloud returns. An Outcome is an answer, never an accident.
template <class T>
class [[nodiscard]] Outcome : public std::expected<T, WireError> {
 public:
  using std::expected<T, WireError>::expected;
};

inline std::unexpected<WireError> refuse(int status, std::string code, std::string message) {
  return std::unexpected<WireError>(WireError{status, std::move(code), std::move(message)});
}
inline std::unexpected<WireError> refuse(WireError error) {
  return std::unexpected<WireError>(std::move(error));
}

// Errors that every service shares.
WireError not_implemented(std::string_view operation);  // 501 NotImplemented
WireError internal_failure(const Error& error);         // 500 InternalFailure, for a failed disk and the like

// awsJson1.0/1.1: {"__type": "prefix#Code", "message": ...}, x-amzn-errortype, x-amzn-query-error for SQS.
// `type_prefix` is "com.amazonaws.dynamodb.v20120810#" for DynamoDB, "com.amazonaws.sqs#" for SQS, "" where AWS sends
// none.
http::Reply render_json_error(const Call& call, const WireError& error, std::string_view type_prefix,
                              std::string_view content_type);
// Query: <ErrorResponse><Error><Type/><Code/><Message/></Error><RequestId/></ErrorResponse>
http::Reply render_query_error(const Call& call, const WireError& error, std::string_view xml_namespace);
// rest-json: x-amzn-errortype: Code, {"message": ...} (Lambda also has "Type": "User" | "Service").
http::Reply render_rest_json_error(const Call& call, const WireError& error);
// S3: <Error><Code/><Message/>...<RequestId/><HostId/></Error>; HEAD has no body.
http::Reply render_s3_error(const Call& call, const WireError& error);

}  // namespace ads::cloud
