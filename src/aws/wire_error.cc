// Errors as AWS's protocols write them, and what their codes mean to the caller.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <pugixml.hpp>

#include "aws/retry.h"
#include "aws/wire.h"

namespace ads::aws {
namespace {

using Codes = std::initializer_list<std::string_view>;

bool any(std::string_view code, Codes codes) {
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

bool ends_with_any(std::string_view code, Codes endings) {
  return std::any_of(endings.begin(), endings.end(), [&](auto ending) { return code.ends_with(ending); });
}

// "com.amazonaws.dynamodb.v20120810#ValidationException", "ValidationException:http://internal.amazon.com/..."
std::string bare_code(std::string_view text) {
  if (auto colon = text.find(':'); colon != std::string_view::npos) text = text.substr(0, colon);
  if (auto hash = text.find('#'); hash != std::string_view::npos) text = text.substr(hash + 1);
  return std::string(text);
}

// Without a body (HEAD, a proxy) the status is all there is.
std::string code_of_status(int status) {
  switch (status) {
    case 304:
      return "NotModified";
    case 400:
      return "BadRequest";
    case 403:
      return "Forbidden";
    case 404:
      return "NotFound";
    case 409:
      return "Conflict";
    case 412:
      return "PreconditionFailed";
    default:
      return fmt::format("HTTP {}", status);
  }
}

void read_xml(std::string_view body, Error& error) {
  pugi::xml_document document;
  if (!parse_xml(body, document)) return;
  auto root = document.document_element();
  // <Error> (S3), <ErrorResponse><Error>, <Response><Errors><Error> (EC2 and the oldest)
  pugi::xml_node node = std::string_view(root.name()) == "Error" ? root : root.child("Error");
  if (!node) node = root.child("Errors").child("Error");
  error.code = bare_code(xml_text(node, "Code"));
  error.message = xml_text(node, "Message");
  // S3 says where the bucket is, or which region it expected.
  if (auto region = xml_text(node, "Region"); !region.empty()) error.message += " (region: " + region + ")";
}

void read_json(const http::Response& response, Error& error) {
  if (auto header = response.headers.get("x-amzn-errortype")) error.code = bare_code(*header);
  auto body = parse_json_object(response.body);
  if (!body) return;
  if (error.code.empty()) {
    auto type = get_string(*body, "__type");
    if (!type) type = get_string(*body, "code");
    if (!type) type = get_string(*body, "Code");
    if (type) error.code = bare_code(*type);
  }
  for (auto name : {"message", "Message", "errorMessage"})
    if (auto text = get_string(*body, name); text && error.message.empty()) error.message = *text;
  // The reasons are named in the message by AWS, but not by every server.
  if (auto* reasons = get_array(*body, "CancellationReasons");
      reasons && error.message.find('[') == std::string::npos) {
    std::string list;
    for (auto& reason : *reasons)
      if (auto* object = reason.if_object())
        list += (list.empty() ? "" : ", ") + std::string(get_string(*object, "Code").value_or("None"));
    error.message += " [" + list + "]";
  }
}

}  // namespace

ErrorKind error_kind(int status, std::string_view code) {
  if (judge(400, code) == Verdict::throttled || any(code, {"OverLimit"})) return ErrorKind::throttled;
  if (any(code,
          {"ConditionalCheckFailedException", "TransactionCanceledException", "NotModified", "BucketAlreadyExists",
           "BucketAlreadyOwnedByYou", "AlreadyExistsException", "ResourceInUseException", "InvalidChangeSetStatus",
           "QueueDeletedRecently", "QueueNameExists", "PreconditionFailed", "IdempotentParameterMismatchException"}))
    return ErrorKind::conflict;
  if (any(code, {"QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue", "NotFound", "ChangeSetNotFound"}) ||
      ends_with_any(code, {"NotFoundException"}) || code.starts_with("NoSuch"))
    return ErrorKind::not_found;
  if (any(code,
          {"UnrecognizedClientException", "InvalidClientTokenId", "InvalidSignatureException", "SignatureDoesNotMatch",
           "ExpiredToken", "ExpiredTokenException", "MissingAuthenticationToken", "MissingAuthenticationTokenException",
           "IncompleteSignature", "IncompleteSignatureException", "AuthorizationError", "MessageRejected",
           "MailFromDomainNotVerifiedException", "AccountSuspendedException", "SendingPausedException", "OptInRequired",
           "RequestExpired", "InvalidToken", "AuthorizationHeaderMalformed"}) ||
      code.starts_with("AccessDenied"))
    return ErrorKind::denied;
  if (judge(400, code) == Verdict::transient) return ErrorKind::unavailable;
  if (status == 429) return ErrorKind::throttled;
  if (status >= 500 && status != 501) return ErrorKind::unavailable;
  switch (status) {
    case 401:
    case 403:
      return ErrorKind::denied;
    case 404:
      return ErrorKind::not_found;
    case 304:
    case 409:
    case 412:
      return ErrorKind::conflict;
    default:
      return ErrorKind::invalid;
  }
}

Error decode_error(Protocol protocol, const http::Response& response) {
  Error error;
  if (protocol == Protocol::json || protocol == Protocol::rest_json) {
    read_json(response, error);
  } else {
    read_xml(response.body, error);
  }
  if (error.code.empty()) error.code = code_of_status(response.status);
  error.kind = error_kind(response.status, error.code);
  if (error.message.empty()) error.message = fmt::format("the service answered {} without a reason", response.status);
  if (auto region = response.headers.get("x-amz-bucket-region"); region && response.status / 100 == 3)
    error.message += fmt::format(" (the bucket is in {})", *region);
  // A transaction that only met another one may be tried again; one whose condition failed may not.
  if (error.code == "TransactionCanceledException" &&
      error.message.find("ConditionalCheckFailed") == std::string::npos) {
    for (auto reason : {"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"})
      if (error.message.find(reason) != std::string::npos) error.kind = ErrorKind::throttled;
    if (error.message.find("ValidationError") != std::string::npos) error.kind = ErrorKind::invalid;
  }
  // CloudFormation has one code for every refusal.
  if (error.code == "ValidationError" && error.message.find("does not exist") != std::string::npos)
    error.kind = ErrorKind::not_found;
  return error;
}

}  // namespace ads::aws
