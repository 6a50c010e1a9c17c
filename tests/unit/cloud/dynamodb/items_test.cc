#include "unit/cloud/dynamodb/fixture.h"

namespace ads::cloud::dynamodb {
namespace {

using Items = DynamoDbTest;

json::value parsed(std::string_view text) {
  return *parse_json(text);
}

TEST_F(Items, AreKept) {
  given_table("users");
  EXPECT_TRUE(item("users", "a").is_null());
  given_item("users", R"({"p":{"S":"a"},"n":{"N":"1.50"},"l":{"L":[{"BOOL":true}]}})");
  EXPECT_EQ(item("users", "a"), parsed(R"({"p":{"S":"a"},"n":{"N":"1.5"},"l":{"L":[{"BOOL":true}]}})"));
  given_item("users", R"({"p":{"S":"a"}})");
  EXPECT_EQ(item("users", "a"), parsed(R"({"p":{"S":"a"}})"));
  ok("DeleteItem", R"({"TableName":"users","Key":{"p":{"S":"a"}}})");
  EXPECT_TRUE(item("users", "a").is_null());
}

TEST_F(Items, SurviveARestartWithTheirCounts) {
  given_table("users");
  for (int i = 0; i < 5; ++i) given_item("users", R"({"p":{"S":")" + std::to_string(i) + R"("},"x":{"S":"yz"}})");
  ok("DeleteItem", R"({"TableName":"users","Key":{"p":{"S":"3"}}})");
  given_item("users", R"({"p":{"S":"0"},"x":{"S":"longer"}})");
  restart();
  EXPECT_EQ(item("users", "4"), parsed(R"({"p":{"S":"4"},"x":{"S":"yz"}})"));
  json::value table = ok("DescribeTable", R"({"TableName":"users"})").at("Table");
  EXPECT_EQ(table.at("ItemCount"), 4);
  EXPECT_EQ(table.at("TableSizeBytes"), 3 * 5 + 9);
}

TEST_F(Items, ReturnOldAndNewValues) {
  given_table("users");
  auto put = [&](const std::string& value) {
    return ok("PutItem",
              R"({"TableName":"users","ReturnValues":"ALL_OLD","Item":{"p":{"S":"a"},"v":{"S":")" + value + "\"}}}");
  };
  EXPECT_EQ(put("1"), parsed("{}"));
  EXPECT_EQ(put("2"), parsed(R"({"Attributes":{"p":{"S":"a"},"v":{"S":"1"}}})"));
  auto update = [&](const std::string& wanted) {
    return ok("UpdateItem",
              R"({"TableName":"users","Key":{"p":{"S":"a"}},"UpdateExpression":"SET m.k = :x REMOVE gone ADD n :one",
      "ExpressionAttributeValues":{":x":{"S":"x"},":one":{"N":"1"}},"ReturnValues":")" +
                  wanted + "\"}");
  };
  given_item("users", R"({"p":{"S":"a"},"gone":{"S":"x"},"keep":{"S":"x"},"m":{"M":{"k":{"S":"old"},"o":{"S":"o"}}}})");
  EXPECT_EQ(update("UPDATED_OLD"), parsed(R"({"Attributes":{"gone":{"S":"x"},"m":{"M":{"k":{"S":"old"}}}}})"));
  EXPECT_EQ(update("UPDATED_NEW"), parsed(R"({"Attributes":{"n":{"N":"2"},"m":{"M":{"k":{"S":"x"}}}}})"));
  EXPECT_EQ(update("ALL_OLD").at("Attributes").at("n"), parsed(R"({"N":"2"})"));
  EXPECT_EQ(
      update("ALL_NEW"),
      parsed(
          R"({"Attributes":{"p":{"S":"a"},"keep":{"S":"x"},"m":{"M":{"k":{"S":"x"},"o":{"S":"o"}}},"n":{"N":"4"}}})"));
  EXPECT_EQ(update("NONE"), parsed("{}"));
  EXPECT_EQ(ok("DeleteItem", R"({"TableName":"users","ReturnValues":"ALL_OLD","Key":{"p":{"S":"a"}}})")
                .at("Attributes")
                .at("n"),
            parsed(R"({"N":"5"})"));
}

TEST_F(Items, UpdateMakesAnItemUnlessItOnlyRemoves) {
  given_table("users");
  auto update = [&](const std::string& key, const std::string& rest) {
    ok("UpdateItem", R"({"TableName":"users","Key":{"p":{"S":")" + key + "\"}}" + rest + "}");
  };
  update("a", "");
  EXPECT_EQ(item("users", "a"), parsed(R"({"p":{"S":"a"}})"));
  update("b", R"(,"UpdateExpression":"REMOVE x")");
  EXPECT_TRUE(item("users", "b").is_null());
}

