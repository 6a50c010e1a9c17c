// The wire of the services that no foreign server in tests/clients speaks, and batches' failures.
#include "aws/cloudformation/codec.h"

#include <gmock/gmock.h>

#include "aws/dynamodb/codec.h"
#include "aws/lambda/codec.h"
#include "aws/sesv2/codec.h"
#include "aws/sns/codec.h"
#include "aws/sqs/codec.h"

namespace ads::aws {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

json::object parsed(std::string_view text) {
  return parse_json_object(text).value();
}

TEST(DynamoDbCodec, transaction) {
  dynamodb::TransactWriteItemsInput input;
  input.items = {dynamodb::UpdateItemInput{.table = "runs",
                                           .key = {{"id", "r"}},
                                           .update = "ADD done :one",
                                           .condition = "fence = :f",
                                           .values = {{":one", 1}, {":f", 7}}},
                 dynamodb::PutItemInput{.table = "runs", .item = {{"id", "s"}, {"ok", true}}},
                 dynamodb::DeleteItemInput{.table = "runs", .key = {{"id", "d"}}},
                 dynamodb::ConditionCheck{"runs", {{"id", "c"}}, "attribute_exists(id)", {}, {}}};
  input.client_request_token = "token";
  EXPECT_EQ(
      json::serialize(dynamodb::encode(input)),
      R"({"TransactItems":[{"Update":{"TableName":"runs","Key":{"id":{"S":"r"}},"UpdateExpression":"ADD done :one",)"
      R"("ConditionExpression":"fence = :f","ExpressionAttributeValues":{":f":{"N":"7"},":one":{"N":"1"}}}},)"
      R"({"Put":{"TableName":"runs","Item":{"id":{"S":"s"},"ok":{"BOOL":true}}}},)"
      R"({"Delete":{"TableName":"runs","Key":{"id":{"S":"d"}}}},)"
      R"x({"ConditionCheck":{"TableName":"runs","Key":{"id":{"S":"c"}},"ConditionExpression":"attribute_exists(id)"}}],)x"
      R"("ClientRequestToken":"token"})");
}

TEST(DynamoDbCodec, unprocessed_parts_are_an_input_again) {
  auto got = dynamodb::decode_batch_get_item(parsed(
      R"({"Responses":{"t":[{"id":{"S":"1"}}]},"UnprocessedKeys":{"t":{"Keys":[{"id":{"S":"2"}}],"ProjectionExpression":"#a",
          "ExpressionAttributeNames":{"#a":"a"},"ConsistentRead":true}}})"));
  ASSERT_TRUE(got);
  EXPECT_EQ(json::serialize(dynamodb::encode(dynamodb::BatchGetItemInput{got->unprocessed})),
            R"({"RequestItems":{"t":{"Keys":[{"id":{"S":"2"}}],"ProjectionExpression":"#a",)"
            R"("ExpressionAttributeNames":{"#a":"a"},"ConsistentRead":true}}})");
  const char* writes = R"({"t":[{"PutRequest":{"Item":{"id":{"S":"1"}}}},{"DeleteRequest":{"Key":{"id":{"S":"2"}}}}]})";
  auto wrote = dynamodb::decode_batch_write_item(parsed(std::string(R"({"UnprocessedItems":)") + writes + "}"));
  ASSERT_TRUE(wrote);
  EXPECT_EQ(json::serialize(dynamodb::encode(dynamodb::BatchWriteItemInput{wrote->unprocessed})),
            std::string(R"({"RequestItems":)") + writes + "}");
}

TEST(DynamoDbCodec, attribute_values_that_make_no_sense) {
  for (auto text : {R"({})", R"({"S":1})", R"({"N":1})", R"({"S":"a","N":"1"})", R"({"B":"*"})", R"({"SS":"a"})",
                    R"({"SS":[1]})", R"({"L":{}})", R"({"M":[]})", R"({"X":"a"})", R"("S")", R"({"L":[{"Q":1}]})"})
    EXPECT_EQ(dynamodb::attribute_value_from(parse_json(text).value()).error().code, "MalformedAnswer") << text;
}

TEST(DynamoDbCodec, whole_numbers) {
  dynamodb::Item item{
      {"n", 42}, {"f", dynamodb::Number{"1.5"}}, {"s", "7"}, {"big", dynamodb::Number{"99999999999999999999"}}};
  EXPECT_EQ(dynamodb::get_integer(item, "n"), 42);
  for (auto name : {"f", "s", "big", "absent"}) EXPECT_EQ(dynamodb::get_integer(item, name), std::nullopt) << name;
}

