#include "aws/wire.h"

#include <gmock/gmock.h>

namespace ads::aws {
namespace {

struct Case {
  const char* name;
  Protocol protocol;
  http::Response response;
  ErrorKind kind;
  const char* code;
  const char* message;
};

const std::vector<Case>& cases() {
  static const std::vector<Case> all{
      {"dynamodb",
       Protocol::json,
       {400,
        {},
        R"({"__type":"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException","message":"The conditional request failed"})"},
       ErrorKind::conflict,
       "ConditionalCheckFailedException",
       "The conditional request failed"},
      {"upper-case message",
       Protocol::json,
       {400, {}, R"({"__type":"com.amazon.coral.validate#ValidationException","Message":"bad"})"},
       ErrorKind::invalid,
       "ValidationException",
       "bad"},
      {"sqs",
       Protocol::json,
       {400,
        {{"x-amzn-query-error", "AWS.SimpleQueueService.NonExistentQueue;Sender"}},
        R"({"__type":"com.amazonaws.sqs#QueueDoesNotExist","message":"The specified queue does not exist."})"},
       ErrorKind::not_found,
       "QueueDoesNotExist",
       "The specified queue does not exist."},
      {"transaction with a failed condition",
       Protocol::json,
       {400,
        {},
        R"({"__type":"x#TransactionCanceledException","Message":"Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed]"})"},
       ErrorKind::conflict,
       "TransactionCanceledException",
       "Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed]"},
      {"transaction whose reasons are in the body alone",
       Protocol::json,
       {400,
        {},
        R"({"__type":"x#TransactionCanceledException","message":"cancelled","CancellationReasons":[{"Code":"None"},{"Code":"TransactionConflict"}]})"},
       ErrorKind::throttled,
       "TransactionCanceledException",
       "cancelled [None, TransactionConflict]"},
      {"throttle",
       Protocol::json,
       {400, {}, R"({"__type":"ThrottlingException","message":"Rate exceeded"})"},
       ErrorKind::throttled,
       "ThrottlingException",
       "Rate exceeded"},
      {"wrong key",
       Protocol::json,
       {400, {}, R"({"__type":"com.amazon.coral.service#UnrecognizedClientException","message":"m"})"},
       ErrorKind::denied,
       "UnrecognizedClientException",
       "m"},
      {"sns",
       Protocol::query,
       {404,
        {},
        "<ErrorResponse "
        "xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\"><Error><Type>Sender</Type><Code>NotFound</Code>"
        "<Message>Topic does not exist &amp; never did</Message></Error><RequestId>r</RequestId></ErrorResponse>"},
       ErrorKind::not_found,
       "NotFound",
       "Topic does not exist & never did"},
      {"cloudformation without such a stack",
       Protocol::query,
       {400,
        {},
        "<ErrorResponse><Error><Code>ValidationError</Code><Message>Stack with id x does not "
        "exist</Message></Error></ErrorResponse>"},
       ErrorKind::not_found,
       "ValidationError",
       "Stack with id x does not exist"},
      {"cloudformation without a change",
       Protocol::query,
       {400,
        {},
        "<ErrorResponse><Error><Code>ValidationError</Code><Message>No updates are to be "
        "performed.</Message></Error></ErrorResponse>"},
       ErrorKind::invalid,
       "ValidationError",
       "No updates are to be performed."},
      {"s3",
       Protocol::rest_xml,
       {404,
        {},
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>NoSuchKey</Code><Message>The specified key does not "
        "exist.</Message><Key>a</Key></Error>"},
       ErrorKind::not_found,
       "NoSuchKey",
       "The specified key does not exist."},
      {"s3 head",
       Protocol::rest_xml,
       {404, {}, ""},
       ErrorKind::not_found,
       "NotFound",
       "the service answered 404 without a reason"},
      {"s3 head with a condition",
       Protocol::rest_xml,
       {412, {}, ""},
       ErrorKind::conflict,
       "PreconditionFailed",
       "the service answered 412 without a reason"},
      {"s3 not modified",
       Protocol::rest_xml,
       {304, {}, ""},
       ErrorKind::conflict,
       "NotModified",
       "the service answered 304 without a reason"},
      {"s3 elsewhere",
       Protocol::rest_xml,
       {301,
        {{"x-amz-bucket-region", "eu-west-1"}},
        "<Error><Code>PermanentRedirect</Code><Message>m</Message></Error>"},
       ErrorKind::invalid,
       "PermanentRedirect",
       "m (the bucket is in eu-west-1)"},
      {"s3 slow down",
       Protocol::rest_xml,
       {503, {}, "<Error><Code>SlowDown</Code><Message>m</Message></Error>"},
       ErrorKind::throttled,
       "SlowDown",
       "m"},
      {"lambda",
       Protocol::rest_json,
       {404,
        {{"x-amzn-ErrorType", "ResourceNotFoundException:http://internal.amazon.com/"}},
        R"({"Type":"User","Message":"Function not found: f"})"},
       ErrorKind::not_found,
       "ResourceNotFoundException",
       "Function not found: f"},
      {"ses sandbox",
       Protocol::rest_json,
       {400, {{"x-amzn-errortype", "MessageRejected"}}, R"({"message":"Email address is not verified."})"},
       ErrorKind::denied,
       "MessageRejected",
       "Email address is not verified."},
      {"a proxy",
       Protocol::json,
       {502, {}, "<html>Bad gateway</html>"},
       ErrorKind::unavailable,
       "HTTP 502",
       "the service answered 502 without a reason"},
      {"not implemented",
       Protocol::query,
       {501, {}, "<ErrorResponse><Error><Code>NotImplemented</Code><Message>m</Message></Error></ErrorResponse>"},
       ErrorKind::invalid,
       "NotImplemented",
       "m"},
      {"garbage",
       Protocol::rest_xml,
       {500, {}, "\x01\x02<<<"},
       ErrorKind::unavailable,
       "HTTP 500",
       "the service answered 500 without a reason"},
  };
  return all;
}

TEST(Errors, of_each_protocol) {
  for (auto& c : cases()) {
    auto error = decode_error(c.protocol, c.response);
    EXPECT_EQ(error, (Error{c.kind, c.code, c.message}))
        << c.name << ": " << error.code << ": " << error.message << " (" << to_string(error.kind) << ")";
  }
}

TEST(Forms, encode_what_urls_cannot_hold) {
  Form form("Publish", "2010-03-31");
  form.add("Message", "a b&c=d+\xC3\xA4\n").add_if("Subject", std::nullopt).add_if("Group", std::string(""));
  EXPECT_EQ(form.text(), "Action=Publish&Version=2010-03-31&Message=a%20b%26c%3Dd%2B%C3%A4%0A&Group=");
}

}  // namespace
}  // namespace ads::aws