TEST_F(Items, ObeyConditions) {
  given_table("users");
  const std::string put =
      R"J({"TableName":"users","Item":{"p":{"S":"a"},"v":{"N":"1"}},"ConditionExpression":"attribute_not_exists(p)")J";
  ok("PutItem", put + "}");
  EXPECT_EQ(refused("PutItem", put + "}"), "ConditionalCheckFailedException: The conditional request failed");
  EXPECT_TRUE(last_error_.fields.empty());
  refused("PutItem", put + R"(,"ReturnValuesOnConditionCheckFailure":"ALL_OLD"})");
  EXPECT_EQ(last_error_.fields.at("Item"), parsed(R"({"p":{"S":"a"},"v":{"N":"1"}})"));
  const std::string values = R"("ExpressionAttributeValues":{":v":{"N":"2"}})";
  refused("DeleteItem", R"({"TableName":"users","Key":{"p":{"S":"a"}},"ConditionExpression":"v = :v",)" + values + "}");
  refused(
      "UpdateItem",
      R"({"TableName":"users","Key":{"p":{"S":"a"}},"UpdateExpression":"SET v = :v","ConditionExpression":"v = :v",)" +
          values + "}");
  EXPECT_EQ(item("users", "a"), parsed(R"({"p":{"S":"a"},"v":{"N":"1"}})"));
}

