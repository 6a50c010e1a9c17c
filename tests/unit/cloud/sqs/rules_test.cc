// What may be sent and set: attributes of queues and messages, batches, names, checksums.
#include "cloud/sqs/errors.h"
#include "fixture.h"

namespace ads::cloud::sqs {
namespace {

TEST(MessageAttributesTest, ChecksumsEqualAwsOnes) {
  // Values from AWS SDKs' own tests of MD5OfMessageAttributes.
  EXPECT_EQ(md5_of_attributes({{"timestamp", {"Number", "1493147359900"}}}), "235c5c510d26fb653d073faed50ae77c");
  EXPECT_EQ(md5_of_attributes({{"timestamp", {"Number.java.lang.Long", "1493147359900"}}}),
            "2e2e4876d8e0bd6b8c2c8f556831c349");
}

TEST(MessageTest, StoredFormComesBack) {
  Message message{.id = "i",
                  .sent = 5,
                  .sender = "s",
                  .body = std::string("b\0c", 3),
                  .body_md5 = "m",
                  .attributes = {{"a", {"Binary", std::string("\0\xff", 2)}}},
                  .trace_header = "t",
                  .group = "g",
                  .deduplication_id = "d",
                  .dead_letter_source = "q"};
  const auto back = decode_message(encode(message));
  ASSERT_TRUE(back);
  EXPECT_EQ(encode(*back), encode(message));
  for (std::size_t size = 0; size < encode(message).size(); ++size) {
    EXPECT_FALSE(decode_message(encode(message).substr(0, size))) << size;
  }
}

TEST(MessageTest, AllowedCharacters) {
  const std::pair<const char*, bool> cases[] = {
      {"plain\t\r\n", true},       {"\x01", false},         {"\x0b", false},        {"gr\xc3\xbc\xc3\x9f", true},
      {"\xed\xa0\x80", false},     {"\xef\xbf\xbe", false}, {"\xef\xbf\xbd", true}, {"\xf0\x9f\x98\x80", true},
      {"\xf4\x90\x80\x80", false}, {"\xc0\x80", false},     {"\xe2\x82", false},    {"\x80", false},
  };
  for (const auto& [text, is_allowed] : cases) EXPECT_EQ(is_allowed_text(text), is_allowed) << text;
}

struct Setting {
  const char *name, *value, *refusal;
};

TEST_F(SqsTest, AttributesOfAStandardQueue) {
  const Setting settings[] = {
      {"DelaySeconds", "900", ""},
      {"DelaySeconds", "901", "InvalidAttributeValue"},
      {"DelaySeconds", "-1", "InvalidAttributeValue"},
      {"DelaySeconds", "x", "InvalidAttributeValue"},
      {"MaximumMessageSize", "1048576", ""},
      {"MaximumMessageSize", "1048577", "InvalidAttributeValue"},
      {"MaximumMessageSize", "1023", "InvalidAttributeValue"},
      {"MessageRetentionPeriod", "59", "InvalidAttributeValue"},
      {"MessageRetentionPeriod", "1209600", ""},
      {"ReceiveMessageWaitTimeSeconds", "21", "InvalidAttributeValue"},
      {"VisibilityTimeout", "43200", ""},
      {"VisibilityTimeout", "43201", "InvalidAttributeValue"},
      {"KmsDataKeyReusePeriodSeconds", "59", "InvalidAttributeValue"},
      {"KmsMasterKeyId", "alias/aws/sqs", ""},
      {"SqsManagedSseEnabled", "maybe", "InvalidAttributeValue"},
      {"Policy", "{", "InvalidAttributeValue"},
      {"Policy", "{}", "InvalidAttributeValue"},
      {"Policy", R"({"Statement":[{"Effect":"Allow","Principal":"*","Action":"sqs:SendMessage","Resource":"*"}]})", ""},
      {"FifoQueue", "true", "InvalidAttributeName"},
      {"ContentBasedDeduplication", "true", "InvalidAttributeName"},
      {"QueueArn", "x", "InvalidAttributeName"},
      {"Nonsense", "x", "InvalidAttributeName"},
      {"RedrivePolicy", "x", "InvalidParameterValueException"},
      {"RedrivePolicy", R"({"maxReceiveCount":3})", "InvalidParameterValueException"},
      {"RedrivePolicy", R"({"deadLetterTargetArn":"arn:aws:sqs:eu-central-1:000000000000:none","maxReceiveCount":3})",
       "InvalidParameterValueException"},
      {"RedrivePolicy", R"({"deadLetterTargetArn":"arn:aws:sqs:eu-central-1:000000000000:dead","maxReceiveCount":0})",
       "InvalidParameterValueException"},
      {"RedrivePolicy",
       R"({"deadLetterTargetArn":"arn:aws:sqs:eu-central-1:000000000000:dead","maxReceiveCount":1001})",
       "InvalidParameterValueException"},
      {"RedrivePolicy",
       R"({"deadLetterTargetArn":"arn:aws:sqs:eu-central-1:000000000000:dead.fifo","maxReceiveCount":3})",
       "InvalidParameterValueException"},
      {"RedrivePolicy", R"({"deadLetterTargetArn":"arn:aws:sqs:eu-central-1:000000000000:closed","maxReceiveCount":3})",
       "InvalidParameterValueException"},
      {"RedrivePolicy", R"({"deadLetterTargetArn":"arn:aws:sqs:eu-central-1:000000000000:dead","maxReceiveCount":3})",
       ""},
      {"RedrivePolicy", "", ""},
      {"RedriveAllowPolicy", R"({"redrivePermission":"sometimes"})", "InvalidParameterValueException"},
      {"RedriveAllowPolicy", R"({"redrivePermission":"byQueue"})", "InvalidParameterValueException"},
      {"RedriveAllowPolicy", R"({"redrivePermission":"byQueue","sourceQueueArns":["a"]})", ""},
  };
  make_queue("dead");
  make_fifo("dead.fifo");
  make_queue("closed", {{"RedriveAllowPolicy", R"({"redrivePermission":"denyAll"})"}});
  const auto q = make_queue("q");
  for (const Setting& setting : settings) {
    call("SetQueueAttributes", {{"QueueUrl", q}, {"Attributes", json::object{{setting.name, setting.value}}}});
    EXPECT_EQ(refused_, setting.refusal) << setting.name << "=" << setting.value << ": " << refused_message_;
  }
}

TEST_F(SqsTest, CreatingTwiceNeedsTheSameAttributes) {
  const auto q = make_queue("q", {{"VisibilityTimeout", "40"}});
  EXPECT_EQ(make_queue("q", {{"VisibilityTimeout", "40"}}), q);
  EXPECT_EQ(make_queue("q"), q);
  EXPECT_EQ(make_queue("q", {{"DelaySeconds", "0"}}), q);  // the default is the same
  call("CreateQueue", {{"QueueName", "q"}, {"Attributes", json::object{{"VisibilityTimeout", "41"}}}});
  EXPECT_EQ(refused_, "QueueNameExists");
  EXPECT_EQ(refused_message_,
            "A queue already exists with the same name and a different value for attribute VisibilityTimeout");
}

TEST_F(SqsTest, NamesOfQueues) {
  const std::tuple<std::string, bool, const char*> cases[] = {
      {"a-b_C9", false, ""},
      {std::string(80, 'a'), false, ""},
      {std::string(81, 'a'), false, "InvalidParameterValueException"},
      {"with space", false, "InvalidParameterValueException"},
      {"a.fifo", false, "InvalidParameterValueException"},
      {"a.fifo", true, ""},
      {"b", true, "InvalidParameterValueException"},
      {std::string(75, 'a') + ".fifo", true, ""},
      {std::string(76, 'a') + ".fifo", true, "InvalidParameterValueException"},
  };
  for (const auto& [name, is_fifo, refusal] : cases) {
    json::object attributes;
    if (is_fifo) attributes["FifoQueue"] = "true";
    call("CreateQueue", {{"QueueName", name}, {"Attributes", attributes}});
    EXPECT_EQ(refused_, refusal) << name;
  }
}

TEST_F(SqsTest, SizesOfMessages) {
  const auto q = make_queue("q"), small = make_queue("small", {{"MaximumMessageSize", "1024"}});
  send(q, std::string(1'048'576, 'a'));
  EXPECT_EQ(refused_, "");
  send(q, std::string(1'048'577, 'a'));
  EXPECT_EQ(refused_, "InvalidParameterValueException");
  send(small, std::string(1025, 'a'));
  EXPECT_EQ(refused_, "InvalidParameterValueException");
  send(small, std::string(1000, 'a'),
       {{"MessageAttributes",
         json::object{{"name", json::object{{"DataType", "String"}, {"StringValue", std::string(20, 'v')}}}}}});
  EXPECT_EQ(refused_, "InvalidParameterValueException");
  send(q, "");
  EXPECT_EQ(refused_, "MissingRequiredParameterException");
  send(q, "\x01");
  EXPECT_EQ(refused_, "InvalidMessageContents");
}

TEST_F(SqsTest, AttributesOfMessages) {
  const std::tuple<const char*, json::object, const char*> cases[] = {
      {"ok", {{"DataType", "String"}, {"StringValue", "x"}}, ""},
      {"ok.custom", {{"DataType", "Number.int"}, {"StringValue", "-1.5e3"}}, ""},
      {"bytes", {{"DataType", "Binary"}, {"BinaryValue", "AAH/"}}, ""},
      {"bytes", {{"DataType", "Binary"}, {"BinaryValue", "*"}}, "InvalidParameterValueException"},
      {"empty", {{"DataType", "String"}, {"StringValue", ""}}, "InvalidParameterValueException"},
      {"number", {{"DataType", "Number"}, {"StringValue", "x"}}, "InvalidParameterValueException"},
      {"type", {{"DataType", "Text"}, {"StringValue", "x"}}, "InvalidParameterValueException"},
      {"type", {{"StringValue", "x"}}, "InvalidParameterValueException"},
      {"AWS.x", {{"DataType", "String"}, {"StringValue", "x"}}, "InvalidParameterValueException"},
      {"amazon.x", {{"DataType", "String"}, {"StringValue", "x"}}, "InvalidParameterValueException"},
      {".x", {{"DataType", "String"}, {"StringValue", "x"}}, "InvalidParameterValueException"},
      {"x..y", {{"DataType", "String"}, {"StringValue", "x"}}, "InvalidParameterValueException"},
      {"sp ace", {{"DataType", "String"}, {"StringValue", "x"}}, "InvalidParameterValueException"},
  };
  const auto q = make_queue("q");
  for (const auto& [name, value, refusal] : cases) {
    send(q, "b", {{"MessageAttributes", json::object{{name, value}}}});
    EXPECT_EQ(refused_, refusal) << name << " " << json::serialize(value) << ": " << refused_message_;
  }
  json::object eleven;
  for (int i = 0; i < 11; ++i)
    eleven["a" + std::to_string(i)] = json::object{{"DataType", "String"}, {"StringValue", "x"}};
  send(q, "b", {{"MessageAttributes", eleven}});
  EXPECT_EQ(refused_, "InvalidParameterValueException");
}

TEST_F(SqsTest, AttributesAreReturnedByNameAndPrefix) {
  const auto q = make_queue("q");
  json::object attributes;
  for (const char* name : {"foo.a", "foo.b", "bar"})
    attributes[name] = json::object{{"DataType", "String"}, {"StringValue", "v"}};
  send(q, "b", {{"MessageAttributes", attributes}});
  const std::pair<json::array, std::size_t> cases[] = {
      {{"All"}, 3}, {{".*"}, 3}, {{"foo.*"}, 2}, {{"bar"}, 1}, {{"bar", "foo.a"}, 2}, {{"none"}, 0}, {{}, 0}};
  for (const auto& [names, count] : cases) {
    const auto answer =
        call("ReceiveMessage", {{"QueueUrl", q}, {"MessageAttributeNames", names}, {"VisibilityTimeout", 0}});
    const auto& message = answer.at("Messages").as_array()[0].as_object();
    EXPECT_EQ(message.contains("MessageAttributes") ? message.at("MessageAttributes").as_object().size() : 0, count)
        << json::serialize(names);
    EXPECT_FALSE(message.contains("Attributes"));
  }
}

TEST_F(SqsTest, RulesOfABatch) {
  const auto q = make_queue("q");
  const auto batch = [&](std::vector<std::pair<std::string, std::string>> entries) {
    json::array list;
    for (const auto& [id, body] : entries) list.push_back(json::object{{"Id", id}, {"MessageBody", body}});
    return call("SendMessageBatch", {{"QueueUrl", q}, {"Entries", std::move(list)}});
  };
  batch({});
  EXPECT_EQ(refused_, "EmptyBatchRequest");
  batch({{"a", "x"}, {"a", "y"}});
  EXPECT_EQ(refused_, "BatchEntryIdsNotDistinct");
  batch({{"a b", "x"}});
  EXPECT_EQ(refused_, "InvalidBatchEntryId");
  batch({{std::string(81, 'a'), "x"}});
  EXPECT_EQ(refused_, "InvalidBatchEntryId");
  batch(std::vector<std::pair<std::string, std::string>>(11, {"a", "x"}));
  EXPECT_EQ(refused_, "TooManyEntriesInBatchRequest");
  batch({{"a", std::string(600'000, 'a')}, {"b", std::string(600'000, 'a')}});
  EXPECT_EQ(refused_, "BatchRequestTooLong");
  const auto mixed = batch({{"good", "x"}, {"bad", "\x01"}, {"empty", ""}});
  EXPECT_EQ(mixed.at("Successful").as_array().size(), 1u);
  ASSERT_EQ(mixed.at("Failed").as_array().size(), 2u);
  EXPECT_EQ(mixed.at("Failed").as_array()[0].at("Code").as_string(), "InvalidMessageContents");
  EXPECT_TRUE(mixed.at("Failed").as_array()[0].at("SenderFault").as_bool());
  EXPECT_EQ(mixed.at("Failed").as_array()[1].at("Code").as_string(), "MissingParameter");
}

TEST_F(SqsTest, NumbersOfAReceive) {
  const auto q = make_queue("q");
  const std::pair<json::object, const char*> cases[] = {
      {{{"MaxNumberOfMessages", 0}}, "InvalidParameterValueException"},
      {{{"MaxNumberOfMessages", 11}}, "InvalidParameterValueException"},
      {{{"WaitTimeSeconds", 21}}, "InvalidParameterValueException"},
      {{{"VisibilityTimeout", 43'201}}, "InvalidParameterValueException"},
      {{{"MaxNumberOfMessages", "5"}}, "SerializationException"},  // in JSON; a form's numbers are texts
      {{{"ReceiveRequestAttemptId", "x"}}, "InvalidParameterValueException"},
      {{{"AttributeNames", json::array{"Nonsense"}}}, "InvalidAttributeName"},
  };
  for (auto [input, refusal] : cases) {
    input["QueueUrl"] = q;
    call("ReceiveMessage", input);
    EXPECT_EQ(refused_, refusal) << json::serialize(input);
  }
}

TEST_F(SqsTest, QueuesArePagedAndFoundByPrefix) {
  for (const char* name : {"a1", "a2", "a3", "b1"}) make_queue(name);
  auto page = call("ListQueues", {{"QueueNamePrefix", "a"}, {"MaxResults", 2}});
  EXPECT_EQ(page.at("QueueUrls").as_array().size(), 2u);
  page = call("ListQueues", {{"QueueNamePrefix", "a"}, {"MaxResults", 2}, {"NextToken", page.at("NextToken")}});
  EXPECT_EQ(page.at("QueueUrls").as_array().size(), 1u);
  EXPECT_FALSE(page.contains("NextToken"));
  EXPECT_EQ(call("ListQueues", {}).at("QueueUrls").as_array().size(), 4u);
  EXPECT_TRUE(call("ListQueues", {{"QueueNamePrefix", "c"}}).empty());
}

TEST_F(SqsTest, AddressesOfQueues) {
  make_queue("q");
  const std::pair<const char*, const char*> cases[] = {
      {"http://localhost:4566/000000000000/q", ""},
      {"https://sqs.eu-central-1.amazonaws.com/000000000000/q", ""},
      {"http://x/000000000000/other", "QueueDoesNotExist"},
      {"http://x/111111111111/q", "QueueDoesNotExist"},
      {"http://x/q", "InvalidAddress"},
      {"", "MissingRequiredParameterException"},
  };
  for (const auto& [url, refusal] : cases) {
    call("GetQueueAttributes", {{"QueueUrl", url}, {"AttributeNames", json::array{"All"}}});
    EXPECT_EQ(refused_, refusal) << url;
  }
}

TEST(ErrorsTest, BothProtocolsNamesAndStatuses) {
  const auto missing = for_query(queue_does_not_exist());
  EXPECT_EQ(missing.code, "AWS.SimpleQueueService.NonExistentQueue");
  EXPECT_EQ(missing.status, 400);
  EXPECT_EQ(for_query(receipt_handle_is_invalid("x")).status, 404);
  EXPECT_EQ(for_query(queue_name_exists("x")).code, "QueueAlreadyExists");
  EXPECT_EQ(query_code(missing_parameter("x")), "MissingParameter");
  EXPECT_EQ(*queue_does_not_exist().headers.get("x-amzn-query-error"),
            "AWS.SimpleQueueService.NonExistentQueue;Sender");
}

}  // namespace
}  // namespace ads::cloud::sqs
