#include "unit/cloud/dynamodb/fixture.h"

namespace ads::cloud::dynamodb {
namespace {

class Query : public DynamoDbTest {
 protected:
  // The sort keys that come back for a condition on them, in order, through all pages.
  std::string sorted(const std::string& condition, const std::string& more = "", const std::string& table = "t1t") {
    std::string out, start;
    for (int page = 0; page < 50; ++page) {
      json::value reply =
          ok("Query", R"({"TableName":")" + table + R"(","KeyConditionExpression":"p = :p)" + condition + R"(",)" +
                          more + start + R"("ExpressionAttributeValues":{":p":{"S":"a"})" + values_ + "}}");
      for (const json::value& item : reply.at("Items").as_array()) {
        const json::object& s = item.at("s").as_object();
        out += (out.empty() ? "" : " ") + std::string(s.begin()->value().as_string());
      }
      const json::value* last = reply.as_object().if_contains("LastEvaluatedKey");
      if (!last) return out;
      start = R"("ExclusiveStartKey":)" + json::serialize(*last) + ",";
    }
    return "endless pages";
  }
  void given_numbers() {
    given_table("t1t", "N");
    for (const char* n : {"-10", "-1.5", "0", "1", "2", "10", "1e20"})
      given_item("t1t", R"({"p":{"S":"a"},"s":{"N":")" + std::string(n) + R"("},"v":{"S":"x"}})");
    given_item("t1t", R"({"p":{"S":"b"},"s":{"N":"1"}})");
    given_item("t1t", R"({"p":{"S":"aa"},"s":{"N":"1"}})");
  }
  std::string values_;
};

TEST_F(Query, SortsAndCutsNumbers) {
  given_numbers();
  const std::string all = "-10 -1.5 0 1 2 10 100000000000000000000";
  EXPECT_EQ(sorted(""), all);
  EXPECT_EQ(sorted("", R"("ScanIndexForward":false,)"), "100000000000000000000 10 2 1 0 -1.5 -10");
  EXPECT_EQ(sorted("", R"("Limit":2,)"), all);
  EXPECT_EQ(sorted("", R"("Limit":3,"ScanIndexForward":false,)"), "100000000000000000000 10 2 1 0 -1.5 -10");
  values_ = R"(,":x":{"N":"1"},":y":{"N":"10"})";
  EXPECT_EQ(sorted(" AND s BETWEEN :x AND :y"), "1 2 10");
  values_ = R"(,":x":{"N":"1"})";
  EXPECT_EQ(sorted(" AND s = :x"), "1");
  EXPECT_EQ(sorted(" AND s < :x"), "-10 -1.5 0");
  EXPECT_EQ(sorted(" AND s <= :x"), "-10 -1.5 0 1");
  EXPECT_EQ(sorted(" AND s > :x"), "2 10 100000000000000000000");
  EXPECT_EQ(sorted(" AND s >= :x"), "1 2 10 100000000000000000000");
  EXPECT_EQ(sorted(" AND :x < s"), "2 10 100000000000000000000");
  EXPECT_EQ(sorted(" AND s >= :x", R"("Limit":1,)"), "1 2 10 100000000000000000000");
  EXPECT_EQ(sorted(" AND s <= :x", R"("Limit":1,"ScanIndexForward":false,)"), "1 0 -1.5 -10");
}

TEST_F(Query, FindsBeginnings) {
  given_table("t1t", "S");
  for (const char* s : {"RUN#1", "RUN#1#S#0", "RUN#10", "RUN", "SUN", "\\u0000", "RUN\\u0000"})
    given_item("t1t", R"({"p":{"S":"a"},"s":{"S":")" + std::string(s) + "\"}}");
  values_ = R"(,":x":{"S":"RUN#1"})";
  EXPECT_EQ(sorted(" AND begins_with(s, :x)"), "RUN#1 RUN#1#S#0 RUN#10");
  EXPECT_EQ(sorted(" AND s > :x"), "RUN#1#S#0 RUN#10 SUN");
  EXPECT_EQ(sorted(" AND s < :x"), std::string("\0 RUN RUN\0", 10));
  values_ = R"(,":x":{"S":"RUN"})";
  EXPECT_EQ(sorted(" AND begins_with(s, :x)"), std::string("RUN RUN\0 RUN#1 RUN#1#S#0 RUN#10", 31));
}

TEST_F(Query, FiltersAfterTheLimit) {
  given_numbers();
  json::value reply =
      ok("Query", R"({"TableName":"t1t","KeyConditionExpression":"p = :p","FilterExpression":"v <> :v","Limit":3,
    "ExpressionAttributeValues":{":p":{"S":"a"},":v":{"S":"x"}}})");
  EXPECT_EQ(reply.at("Count"), 0);
  EXPECT_EQ(reply.at("ScannedCount"), 3);
  EXPECT_EQ(reply.at("LastEvaluatedKey"), *parse_json(R"({"p":{"S":"a"},"s":{"N":"0"}})"));
  json::value count = ok(
      "Query",
      R"({"TableName":"t1t","KeyConditionExpression":"p = :p","Select":"COUNT","ReturnConsumedCapacity":"TOTAL","ExpressionAttributeValues":{":p":{"S":"a"}}})");
  EXPECT_EQ(count,
            *parse_json(R"({"Count":7,"ScannedCount":7,"ConsumedCapacity":{"CapacityUnits":5E-1,"TableName":"t1t"}})"));
}