TEST_F(Items, AreRefusedInAwsWords) {
  const std::string validation = "ValidationException: ",
                    parameter = validation + "One or more parameter values were invalid: ";
  const std::string wrong_key = validation + "The provided key element does not match the schema";
  struct Case {
    std::string operation, request, message;
  };
  const std::string big(400 * 1024, 'x'), long_hash(2049, 'x');
  const Case kCases[] = {
      {"PutItem", R"({"Item":{}})",
       validation + "1 validation error detected: Value null at 'tableName' failed to satisfy constraint: Member must "
                    "not be null"},
      {"PutItem", R"({"TableName":"a;","ReturnValues":"x"})",
       validation + "4 validation errors detected: Value 'a;' at 'tableName' failed to satisfy constraint: Member must "
                    "satisfy regular expression pattern: [a-zA-Z0-9_.-]+; "
                    "Value 'a;' at 'tableName' failed to satisfy constraint: Member must have length greater than or "
                    "equal to 3; "
                    "Value null at 'item' failed to satisfy constraint: Member must not be null; "
                    "Value 'x' at 'returnValues' failed to satisfy constraint: Member must satisfy enum value set: "
                    "[ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW]"},
      {"PutItem", R"({"TableName":5})", "SerializationException: NUMBER_VALUE cannot be converted to String"},
      {"PutItem", R"({"TableName":"nope","Item":{"p":{"S":"a"}}})",
       "ResourceNotFoundException: Requested resource not found"},
      {"PutItem", R"({"TableName":"nope","Item":{"p":{"S":"a"}},"Expected":{}})",
       "NotImplemented: the legacy parameter Expected is not implemented by the local DynamoDB"},
      {"PutItem", R"({"TableName":"nope","Item":{"p":{"S":"a"}},"Expected":{},"ConditionExpression":"x"})",
       validation + "Can not use both expression and non-expression parameters in the same request: Non-expression "
                    "parameters: {Expected} Expression parameters: {ConditionExpression}"},
      {"PutItem", R"({"TableName":"nope","Item":{"p":{"S":"a"}},"ExpressionAttributeNames":{"#a":"a"}})",
       validation + "ExpressionAttributeNames can only be specified when using expressions"},
      {"PutItem", R"({"TableName":"nope","Item":{"p":{"S":"a"}},"ExpressionAttributeValues":{":a":{"S":"a"}}})",
       validation +
           "ExpressionAttributeValues can only be specified when using expressions: ConditionExpression is null"},
      {"PutItem", R"({"TableName":"nope","Item":{"p":{"S":"a"}},"ReturnValues":"ALL_NEW"})",
       validation + "ReturnValues can only be ALL_OLD or NONE"},
      {"PutItem", R"({"TableName":"ttt","Item":{"p":{"S":")" + big + "\"}}}",
       validation + "Item size has exceeded the maximum allowed size"},
      {"PutItem", R"({"TableName":"ttt","Item":{"s":{"N":"1"}}})", parameter + "Missing the key p in the item"},
      {"PutItem", R"({"TableName":"ttt","Item":{"p":{"N":"1"},"s":{"N":"1"}}})",
       parameter + "Type mismatch for key p expected: S actual: N"},
      {"PutItem", R"({"TableName":"ttt","Item":{"p":{"S":""},"s":{"N":"1"}}})",
       validation + "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain "
                    "an empty string value. Key: p"},
      {"PutItem", R"({"TableName":"ttt","Item":{"p":{"S":")" + long_hash + R"("},"s":{"N":"1"}}})",
       parameter + "Size of hashkey has exceeded the maximum size limit of2048 bytes"},
      {"GetItem", R"({"TableName":"ttt","Key":{"p":{"S":"a"}}})", wrong_key},
      {"GetItem", R"({"TableName":"ttt","Key":{"p":{"S":"a"},"s":{"S":"1"}}})", wrong_key},
      {"GetItem", R"({"TableName":"ttt","Key":{"p":{"S":"a"},"s":{"N":"1"},"x":{"N":"1"}}})", wrong_key},
      {"GetItem", R"({"TableName":"ttt","Key":{"p":{"S":"a"},"s":{"N":"1"}},"AttributesToGet":["a","a"]})",
       parameter + "Duplicate value in attribute name: a"},
      {"GetItem", R"({"TableName":"ttt","Key":{"p":{"S":"a"},"s":{"N":"1"}},"ProjectionExpression":"p.x"})",
       validation +
           "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: Key: p"},
      {"UpdateItem",
       R"({"TableName":"ttt","Key":{"p":{"S":"a"},"s":{"N":"1"}},"UpdateExpression":"SET s = :v","ExpressionAttributeValues":{":v":{"N":"1"}}})",
       parameter + "Cannot update attribute s. This attribute is part of the key"},
      {"UpdateItem",
       R"({"TableName":"ttt","Key":{"p":{"S":"a"},"s":{"N":"1"}},"UpdateExpression":"SET a = :v","ExpressionAttributeValues":{":v":{"S":")" +
           big + "\"}}}",
       validation + "Item size to update has exceeded the maximum allowed size"},
      {"UpdateItem", R"({"TableName":"ttt","Key":{"p":{"S":"a"},"s":{"N":"1"}},"AttributeUpdates":{}})",
       "NotImplemented: the legacy parameter AttributeUpdates is not implemented by the local DynamoDB"},
      {"ExecuteStatement", "{}", "NotImplemented: The local cloud does not implement DynamoDB's ExecuteStatement."},
      {"Nonsense", "{}", "UnknownOperationException: "},
  };
  given_table("ttt", "N");
  for (const Case& c : kCases)
    EXPECT_THAT(refused(c.operation, c.request), testing::StartsWith(c.message))
        << c.operation << " " << c.request.substr(0, 200);
}

