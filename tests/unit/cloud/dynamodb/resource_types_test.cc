#include "cloud/resource_type.h"
#include "unit/cloud/dynamodb/fixture.h"

namespace ads::cloud::dynamodb {
namespace {

class TableResource : public DynamoDbTest {
 protected:
  TableResource() : types_(service().resource_types()) {}
  ResourceType& type() { return *types_.front(); }

  Outcome<ResourceState> create(const std::string& properties) {
    return run(type().create(context(), parse_json_object(properties).value()));
  }
  Outcome<ResourceState> update(const std::string& table, const std::string& before, const std::string& after) {
    return run(type().update(context(), table, parse_json_object(before).value(), parse_json_object(after).value()));
  }
  static ResourceContext context() {
    return {"000000000000",
            "eu-central-1",
            "ads",
            "stack-id",
            "RunsTable",
            "token",
            *parse_json(R"([{"Key":"stack","Value":"ads"}])")->if_array()};
  }
  json::value described(const std::string& table) {
    return ok("DescribeTable", R"({"TableName":")" + table + "\"}").at("Table");
  }

 private:
  ResourceTypes types_;
};

constexpr const char* kRuns =
    R"({"KeySchema":[{"AttributeName":"p","KeyType":"HASH"},{"AttributeName":"s","KeyType":"RANGE"}],
  "AttributeDefinitions":[{"AttributeName":"p","AttributeType":"S"},{"AttributeName":"s","AttributeType":"S"}],"BillingMode":"PAY_PER_REQUEST",
  "TimeToLiveSpecification":{"AttributeName":"ttl","Enabled":"true"},"PointInTimeRecoverySpecification":{"PointInTimeRecoveryEnabled":true},
  "SSESpecification":{"SSEEnabled":true},"DeletionProtectionEnabled":"false","Tags":[{"Key":"team","Value":"x"}]})";

TEST_F(TableResource, IsMadeWithAllItsSettings) {
  EXPECT_EQ(type().name(), "AWS::DynamoDB::Table");
  ASSERT_TRUE(check_properties(type().name(), type().schema(), parse_json_object(kRuns).value()).has_value());
  auto made = create(kRuns);
  ASSERT_TRUE(made.has_value()) << made.error().message;
  EXPECT_THAT(made->ref, testing::StartsWith("ads-RunsTable-"));
  EXPECT_EQ(made->attributes.at("Arn").as_string(), "arn:aws:dynamodb:eu-central-1:000000000000:table/" + made->ref);
  EXPECT_EQ(described(made->ref).at("SSEDescription").at("Status"), "ENABLED");
  const std::string name = R"({"TableName":")" + made->ref + "\"}";
  EXPECT_EQ(ok("DescribeTimeToLive", name).at("TimeToLiveDescription").at("AttributeName"), "ttl");
  EXPECT_EQ(ok("DescribeContinuousBackups", name)
                .at("ContinuousBackupsDescription")
                .at("PointInTimeRecoveryDescription")
                .at("PointInTimeRecoveryStatus"),
            "ENABLED");
  EXPECT_EQ(ok("ListTagsOfResource",
               R"({"ResourceArn":"arn:aws:dynamodb:eu-central-1:000000000000:table/)" + made->ref + "\"}"),
            *parse_json(R"({"Tags":[{"Key":"stack","Value":"ads"},{"Key":"team","Value":"x"}]})"));
  for (int again = 0; again < 2; ++again) EXPECT_TRUE(run(type().remove(context(), made->physical_id, {})).has_value());
}

TEST_F(TableResource, IsChangedInPlace) {
  const std::string before =
      R"({"TableName":"ttt","KeySchema":[{"AttributeName":"p","KeyType":"HASH"}],"AttributeDefinitions":[{"AttributeName":"p","AttributeType":"S"}],
    "ProvisionedThroughput":{"ReadCapacityUnits":"5","WriteCapacityUnits":5}})";
  const std::string after =
      R"({"TableName":"ttt","KeySchema":[{"AttributeName":"p","KeyType":"HASH"}],"AttributeDefinitions":[{"AttributeName":"p","AttributeType":"S"},{"AttributeName":"g","AttributeType":"S"}],
    "BillingMode":"PAY_PER_REQUEST","TimeToLiveSpecification":{"AttributeName":"ttl","Enabled":true},
    "GlobalSecondaryIndexes":[{"IndexName":"byg","KeySchema":[{"AttributeName":"g","KeyType":"HASH"}],"Projection":{"ProjectionType":"ALL"}}]})";
  ASSERT_TRUE(create(before).has_value());
  given_item("ttt", R"({"p":{"S":"a"},"g":{"S":"b"}})");
  auto changed = update("ttt", before, after);
  ASSERT_TRUE(changed.has_value()) << changed.error().message;
  EXPECT_EQ(described("ttt").at("BillingModeSummary").at("BillingMode"), "PAY_PER_REQUEST");
  EXPECT_EQ(described("ttt").at("GlobalSecondaryIndexes").at(0).at("ItemCount"), 1);
  auto back = update("ttt", after, before);
  EXPECT_TRUE(back.has_value()) << back.error().message;
  EXPECT_FALSE(described("ttt").as_object().contains("GlobalSecondaryIndexes"));
}

TEST_F(TableResource, IsRefusedLoudly) {
  auto streamed = create(
      R"({"KeySchema":[{"AttributeName":"p","KeyType":"HASH"}],"StreamSpecification":{"StreamViewType":"KEYS_ONLY"}})");
  ASSERT_FALSE(streamed.has_value());
  EXPECT_EQ(streamed.error().code, "NotImplemented");
  EXPECT_THAT(streamed.error().message, testing::HasSubstr("StreamSpecification"));
  EXPECT_FALSE(
      check_properties(type().name(), type().schema(), {{"KeySchema", json::array()}, {"Nonsense", 1}}).has_value());
  // What fails half-way leaves nothing behind.
  auto half = create(
      R"({"TableName":"half","KeySchema":[{"AttributeName":"p","KeyType":"HASH"}],"AttributeDefinitions":[{"AttributeName":"p","AttributeType":"S"}],
    "BillingMode":"PAY_PER_REQUEST","PointInTimeRecoverySpecification":{"PointInTimeRecoveryEnabled":true,"RecoveryPeriodInDays":99}})");
  EXPECT_FALSE(half.has_value());
  EXPECT_EQ(ok("ListTables", "{}").at("TableNames").as_array().size(), 0u);
}

}  // namespace
}  // namespace ads::cloud::dynamodb