TEST_F(Query, PagesAtOneMegaByte) {
  given_table("t1t", "N");
  for (int i = 0; i < 12; ++i)
    given_item("t1t", R"({"p":{"S":"a"},"s":{"N":")" + std::to_string(i) + R"("},"v":{"S":")" +
                          std::string(200 * 1024, 'x') + "\"}}");
  json::value reply = ok(
      "Query",
      R"({"TableName":"t1t","KeyConditionExpression":"p = :p","ProjectionExpression":"s","ExpressionAttributeValues":{":p":{"S":"a"}}})");
  EXPECT_EQ(reply.at("Count"), 6);
  EXPECT_EQ(sorted(""), "0 1 2 3 4 5 6 7 8 9 10 11");
}

TEST_F(Query, IsRefusedInAwsWords) {
  given_table("t1t", "N");
  struct Case {
    std::string condition, message;
  };
  const Case kCases[] = {
      {"s = :n", "Query condition missed key schema element: p"},
      {"p > :s", "Query key condition not supported"},
      {"p = :n", "One or more parameter values were invalid: Condition parameter type does not match schema type"},
      {"p = :s AND x = :n", "Query condition missed key schema element: s"},
      {"p = :s OR s = :n", "Invalid operator used in KeyConditionExpression: OR"},
      {"NOT p = :s", "Invalid operator used in KeyConditionExpression: NOT"},
      {"p IN (:s)", "Invalid operator used in KeyConditionExpression: IN"},
      {"p <> :s", "Invalid operator used in KeyConditionExpression: <>"},
      {"attribute_exists(p)", "Invalid operator used in KeyConditionExpression: attribute_exists"},
      {"p = :s AND size(s) = :n", "KeyConditionExpressions cannot contain nested operations"},
      {"p.x = :s", "KeyConditionExpressions cannot have conditions on nested attributes"},
      {"p = :s AND p = :n", "KeyConditionExpressions must only contain one condition per key"},
      {"p = s", "Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition"},
      {":s = :n", "Invalid condition in KeyConditionExpression: No key attribute specified"},
      {"p = :s AND begins_with(s, :n)",
       "Invalid KeyConditionExpression: Incorrect operand type for operator or function; operator or function: "
       "begins_with, operand type: N"},
      {"status = :s", "Invalid KeyConditionExpression: Attribute name is a reserved keyword; reserved keyword: status"},
  };
  for (const Case& c : kCases) {
    std::string values;
    if (c.condition.find(":s") != std::string::npos) values = R"(":s":{"S":"a"})";
    if (c.condition.find(":n") != std::string::npos)
      values += std::string(values.empty() ? "" : ",") + R"(":n":{"N":"1"})";
    if (!values.empty()) values = R"(,"ExpressionAttributeValues":{)" + values + "}";
    EXPECT_EQ(refused("Query", R"({"TableName":"t1t","KeyConditionExpression":")" + c.condition + "\"" + values + "}"),
              "ValidationException: " + c.message)
        << c.condition;
  }
  const std::string query =
      R"({"TableName":"t1t","KeyConditionExpression":"p = :p","ExpressionAttributeValues":{":p":{"S":"a"}},)";
  EXPECT_EQ(refused("Query", query + R"("IndexName":"nope"})"),
            "ValidationException: The table does not have the specified index: nope");
  EXPECT_EQ(refused("Query", query + R"("ExclusiveStartKey":{"p":{"S":"b"},"s":{"N":"1"}}})"),
            "ValidationException: The provided starting key is outside query boundaries based on provided conditions");
  EXPECT_EQ(refused("Query", query + R"("ExclusiveStartKey":{"p":{"S":"a"}}})"),
            "ValidationException: The provided starting key is invalid");
  EXPECT_EQ(
      refused("Query", query + R"J("FilterExpression":"attribute_exists(s)"})J"),
      "ValidationException: Filter Expression can only contain non-primary key attributes: Primary key attribute: s");
  EXPECT_EQ(refused("Query", query + R"("Select":"SPECIFIC_ATTRIBUTES"})"),
            "ValidationException: Must specify the AttributesToGet or ProjectionExpression when choosing to get "
            "SPECIFIC_ATTRIBUTES");
  EXPECT_EQ(refused("Query", query + R"("Select":"COUNT","ProjectionExpression":"v"})"),
            "ValidationException: Cannot specify the ProjectionExpression when choosing to get only the Count");
  EXPECT_EQ(
      refused("Query", R"({"TableName":"t1t"})"),
      "ValidationException: Either the KeyConditions or KeyConditionExpression parameter must be specified in the "
      "request.");
}