TEST(SqsCodec, batch_with_failures) {
  std::vector<sqs::SendEntry> sent{{.id = "a", .body = "hello"}, {.id = "b", .body = "x"}};
  auto out = sqs::decode_send_batch(
      parsed(R"({"Successful":[{"Id":"a","MessageId":"m","MD5OfMessageBody":"5d41402abc4b2a76b9719d911017c592"}],
                 "Failed":[{"Id":"b","Code":"InternalError","Message":"later","SenderFault":false},
                           {"Id":"c","Code":"InvalidMessageContents","SenderFault":true}]})"),
      sent);
  ASSERT_TRUE(out) << out.error().message;
  EXPECT_EQ(out->successful[0].message_id, "m");
  ASSERT_EQ(out->failed.size(), 2u);
  EXPECT_EQ(out->failed[0].fault, sqs::Fault::service);
  EXPECT_EQ(out->failed[1].fault, sqs::Fault::sender);
}

TEST(SqsCodec, another_body_than_sent_or_announced) {
  auto sent =
      sqs::decode_send(parsed(R"({"MessageId":"m","MD5OfMessageBody":"00"})"), {.queue_url = "q", .body = "hello"});
  EXPECT_EQ(sent.error().code, "WrongMd5");
  auto received = sqs::decode_receive(parsed(R"({"Messages":[{"MessageId":"m","Body":"hello","MD5OfBody":"00"}]})"));
  EXPECT_EQ(received.error().kind, ErrorKind::corrupt);
  EXPECT_TRUE(sqs::decode_receive({})->empty());
}

TEST(SnsCodec, batch_as_form) {
  std::vector<sns::PublishEntry> entries{
      {.id = "a", .message = "m 1", .attributes = {{"Status", {"Number", "200"}}, {"Raw", {"Binary", "\x01"}}}}};
  EXPECT_EQ(sns::encode_publish_batch("arn:t", entries).text(),
            "Action=PublishBatch&Version=2010-03-31&TopicArn=arn%3At&PublishBatchRequestEntries.member.1.Id=a"
            "&PublishBatchRequestEntries.member.1.Message=m%201"
            "&PublishBatchRequestEntries.member.1.MessageAttributes.entry.1.Name=Raw"
            "&PublishBatchRequestEntries.member.1.MessageAttributes.entry.1.Value.DataType=Binary"
            "&PublishBatchRequestEntries.member.1.MessageAttributes.entry.1.Value.BinaryValue=AQ%3D%3D"
            "&PublishBatchRequestEntries.member.1.MessageAttributes.entry.2.Name=Status"
            "&PublishBatchRequestEntries.member.1.MessageAttributes.entry.2.Value.DataType=Number"
            "&PublishBatchRequestEntries.member.1.MessageAttributes.entry.2.Value.StringValue=200");
}

TEST(SnsCodec, batch_with_failures) {
  auto out = sns::decode_publish_batch(
      "<PublishBatchResponse "
      "xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\"><PublishBatchResult><Failed><member><Id>b</Id>"
      "<Code>InvalidParameter</Code><Message>m</Message><SenderFault>true</SenderFault></member></"
      "Failed><Successful><member>"
      "<Id>a</Id><MessageId>1</MessageId></member></Successful></PublishBatchResult></PublishBatchResponse>");
  ASSERT_TRUE(out);
  EXPECT_EQ(out->successful[0].message_id, "1");
  EXPECT_EQ(out->failed[0].fault, sns::Fault::sender);
  EXPECT_FALSE(sns::decode_publish_batch("<PublishBatchResponse/>"));
}

TEST(SesCodec, raw_mail) {
  sesv2::SendEmailInput input{.content = sesv2::RawContent{"MIME"}};
  EXPECT_EQ(json::serialize(sesv2::encode(input)), R"({"Content":{"Raw":{"Data":"TUlNRQ=="}}})");
}

TEST(LambdaCodec, invoke) {
  auto request = lambda::encode(lambda::InvokeInput{.function = "arn:aws:lambda:r:0:function:f",
                                                    .payload = "{}",
                                                    .type = lambda::InvocationType::event,
                                                    .log = lambda::LogType::tail});
  EXPECT_EQ(request.target, "/2015-03-31/functions/arn%3Aaws%3Alambda%3Ar%3A0%3Afunction%3Af/invocations");
  EXPECT_EQ(request.headers.get_or("X-Amz-Invocation-Type", ""), "Event");
  EXPECT_EQ(request.headers.get_or("X-Amz-Log-Type", ""), "Tail");
  auto out = lambda::decode_invoke(
      {200, {{"X-Amz-Function-Error", "Unhandled"}, {"X-Amz-Log-Result", "bG9n"}}, R"({"errorMessage":"m"})"});
  EXPECT_EQ(out.function_error, "Unhandled");
  EXPECT_EQ(out.log, "log");
}

