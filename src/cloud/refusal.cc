#include "cloud/refusal.h"

namespace ads::cloud {
namespace {

using aws::Refusal;

WireError for_s3(const aws::Refused& refused) {
  switch (refused.reason) {
    case Refusal::missing_token:
      return {403, "AccessDenied", "Access Denied"};
    case Refusal::incomplete:
      return {400, "AuthorizationHeaderMalformed", refused.message};
    case Refusal::unsupported_scheme:
      return {400, "InvalidRequest", refused.message};
    case Refusal::incomplete_query:
      return {400, "AuthorizationQueryParametersError", refused.message};
    case Refusal::unknown_key:
      return {403, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records."};
    case Refusal::invalid_token:
      return {400, "InvalidToken", "The provided token is malformed or otherwise invalid."};
    case Refusal::expired_token:
      return {400, "ExpiredToken", "The provided token has expired."};
    case Refusal::headers_not_signed:
      return {403, "AccessDenied", "There were headers present in the request which were not signed"};
    case Refusal::time_skewed:
      return {403, "RequestTimeTooSkewed",
              "The difference between the request time and the current time is too large."};
    case Refusal::request_expired:
      return {403, "AccessDenied", "Request has expired"};
    case Refusal::mismatch:
      break;
  }
  return {403,
          "SignatureDoesNotMatch",
          "The request signature we calculated does not match the signature you provided. Check your key and signing "
          "method.",
          {{"StringToSign", refused.string_to_sign}, {"CanonicalRequest", refused.canonical_request}}};
}

struct Words {
  std::string_view query_code, json_code, message;
};

Words words_of(const aws::Refused& refused) {
  switch (refused.reason) {
    case Refusal::missing_token:
      return {"MissingAuthenticationToken", "MissingAuthenticationTokenException",
              "Request is missing Authentication Token"};
    case Refusal::incomplete:
    case Refusal::unsupported_scheme:
    case Refusal::incomplete_query:
      return {"IncompleteSignature", "IncompleteSignatureException", refused.message};
    case Refusal::unknown_key:
    case Refusal::invalid_token:
      return {"InvalidClientTokenId", "UnrecognizedClientException",
              "The security token included in the request is invalid."};
    case Refusal::expired_token:
      return {"ExpiredToken", "ExpiredTokenException", "The security token included in the request is expired"};
    case Refusal::request_expired:
      return {"RequestExpired", "RequestExpiredException", refused.message};
    case Refusal::mismatch:
    case Refusal::headers_not_signed:
    case Refusal::time_skewed:
      break;
  }
  return {"SignatureDoesNotMatch", "InvalidSignatureException", refused.message};
}

}  // namespace

WireError to_wire(const aws::Refused& refused, Protocol protocol, std::string_view service) {
  if (protocol == Protocol::rest_xml) return for_s3(refused);
  Words words = words_of(refused);
  bool is_unreadable = words.query_code == "IncompleteSignature";
  if (protocol == Protocol::query)
    return {is_unreadable ? 400 : 403, std::string(words.query_code), std::string(words.message)};
  // The JSON services of the first hour answer 400 where REST ones answer 403.
  int status = protocol == Protocol::rest_json ? 403 : 400;
  std::string code(words.json_code);
  if (service == "sqs") status = 403, code = words.query_code;
  return {status, code, std::string(words.message)};
}

namespace {

void append_cbor_text(std::string& out, std::string_view text) {
  const auto size = std::min<std::size_t>(text.size(), 0xFFFF);
  out += '\x79';  // text, two bytes of length
  out += static_cast<char>(size >> 8);
  out += static_cast<char>(size & 0xFF);
  out += text.substr(0, size);
}

// rpc-v2-cbor: {"__type": code, "message": words}
http::Reply render_cbor_error(const Call& call, const WireError& error) {
  http::Reply reply{error.status, error.headers};
  reply.headers.set("Content-Type", "application/cbor");
  reply.headers.set("smithy-protocol", "rpc-v2-cbor");
  reply.headers.set("x-amzn-RequestId", call.request_id);
  std::string body = "\xA2";  // a map of two
  append_cbor_text(body, "__type");
  append_cbor_text(body, error.code);
  append_cbor_text(body, "message");
  append_cbor_text(body, error.message);
  reply.body = std::move(body);
  return reply;
}

}  // namespace

http::Reply render_refusal(const Call& call, Protocol protocol, const WireError& error) {
  switch (protocol) {
    case Protocol::rest_xml:
      return render_s3_error(call, error);
    case Protocol::rest_json:
      return render_rest_json_error(call, error);
    case Protocol::query:
      return render_query_error(call, error, "");
    case Protocol::cbor:
      return render_cbor_error(call, error);
    case Protocol::json:
      break;
  }
  // 1.0 or 1.1, as the caller has it.
  const auto type = call.request.head.headers.get_or("Content-Type", "");
  const bool is_1_1 = type.starts_with("application/x-amz-json-1.1");
  return render_json_error(call, error, "com.amazon.coral.service#",
                           is_1_1 ? "application/x-amz-json-1.1" : "application/x-amz-json-1.0");
}

}  // namespace ads::cloud