using Scan = Query;

TEST_F(Scan, SegmentsCoverEveryItemOnce) {
  given_table("t1t");
  for (int i = 0; i < 200; ++i) given_item("t1t", R"({"p":{"S":")" + std::to_string(i) + "\"}}");
  for (int total : {1, 3, 7}) {
    std::set<std::string> seen;
    for (int segment = 0; segment < total; ++segment) {
      std::string start;
      do {
        json::value reply =
            ok("Scan", R"({"TableName":"t1t","Limit":17,)" + start + R"("Segment":)" + std::to_string(segment) +
                           R"(,"TotalSegments":)" + std::to_string(total) + "}");
        for (const json::value& item : reply.at("Items").as_array())
          EXPECT_TRUE(seen.insert(std::string(item.at("p").at("S").as_string())).second);
        const json::value* last = reply.as_object().if_contains("LastEvaluatedKey");
        start = last ? R"("ExclusiveStartKey":)" + json::serialize(*last) + "," : "";
      } while (!start.empty());
    }
    EXPECT_EQ(seen.size(), 200u) << total;
  }
  EXPECT_EQ(refused("Scan", R"({"TableName":"t1t","Segment":3,"TotalSegments":3})"),
            "ValidationException: The Segment parameter is zero-based and must be less than parameter TotalSegments: "
            "Segment: 3 is not less than TotalSegments: 3");
  EXPECT_EQ(refused("Scan", R"({"TableName":"t1t","Segment":3})"),
            "ValidationException: The TotalSegments parameter is required but was not present in the request when "
            "Segment parameter is present");
}

