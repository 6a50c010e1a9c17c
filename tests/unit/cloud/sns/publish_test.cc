// Publishing: what subscribers get, FIFO topics, failures and dead letters, rules and batches.
#include "fixture.h"

namespace ads::cloud::sns {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

json::object attribute(const char* type, const std::string& value) {
  return {{"DataType", type}, {std::string_view(type).starts_with("Binary") ? "BinaryValue" : "StringValue", value}};
}

TEST_F(SnsTest, AQueueGetsTheEnvelope) {
  const auto topic = make_topic("t");
  const auto subscription = subscribe_to(topic, queue("q"));
  const auto id =
      send(topic, "hello",
           {{"Subject", "greeting"},
            {"MessageAttributes", json::object{{"n", attribute("Number", "5")}, {"b", attribute("Binary", "AAE=")}}}})
          .at("MessageId");
  const auto body = parse_json_object(bodies("q")).value();
  EXPECT_EQ(body.at("Type"), "Notification");
  EXPECT_EQ(body.at("MessageId"), id);
  EXPECT_EQ(body.at("TopicArn"), json::value(topic));
  EXPECT_EQ(body.at("Subject"), "greeting");
  EXPECT_EQ(body.at("Message"), "hello");
  EXPECT_EQ(body.at("Timestamp"), json::value(iso8601(clock_.now())));
  EXPECT_EQ(body.at("MessageAttributes"),
            parse_json(R"({"n":{"Type":"Number","Value":"5"},"b":{"Type":"Binary","Value":"AAE="}})").value());
  EXPECT_THAT(std::string(body.at("UnsubscribeURL").as_string()), HasSubstr(subscription));
  EXPECT_EQ(queues_.source_of[queue("q")], topic);
}

TEST_F(SnsTest, RawDeliveryIsTheMessageAndItsAttributes) {
  const auto topic = make_topic("t");
  subscribe_to(topic, queue("q"), {{"RawMessageDelivery", "true"}});
  send(topic, "hello", {{"MessageAttributes", json::object{{"b", attribute("Binary", "AAE=")}}}});
  const auto& message = queues_.got[queue("q")].at(0);
  EXPECT_EQ(message.body, "hello");
  EXPECT_EQ(message.attributes.at("b").data_type, "Binary");
  EXPECT_EQ(message.attributes.at("b").value, std::string("\0\1", 2));
}

TEST_F(SnsTest, AFunctionGetsTheEvent) {
  const auto topic = make_topic("t");
  const auto subscription = subscribe_to(topic, function("f"));
  send(topic, "hello");
  ASSERT_EQ(functions_.got.size(), 1u);
  const auto record = parse_json(functions_.got[0].second).value().at("Records").at(0);
  EXPECT_EQ(record.at("EventSource"), "aws:sns");
  EXPECT_EQ(record.at("EventSubscriptionArn"), json::value(subscription));
  EXPECT_EQ(record.at("Sns").at("Message"), "hello");
  EXPECT_TRUE(record.at("Sns").at("Subject").is_null());
}

TEST_F(SnsTest, AMessagePerProtocol) {
  const auto topic = make_topic("t");
  subscribe_to(topic, queue("q"), {{"RawMessageDelivery", "true"}});
  subscribe_to(topic, function("f"));
  send(topic, R"({"default":"d","sqs":"for queues"})", {{"MessageStructure", "json"}});
  EXPECT_EQ(bodies("q"), "for queues");
  EXPECT_EQ(parse_json(functions_.got[0].second).value().at("Records").at(0).at("Sns").at("Message"), "d");
  send(topic, R"({"sqs":"x"})", {{"MessageStructure", "json"}});
  EXPECT_THAT(refused_message_, HasSubstr("No default entry"));
  send(topic, "x", {{"MessageStructure", "json"}});
  EXPECT_THAT(refused_message_, HasSubstr("failed to parse"));
  send(topic, "x", {{"MessageStructure", "xml"}});
  EXPECT_EQ(refused_, "InvalidParameter");
}

TEST_F(SnsTest, EverySubscriberGetsWhatItsFilterLetsThrough) {
  const auto topic = make_topic("t");
  subscribe_to(topic, queue("all"), {{"RawMessageDelivery", "true"}});
  subscribe_to(topic, queue("bad"),
               {{"RawMessageDelivery", "true"}, {"FilterPolicy", R"({"Status":[{"numeric":[">=",400]}]})"}});
  subscribe_to(
      topic, queue("body"),
      {{"RawMessageDelivery", "true"}, {"FilterPolicy", R"({"a":["x"]})"}, {"FilterPolicyScope", "MessageBody"}});
  send(topic, "1", {{"MessageAttributes", json::object{{"Status", attribute("Number", "200")}}}});
  send(topic, "2", {{"MessageAttributes", json::object{{"Status", attribute("Number", "404")}}}});
  send(topic, R"({"a":"x"})");
  EXPECT_EQ(bodies("all"), R"(1 2 {"a":"x"})");
  EXPECT_EQ(bodies("bad"), "2");
  EXPECT_EQ(bodies("body"), R"({"a":"x"})");
}

TEST_F(SnsTest, AFilterCanBeChangedAndRemovedAndSurvivesARestart) {
  const auto topic = make_topic("t");
  const auto subscription =
      subscribe_to(topic, queue("q"), {{"RawMessageDelivery", "true"}, {"FilterPolicy", R"({"a":["x"]})"}});
  send(topic, "1");
  reopen();
  send(topic, "2");
  EXPECT_EQ(bodies("q"), "");
  call(set_subscription_attributes,
       {{"SubscriptionArn", subscription}, {"AttributeName", "FilterPolicy"}, {"AttributeValue", "{}"}});
  send(topic, "3");
  EXPECT_EQ(bodies("q"), "3");
  call(set_subscription_attributes, {{"SubscriptionArn", subscription},
                                     {"AttributeName", "FilterPolicy"},
                                     {"AttributeValue", R"({"a":{"b":["x"]}})"}});
  EXPECT_THAT(refused_message_, HasSubstr("does not support nested"));
}

TEST_F(SnsTest, AFifoTopicKeepsOrderAndDropsRepeats) {
  const auto topic = make_topic("t.fifo");
  subscribe_to(topic, queue("q.fifo"), {{"RawMessageDelivery", "true"}});
  const auto fifo = [&](const char* message, const char* id) {
    return send(topic, message, {{"MessageGroupId", "g"}, {"MessageDeduplicationId", id}});
  };
  const auto first = fifo("a", "1"), second = fifo("b", "2"), again = fifo("c", "1");
  EXPECT_EQ(bodies("q.fifo"), "a b");
  EXPECT_EQ(first.at("MessageId"), again.at("MessageId"));
  EXPECT_EQ(first.at("SequenceNumber"), again.at("SequenceNumber"));
  EXPECT_LT(first.at("SequenceNumber").as_string(), second.at("SequenceNumber").as_string());
  EXPECT_EQ(queues_.got[queue("q.fifo")][0].group_id, "g");
  EXPECT_EQ(queues_.got[queue("q.fifo")][0].deduplication_id, "1");
  reopen();
  clock_.advance(299'999ms);
  fifo("d", "1");
  EXPECT_EQ(bodies("q.fifo"), "a b");
  clock_.advance(1ms);
  fifo("d", "1");
  EXPECT_EQ(bodies("q.fifo"), "a b d");
  clock_.advance(1h);
  fifo("e", "1");
  EXPECT_EQ(bodies("q.fifo"), "a b d e");
}

TEST_F(SnsTest, WhatFifoTopicsAskOfAMessage) {
  const auto plain = make_topic("p.fifo"), content = make_topic("c.fifo", {{"ContentBasedDeduplication", "true"}}),
             standard = make_topic("s");
  send(plain, "x");
  EXPECT_EQ(refused_, "InvalidParameter");
  send(plain, "x", {{"MessageGroupId", "g"}});
  EXPECT_EQ(refused_, "InvalidParameter");
  send(content, "x", {{"MessageGroupId", "g"}});
  EXPECT_EQ(refused_, "");
  send(standard, "x", {{"MessageDeduplicationId", "1"}});
  EXPECT_EQ(refused_, "InvalidParameter");
}

TEST_F(SnsTest, WhatCanNotBeDeliveredGoesToTheDeadLetterQueue) {
  const auto topic = make_topic("t");
  const std::string redrive = R"({"deadLetterTargetArn":")" + queue("dead") + R"("})";
  subscribe_to(topic, queue("gone"), {{"RawMessageDelivery", "true"}, {"RedrivePolicy", redrive}});
  subscribe_to(topic, queue("there"), {{"RawMessageDelivery", "true"}});
  queues_.missing.insert(queue("gone"));
  send(topic, "x");
  EXPECT_EQ(refused_, "");
  EXPECT_EQ(bodies("there"), "x");
  EXPECT_EQ(bodies("dead"), "x");
  EXPECT_EQ(queues_.got[queue("dead")][0].attributes.at("ErrorCode").value, "AWS.SimpleQueueService.NonExistentQueue");
}

TEST_F(SnsTest, AFunctionThatFailsForNowIsTriedAgainEvenAfterARestart) {
  const auto topic = make_topic("t");
  subscribe_to(topic, function("f"));
  functions_.failures.assign(2, {500, "ServiceException", "later"});
  send(topic, "x");
  EXPECT_EQ(refused_, "");
  EXPECT_TRUE(functions_.got.empty());
  reopen();
  for (int i = 0; i < 1000 && functions_.got.empty(); ++i) {
    clock_.advance(100ms);
    io_.restart();
    io_.run_for(5ms);
  }
  ASSERT_EQ(functions_.got.size(), 1u);
  EXPECT_THAT(functions_.got[0].second, HasSubstr(R"("Message":"x")"));
}

TEST_F(SnsTest, AFunctionThatIsGoneIsNotTriedAgain) {
  const auto topic = make_topic("t");
  subscribe_to(topic, function("f"), {{"RedrivePolicy", R"({"deadLetterTargetArn":")" + queue("dead") + R"("})"}});
  functions_.failures.assign(1, {404, "ResourceNotFoundException", "gone"});
  send(topic, "x");
  EXPECT_THAT(bodies("dead"), HasSubstr(R"("Message":"x")"));
}

TEST_F(SnsTest, ABatchIsPublishedInOrderAndFailsByEntry) {
  const auto topic = make_topic("t");
  subscribe_to(topic, queue("q"), {{"RawMessageDelivery", "true"}});
  const auto batch = [&](json::array entries) {
    return call(publish_batch, {{"TopicArn", topic}, {"PublishBatchRequestEntries", std::move(entries)}});
  };
  const auto answer = batch({json::object{{"Id", "1"}, {"Message", "a"}}, json::object{{"Id", "2"}, {"Message", ""}},
                             json::object{{"Id", "3"}, {"Message", "c"}}});
  EXPECT_EQ(bodies("q"), "a c");
  ASSERT_EQ(answer.at("Successful").as_array().size(), 2u);
  EXPECT_EQ(answer.at("Successful").at(1).at("Id"), "3");
  ASSERT_EQ(answer.at("Failed").as_array().size(), 1u);
  EXPECT_EQ(answer.at("Failed").at(0).at("Code"), "InvalidParameter");
  batch({});
  EXPECT_EQ(refused_, "EmptyBatchRequest");
  batch(json::array(11, json::object{{"Id", "1"}, {"Message", "a"}}));
  EXPECT_EQ(refused_, "TooManyEntriesInBatchRequest");
  batch(json::array(2, json::object{{"Id", "1"}, {"Message", "a"}}));
  EXPECT_EQ(refused_, "BatchEntryIdsNotDistinct");
  batch({json::object{{"Id", "a b"}, {"Message", "a"}}});
  EXPECT_EQ(refused_, "InvalidBatchEntryId");
  batch({json::object{{"Id", "1"}, {"Message", std::string(200'000, 'a')}},
         json::object{{"Id", "2"}, {"Message", std::string(70'000, 'a')}}});
  EXPECT_EQ(refused_, "BatchRequestTooLong");
}

TEST_F(SnsTest, RulesOfAMessage) {
  const auto topic = make_topic("t");
  const std::tuple<std::string, json::object, const char*> cases[] = {
      {"x", {}, ""},
      {"", {}, "InvalidParameter"},
      {std::string(262'144, 'a'), {}, ""},
      {std::string(262'145, 'a'), {}, "InvalidParameter"},
      {"x", {{"Subject", ""}}, "InvalidParameter"},
      {"x", {{"Subject", std::string(101, 'a')}}, "InvalidParameter"},
      {"x", {{"Subject", "two\nlines"}}, "InvalidParameter"},
      {"x", {{"MessageAttributes", json::object{{"a", attribute("String", "")}}}}, "ParameterValueInvalid"},
      {"x", {{"MessageAttributes", json::object{{"a", attribute("Text", "x")}}}}, "ParameterValueInvalid"},
      {"x", {{"MessageAttributes", json::object{{"a", attribute("Number", "x")}}}}, "ParameterValueInvalid"},
      {"x", {{"MessageAttributes", json::object{{"a", attribute("String.Array", "x")}}}}, "ParameterValueInvalid"},
      {"x", {{"MessageAttributes", json::object{{"a", attribute("String.Array", "[1]")}}}}, ""},
      {"x", {{"MessageAttributes", json::object{{".a", attribute("String", "x")}}}}, "ParameterValueInvalid"},
  };
  for (const auto& [message, more, refusal] : cases) {
    send(topic, message, more);
    EXPECT_EQ(refused_, refusal) << message.substr(0, 20) << json::serialize(more).substr(0, 100);
  }
  send("nonsense", "x");
  EXPECT_EQ(refused_, "InvalidParameter");
  send(topic + "x", "x");
  EXPECT_EQ(refused_, "NotFound");
}

TEST_F(SnsTest, RulesOfTopicsAndSubscriptions) {
  const auto topic = make_topic("t"), fifo = make_topic("t.fifo");
  EXPECT_EQ(make_topic("t"), topic);
  call(create_topic, {{"Name", "t"}, {"Attributes", json::object{{"DisplayName", "other"}}}});
  EXPECT_EQ(refused_, "InvalidParameter");
  for (const char* name : {"", "a b", "a.b", "x.fifo"}) {
    call(create_topic, {{"Name", name}});
    EXPECT_EQ(refused_, "InvalidParameter") << name;
  }
  const std::tuple<std::string, const char*, std::string, json::object, const char*> cases[] = {
      {topic, "email", "a@b", {}, "NotImplemented"},
      {topic, "https", "https://x", {}, "NotImplemented"},
      {topic, "pigeon", "x", {}, "InvalidParameter"},
      {topic, "sqs", "x", {}, "InvalidParameter"},
      {topic, "sqs", queue("q.fifo"), {}, "InvalidParameter"},
      {fifo, "lambda", function("f"), {}, "InvalidParameter"},
      {topic, "sqs", queue("q"), {{"RawMessageDelivery", "maybe"}}, "InvalidParameter"},
      {topic, "lambda", function("f"), {{"RawMessageDelivery", "true"}}, "InvalidParameter"},
      {topic, "sqs", queue("q"), {{"FilterPolicy", "{"}}, "InvalidParameter"},
      {topic, "sqs", queue("q"), {{"FilterPolicyScope", "Headers"}}, "InvalidParameter"},
      {topic, "sqs", queue("q"), {{"RedrivePolicy", "{}"}}, "InvalidParameter"},
      {topic, "sqs", queue("q"), {{"ReplayPolicy", "{}"}}, "NotImplemented"},
      {topic, "sqs", queue("q"), {{"Nonsense", "x"}}, "InvalidParameter"},
      {topic, "sqs", queue("q"), {{"RawMessageDelivery", "true"}}, ""},
      {topic, "sqs", queue("q"), {{"RawMessageDelivery", "false"}}, "InvalidParameter"},
      {topic, "sqs", queue("q"), {}, ""},
  };
  for (const auto& [arn, protocol, endpoint, attributes, refusal] : cases) {
    call(subscribe, {{"TopicArn", arn}, {"Protocol", protocol}, {"Endpoint", endpoint}, {"Attributes", attributes}});
    EXPECT_EQ(refused_, refusal) << protocol << " " << endpoint << " " << json::serialize(attributes) << ": "
                                 << refused_message_;
  }
  EXPECT_EQ(call(list_subscriptions_by_topic, {{"TopicArn", topic}}).at("Subscriptions").as_array().size(), 1u);
  call(delete_topic, {{"TopicArn", topic}});
  EXPECT_EQ(call(list_subscriptions, {}).at("Subscriptions").as_array().size(), 0u);
  call(delete_topic, {{"TopicArn", topic}});
  EXPECT_EQ(refused_, "");
}

}  // namespace
}  // namespace ads::cloud::sns