TEST_F(Items, BatchesGetAndWrite) {
  given_table("one");
  given_table("two", "S");
  ok("BatchWriteItem",
     R"({"RequestItems":{"one":[{"PutRequest":{"Item":{"p":{"S":"a"},"v":{"N":"1"}}}},{"PutRequest":{"Item":{"p":{"S":"b"}}}}],
    "two":[{"PutRequest":{"Item":{"p":{"S":"a"},"s":{"S":"x"}}}}]}})");
  json::value got = ok(
      "BatchGetItem",
      R"({"RequestItems":{"one":{"Keys":[{"p":{"S":"b"}},{"p":{"S":"zz"}},{"p":{"S":"a"}}],"ProjectionExpression":"v,p"},
    "two":{"Keys":[{"p":{"S":"a"},"s":{"S":"x"}}]}},"ReturnConsumedCapacity":"TOTAL"})");
  EXPECT_EQ(got.at("Responses"),
            parsed(R"({"one":[{"p":{"S":"b"}},{"p":{"S":"a"},"v":{"N":"1"}}],"two":[{"p":{"S":"a"},"s":{"S":"x"}}]})"));
  EXPECT_EQ(got.at("UnprocessedKeys"), parsed("{}"));
  EXPECT_EQ(got.at("ConsumedCapacity").as_array().size(), 2u);
  EXPECT_EQ(refused("BatchGetItem", R"({"RequestItems":{"one":{"Keys":[{"p":{"S":"b"}},{"p":{"S":"b"}}]}}})"),
            "ValidationException: Provided list of item keys contains duplicates");
  EXPECT_EQ(
      refused(
          "BatchWriteItem",
          R"({"RequestItems":{"one":[{"DeleteRequest":{"Key":{"p":{"S":"a"}}}},{"PutRequest":{"Item":{"p":{"S":"a"}}}}]}})"),
      "ValidationException: Provided list of item keys contains duplicates");
  std::string keys, writes;
  for (int i = 0; i < 101; ++i) keys += std::string(i ? "," : "") + R"({"p":{"S":")" + std::to_string(i) + "\"}}";
  for (int i = 0; i < 26; ++i)
    writes += std::string(i ? "," : "") + R"({"DeleteRequest":{"Key":{"p":{"S":")" + std::to_string(i) + "\"}}}}";
  EXPECT_THAT(refused("BatchGetItem", R"({"RequestItems":{"one":{"Keys":[)" + keys + "]}}}"),
              testing::HasSubstr("at 'requestItems.one.member.keys' failed to satisfy constraint: Member must have "
                                 "length less than or equal to 100"));
  EXPECT_THAT(refused("BatchWriteItem", R"({"RequestItems":{"one":[)" + writes + "]}}"),
              testing::HasSubstr("Member must have length less than or equal to 25"));
}

TEST_F(Items, BatchGetStopsAt16MegaBytes) {
  given_table("big");
  std::string keys;
  for (int i = 0; i < 50; ++i) {
    given_item("big",
               R"({"p":{"S":")" + std::to_string(i) + R"("},"v":{"S":")" + std::string(399 * 1024, 'x') + "\"}}");
    keys += std::string(i ? "," : "") + R"({"p":{"S":")" + std::to_string(i) + "\"}}";
  }
  json::value got = ok("BatchGetItem", R"({"RequestItems":{"big":{"Keys":[)" + keys + R"(],"ConsistentRead":true}}})");
  const std::size_t there = got.at("Responses").at("big").as_array().size();
  const json::object& rest = got.at("UnprocessedKeys").at("big").as_object();
  EXPECT_EQ(there + rest.at("Keys").as_array().size(), 50u);
  EXPECT_GE(there, 40u);
  EXPECT_LE(there, 43u);
  EXPECT_EQ(rest.at("ConsistentRead"), true);
  EXPECT_EQ(rest.size(), 2u);
}

TEST_F(Items, TransactionsAreAllOrNothing) {
  given_table("users");
  given_item("users", R"({"p":{"S":"a"},"n":{"N":"1"}})");
  const std::string update =
      R"({"Update":{"TableName":"users","Key":{"p":{"S":"a"}},"UpdateExpression":"ADD n :one","ExpressionAttributeValues":{":one":{"N":"1"}}}})";
  const std::string failing =
      R"J({"ConditionCheck":{"TableName":"users","Key":{"p":{"S":"zz"}},"ConditionExpression":"attribute_exists(p)"}})J";
  const std::string put = R"({"Put":{"TableName":"users","Item":{"p":{"S":"b"}}}})";
  EXPECT_EQ(
      refused("TransactWriteItems", R"({"TransactItems":[)" + update + "," + failing + "," + put + "]}"),
      "TransactionCanceledException: Transaction cancelled, please refer cancellation reasons for specific reasons "
      "[None, ConditionalCheckFailed, None]");
  EXPECT_EQ(
      last_error_.fields.at("CancellationReasons"),
      parsed(
          R"([{"Code":"None"},{"Code":"ConditionalCheckFailed","Message":"The conditional request failed"},{"Code":"None"}])"));
  EXPECT_TRUE(item("users", "b").is_null());
  ok("TransactWriteItems", R"({"TransactItems":[)" + update + "," + put + "]}");
  EXPECT_EQ(item("users", "a").at("n"), parsed(R"({"N":"2"})"));
  EXPECT_FALSE(item("users", "b").is_null());
  EXPECT_EQ(refused("TransactWriteItems", R"({"TransactItems":[)" + put + "," + put + "]}"),
            "ValidationException: Transaction request cannot include multiple operations on one item");
  EXPECT_EQ(
      ok("TransactGetItems",
         R"({"TransactItems":[{"Get":{"TableName":"users","Key":{"p":{"S":"a"}},"ProjectionExpression":"n"}},{"Get":{"TableName":"users","Key":{"p":{"S":"zz"}}}}]})"),
      parsed(R"({"Responses":[{"Item":{"n":{"N":"2"}}},{}]})"));
}