class Indexes : public Query {
 protected:
  Indexes() {
    ok("CreateTable",
       R"({"TableName":"t1t","BillingMode":"PAY_PER_REQUEST","KeySchema":[{"AttributeName":"p","KeyType":"HASH"},{"AttributeName":"s","KeyType":"RANGE"}],
      "AttributeDefinitions":[{"AttributeName":"p","AttributeType":"S"},{"AttributeName":"s","AttributeType":"S"},{"AttributeName":"g","AttributeType":"N"},{"AttributeName":"h","AttributeType":"S"}],
      "LocalSecondaryIndexes":[{"IndexName":"local","KeySchema":[{"AttributeName":"p","KeyType":"HASH"},{"AttributeName":"g","KeyType":"RANGE"}],"Projection":{"ProjectionType":"KEYS_ONLY"}}],
      "GlobalSecondaryIndexes":[{"IndexName":"global","KeySchema":[{"AttributeName":"h","KeyType":"HASH"},{"AttributeName":"g","KeyType":"RANGE"}],"Projection":{"ProjectionType":"INCLUDE","NonKeyAttributes":["v"]}}]})");
  }
  void put(const std::string& s, const std::string& g, const std::string& rest = "") {
    given_item("t1t", R"({"p":{"S":"a"},"s":{"S":")" + s + R"("},"g":{"N":")" + g +
                          R"("},"h":{"S":"same"},"v":{"S":"v"},"w":{"S":"w"})" + rest + "}");
  }
  std::string global(const std::string& more = "") {
    json::value reply = ok("Query", R"({"TableName":"t1t","IndexName":"global","KeyConditionExpression":"h = :h",)" +
                                        more + R"("ExpressionAttributeValues":{":h":{"S":"same"}}})");
    std::string out;
    for (const json::value& item : reply.at("Items").as_array())
      out += (out.empty() ? "" : " ") + std::string(item.at("s").at("S").as_string()) + ":" +
             std::to_string(item.as_object().size());
    return out;
  }
};

TEST_F(Indexes, FollowTheItems) {
  put("x", "3");
  put("y", "1");
  put("z", "2");
  given_item("t1t", R"({"p":{"S":"a"},"s":{"S":"none"}})");
  EXPECT_EQ(global(), "y:5 z:5 x:5");
  put("x", "0");
  EXPECT_EQ(global(), "x:5 y:5 z:5");
  ok("UpdateItem", R"({"TableName":"t1t","Key":{"p":{"S":"a"},"s":{"S":"y"}},"UpdateExpression":"REMOVE h"})");
  ok("DeleteItem", R"({"TableName":"t1t","Key":{"p":{"S":"a"},"s":{"S":"z"}}})");
  EXPECT_EQ(global(), "x:5");
  json::value table = ok("DescribeTable", R"({"TableName":"t1t"})").at("Table");
  EXPECT_EQ(table.at("ItemCount"), 3);
  EXPECT_EQ(table.at("GlobalSecondaryIndexes").at(0).at("ItemCount"), 1);
  EXPECT_EQ(table.at("LocalSecondaryIndexes").at(0).at("ItemCount"), 2);
}

TEST_F(Indexes, PageAndProject) {
  for (int i = 0; i < 10; ++i) put("s" + std::to_string(i), "7");
  std::string seen, start;
  do {
    json::value reply =
        ok("Query", R"({"TableName":"t1t","IndexName":"global","KeyConditionExpression":"h = :h","Limit":3,)" + start +
                        R"("ExpressionAttributeValues":{":h":{"S":"same"}}})");
    for (const json::value& item : reply.at("Items").as_array()) seen += std::string(item.at("s").at("S").as_string());
    const json::value* last = reply.as_object().if_contains("LastEvaluatedKey");
    if (last) EXPECT_EQ(last->as_object().size(), 4u);
    start = last ? R"("ExclusiveStartKey":)" + json::serialize(*last) + "," : "";
  } while (!start.empty());
  EXPECT_EQ(seen, "s0s1s2s3s4s5s6s7s8s9");
  EXPECT_EQ(
      refused(
          "Query",
          R"({"TableName":"t1t","IndexName":"global","KeyConditionExpression":"h = :h","ProjectionExpression":"w","ExpressionAttributeValues":{":h":{"S":"same"}}})"),
      "ValidationException: One or more parameter values were invalid: Global secondary index global does not project "
      "[w]");
  EXPECT_EQ(
      refused(
          "Query",
          R"({"TableName":"t1t","IndexName":"global","ConsistentRead":true,"KeyConditionExpression":"h = :h","ExpressionAttributeValues":{":h":{"S":"same"}}})"),
      "ValidationException: Consistent reads are not supported on global secondary indexes");
  json::value fetched = ok(
      "Query",
      R"({"TableName":"t1t","IndexName":"local","Limit":1,"ProjectionExpression":"w","KeyConditionExpression":"p = :p","ExpressionAttributeValues":{":p":{"S":"a"}}})");
  EXPECT_EQ(fetched.at("Items"), *parse_json(R"([{"w":{"S":"w"}}])"));
  EXPECT_EQ(
      ok("Query",
         R"({"TableName":"t1t","IndexName":"local","Limit":1,"KeyConditionExpression":"p = :p","ExpressionAttributeValues":{":p":{"S":"a"}}})")
          .at("Items")
          .at(0)
          .as_object()
          .size(),
      3u);
  EXPECT_EQ(ok("Scan", R"({"TableName":"t1t","IndexName":"global"})").at("Count"), 10);
}