TEST(LambdaCodec, configuration_and_mappings) {
  auto out = lambda::decode_get_function(parsed(
      R"({"Configuration":{"FunctionName":"f","Runtime":"provided.al2023","MemorySize":256,"Timeout":60,"State":"Active",
          "Architectures":["arm64"],"Environment":{"Variables":{"A":"b"}}},"Code":{"Location":"https://x"}})"));
  ASSERT_TRUE(out);
  EXPECT_EQ(out->configuration.memory_mb, 256);
  EXPECT_THAT(out->configuration.architectures, ElementsAre("arm64"));
  EXPECT_EQ(out->configuration.environment["A"], "b");
  EXPECT_EQ(out->code_location, "https://x");
  EXPECT_EQ(lambda::encode(lambda::ListEventSourceMappingsInput{.function = "f", .marker = "m"}).target,
            "/2015-03-31/event-source-mappings?FunctionName=f&Marker=m");
  auto zip = lambda::encode(lambda::UpdateFunctionCodeInput{.function = "f", .zip = "PK"});
  EXPECT_EQ(zip.body, R"({"ZipFile":"UEs="})");
}

TEST(CloudFormationCodec, change_set_as_form) {
  auto form = cloudformation::encode(cloudformation::CreateChangeSetInput{.stack_name = "ads",
                                                                          .change_set_name = "c",
                                                                          .type = cloudformation::ChangeSetType::update,
                                                                          .template_body = "a: b\n",
                                                                          .parameters = {{"K", "v"}, {"Kept", {}}},
                                                                          .capabilities = {"CAPABILITY_IAM"},
                                                                          .tags = {{"t", "1"}}});
  EXPECT_EQ(form.text(),
            "Action=CreateChangeSet&Version=2010-05-15&StackName=ads&ChangeSetName=c&ChangeSetType=UPDATE"
            "&TemplateBody=a%3A%20b%0A&Parameters.member.1.ParameterKey=K&Parameters.member.1.ParameterValue=v"
            "&Parameters.member.2.ParameterKey=Kept&Parameters.member.2.UsePreviousValue=true"
            "&Capabilities.member.1=CAPABILITY_IAM&Tags.member.1.Key=t&Tags.member.1.Value=1");
}

TEST(CloudFormationCodec, stacks_changes_and_events) {
  auto stacks = cloudformation::decode_describe_stacks(
      "<DescribeStacksResponse "
      "xmlns=\"http://cloudformation.amazonaws.com/doc/2010-05-15/\"><DescribeStacksResult><Stacks><member>"
      "<StackName>ads</StackName><StackStatus>CREATE_COMPLETE</StackStatus><CreationTime>2026-11-22T16:20:05.123Z</"
      "CreationTime>"
      "<Outputs><member><OutputKey>Topic</OutputKey><OutputValue>arn</OutputValue></member></Outputs></member></Stacks>"
      "</DescribeStacksResult></DescribeStacksResponse>");
  ASSERT_TRUE(stacks);
  EXPECT_EQ(stacks->stacks[0].status, "CREATE_COMPLETE");
  EXPECT_EQ(stacks->stacks[0].outputs[0].value, "arn");
  EXPECT_TRUE(stacks->stacks[0].created);

  auto changes = cloudformation::decode_describe_change_set(
      "<DescribeChangeSetResponse><DescribeChangeSetResult><Status>CREATE_COMPLETE</"
      "Status><Changes><member><Type>Resource</Type>"
      "<ResourceChange><Action>Modify</Action><LogicalResourceId>Bucket</LogicalResourceId><Replacement>False</"
      "Replacement>"
      "</ResourceChange></member></Changes></DescribeChangeSetResult></DescribeChangeSetResponse>");
  ASSERT_TRUE(changes);
  EXPECT_EQ(changes->changes[0].action, "Modify");
  EXPECT_EQ(changes->changes[0].logical_id, "Bucket");

  auto events = cloudformation::decode_describe_stack_events(
      "<R><DescribeStackEventsResult><StackEvents><member><ResourceStatus>CREATE_FAILED</"
      "ResourceStatus><ResourceStatusReason>no"
      "</ResourceStatusReason></member></StackEvents><NextToken>t</NextToken></DescribeStackEventsResult></R>");
  ASSERT_TRUE(events);
  EXPECT_EQ(events->events[0].status_reason, "no");
  EXPECT_EQ(events->next_token, "t");
  EXPECT_THAT(cloudformation::decode_get_template("<html>").error().message, HasSubstr("not XML"));
}

}  // namespace
}  // namespace ads::aws