TEST_F(Items, TransactionTokensLastTenMinutes) {
  given_table("users");
  auto add = [](const std::string& by) {
    return R"({"ClientRequestToken":"tok","TransactItems":[{"Update":{"TableName":"users","Key":{"p":{"S":"a"}},"UpdateExpression":"ADD n :by","ExpressionAttributeValues":{":by":{"N":")" +
           by + "\"}}}}]}";
  };
  ok("TransactWriteItems", add("1"));
  ok("TransactWriteItems", add("1"));
  EXPECT_EQ(item("users", "a").at("n"), parsed(R"({"N":"1"})"));
  EXPECT_THAT(refused("TransactWriteItems", add("2")), testing::StartsWith("IdempotentParameterMismatchException"));
  restart();
  ok("TransactWriteItems", add("1"));
  EXPECT_EQ(item("users", "a").at("n"), parsed(R"({"N":"1"})"));
  clock_.advance(std::chrono::minutes(10));
  ok("TransactWriteItems", add("2"));
  EXPECT_EQ(item("users", "a").at("n"), parsed(R"({"N":"3"})"));
}

// Scans start past the entries that went: one that is put before them must be found all the same.
TEST_F(Items, ExpireThoughLaterOnesWentBefore) {
  given_table("runs");
  const auto now = clock_.now().time_since_epoch().count() / 1000;
  ok("UpdateTimeToLive", R"({"TableName":"runs","TimeToLiveSpecification":{"AttributeName":"ttl","Enabled":true}})");
  const auto put = [&](const std::string& name, std::int64_t expiry) {
    given_item("runs", R"({"p":{"S":")" + name + R"("},"ttl":{"N":")" + std::to_string(expiry) + "\"}}");
  };
  put("first", now - 10);
  put("far", now + 1000);
  let_background_work();
  EXPECT_TRUE(item("runs", "first").is_null());
  put("earlier", now - 20);
  put("far", now - 30);
  let_background_work();
  EXPECT_TRUE(item("runs", "earlier").is_null());
  EXPECT_TRUE(item("runs", "far").is_null());
  put("last", now - 5);
  let_background_work();
  EXPECT_TRUE(item("runs", "last").is_null());
}

TEST_F(Items, ExpireInTheBackground) {
  given_table("runs");
  const std::int64_t now = clock_.now().time_since_epoch().count() / 1000;
  given_item("runs", R"({"p":{"S":"before"},"ttl":{"N":")" + std::to_string(now + 5) + "\"}}");
  ok("UpdateTimeToLive", R"({"TableName":"runs","TimeToLiveSpecification":{"AttributeName":"ttl","Enabled":true}})");
  given_item("runs", R"({"p":{"S":"soon"},"ttl":{"N":")" + std::to_string(now + 10) + "\"}}");
  given_item("runs", R"({"p":{"S":"later"},"ttl":{"N":")" + std::to_string(now + 100) + "\"}}");
  given_item("runs", R"({"p":{"S":"moved"},"ttl":{"N":")" + std::to_string(now + 10) + "\"}}");
  given_item("runs", R"({"p":{"S":"moved"},"ttl":{"N":")" + std::to_string(now + 100) + "\"}}");
  given_item("runs", R"({"p":{"S":"text"},"ttl":{"S":"1"}})");
  given_item("runs", R"({"p":{"S":"ancient"},"ttl":{"N":"5"}})");
  let_background_work();
  EXPECT_FALSE(item("runs", "before").is_null());
  clock_.advance(std::chrono::seconds(20));
  let_background_work();
  EXPECT_TRUE(item("runs", "before").is_null()) << "there before expiry was switched on";
  EXPECT_TRUE(item("runs", "soon").is_null());
  for (const char* kept : {"later", "moved", "text", "ancient"}) EXPECT_FALSE(item("runs", kept).is_null()) << kept;
  EXPECT_EQ(ok("DescribeTable", R"({"TableName":"runs"})").at("Table").at("ItemCount"), 4);
}

}  // namespace
}  // namespace ads::cloud::dynamodb