TEST_F(Indexes, RefuseKeysOfAnotherType) {
  EXPECT_EQ(refused("PutItem", R"({"TableName":"t1t","Item":{"p":{"S":"a"},"s":{"S":"b"},"g":{"S":"1"}}})"),
            "ValidationException: One or more parameter values were invalid: Type mismatch for Index Key g Expected: N "
            "Actual: S IndexName: local");
  EXPECT_THAT(refused("PutItem", R"({"TableName":"t1t","Item":{"p":{"S":"a"},"s":{"S":"b"},"h":{"S":""}}})"),
              testing::HasSubstr("IndexName: global, IndexKey: h"));
  EXPECT_THAT(
      refused(
          "UpdateItem",
          R"({"TableName":"t1t","Key":{"p":{"S":"a"},"s":{"S":"b"}},"UpdateExpression":"SET h = :h","ExpressionAttributeValues":{":h":{"N":"1"}}})"),
      testing::HasSubstr("Type mismatch for Index Key h"));
}

TEST_F(Indexes, AreFilledWhenMadeLater) {
  given_table("plain");
  for (int i = 0; i < 450; ++i)
    given_item("plain", R"({"p":{"S":")" + std::to_string(i) + R"("},"k":{"N":")" + std::to_string(i % 3) + "\"}}");
  given_item("plain", R"({"p":{"S":"text"},"k":{"S":"not a number"}})");
  const std::string create =
      R"({"TableName":"plain","AttributeDefinitions":[{"AttributeName":"k","AttributeType":"N"}],"GlobalSecondaryIndexUpdates":[{"Create":{"IndexName":"byk",
    "KeySchema":[{"AttributeName":"k","KeyType":"HASH"}],"Projection":{"ProjectionType":"ALL"}}}]})";
  ok("UpdateTable", create);
  const std::string query =
      R"({"TableName":"plain","IndexName":"byk","KeyConditionExpression":"k = :k","Select":"COUNT","ExpressionAttributeValues":{":k":{"N":"1"}}})";
  EXPECT_EQ(refused("Query", query), "ValidationException: Cannot read from backfilling global secondary index: byk");
  // Writes go on meanwhile; a restart begins the filling anew.
  ok("DeleteItem", R"({"TableName":"plain","Key":{"p":{"S":"1"}}})");
  given_item("plain", R"({"p":{"S":"new"},"k":{"N":"1"}})");
  restart();
  let_background_work();
  EXPECT_EQ(ok("Query", query).at("Count"), 150);
  json::value index = ok("DescribeTable", R"({"TableName":"plain"})").at("Table").at("GlobalSecondaryIndexes").at(0);
  EXPECT_EQ(index.at("ItemCount"), 450);
  EXPECT_EQ(index.at("IndexStatus"), "ACTIVE");
  ok("UpdateTable", R"({"TableName":"plain","GlobalSecondaryIndexUpdates":[{"Delete":{"IndexName":"byk"}}]})");
  EXPECT_EQ(refused("Query", query), "ValidationException: The table does not have the specified index: byk");
  EXPECT_EQ(ok("DescribeTable", R"({"TableName":"plain"})").at("Table").at("AttributeDefinitions").as_array().size(),
            1u);
}

}  // namespace
}  // namespace ads::cloud::dynamodb
