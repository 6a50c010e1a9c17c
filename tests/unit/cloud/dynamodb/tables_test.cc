#include "cloud/resource_type.h"
#include "unit/cloud/dynamodb/fixture.h"

namespace ads::cloud::dynamodb {
namespace {

using Tables = DynamoDbTest;

constexpr const char* kProvisioned =
    R"({"TableName":"users","KeySchema":[{"AttributeName":"p","KeyType":"HASH"}],"AttributeDefinitions":[{"AttributeName":"p","AttributeType":"S"}],
  "ProvisionedThroughput":{"ReadCapacityUnits":5,"WriteCapacityUnits":6},"Tags":[{"Key":"team","Value":"ads"}],"SSESpecification":{"Enabled":true,"SSEType":"KMS"},"DeletionProtectionEnabled":true})";

TEST_F(Tables, AreDescribed) {
  EXPECT_EQ(ok("CreateTable", kProvisioned).at("TableDescription").at("TableStatus"), "CREATING");
  restart();
  json::value table = ok("DescribeTable", R"({"TableName":"users"})").at("Table");
  EXPECT_EQ(table.at("TableStatus"), "ACTIVE");
  EXPECT_EQ(table.at("TableArn"), "arn:aws:dynamodb:eu-central-1:000000000000:table/users");
  EXPECT_EQ(table.at("ProvisionedThroughput").at("WriteCapacityUnits"), 6);
  EXPECT_EQ(table.at("SSEDescription").at("Status"), "ENABLED");
  EXPECT_EQ(table.at("DeletionProtectionEnabled"), true);
  EXPECT_EQ(table.at("CreationDateTime").as_double(), 1'800'000'000.0);
  EXPECT_EQ(refused("CreateTable", kProvisioned), "ResourceInUseException: Table already exists: users");
  EXPECT_EQ(ok("DescribeTable", R"({"TableName":"arn:aws:dynamodb:eu-central-1:000000000000:table/users"})")
                .at("Table")
                .at("TableName"),
            "users");
}

TEST_F(Tables, AreListedInPages) {
  for (const char* name : {"bbb", "aaa", "ddd", "ccc"}) given_table(name);
  EXPECT_EQ(ok("ListTables", "{}"), *parse_json(R"({"TableNames":["aaa","bbb","ccc","ddd"]})"));
  EXPECT_EQ(ok("ListTables", R"({"Limit":3})"),
            *parse_json(R"({"TableNames":["aaa","bbb","ccc"],"LastEvaluatedTableName":"ccc"})"));
  EXPECT_EQ(ok("ListTables", R"({"Limit":3,"ExclusiveStartTableName":"ccc"})"),
            *parse_json(R"({"TableNames":["ddd"]})"));
}

TEST_F(Tables, TakeEverythingWithThemWhenDeleted) {
  ok("CreateTable", kProvisioned);
  given_item("users", R"({"p":{"S":"a"}})");
  EXPECT_EQ(refused("DeleteTable", R"({"TableName":"users"})"),
            "ValidationException: 1 validation error detected: Table 'users' can't be deleted while "
            "DeletionProtectionEnabled is set to True");
  ok("UpdateTable", R"({"TableName":"users","DeletionProtectionEnabled":false})");
  EXPECT_EQ(ok("DeleteTable", R"({"TableName":"users"})").at("TableDescription").at("TableStatus"), "DELETING");
  EXPECT_EQ(refused("DescribeTable", R"({"TableName":"users"})"),
            "ResourceNotFoundException: Requested resource not found: Table: users not found");
  given_table("users");
  EXPECT_TRUE(item("users", "a").is_null());
  EXPECT_EQ(ok("Scan", R"({"TableName":"users"})").at("Count"), 0);
}

TEST_F(Tables, AreUpdated) {
  ok("CreateTable", kProvisioned);
  EXPECT_THAT(refused("UpdateTable", R"({"TableName":"users"})"),
              testing::StartsWith("ValidationException: At least one of ProvisionedThroughput"));
  EXPECT_THAT(
      refused("UpdateTable",
              R"({"TableName":"users","ProvisionedThroughput":{"ReadCapacityUnits":5,"WriteCapacityUnits":6}})"),
      testing::HasSubstr("will not change"));
  ok("UpdateTable", R"({"TableName":"users","BillingMode":"PAY_PER_REQUEST"})");
  EXPECT_EQ(ok("DescribeTable", R"({"TableName":"users"})").at("Table").at("BillingModeSummary").at("BillingMode"),
            "PAY_PER_REQUEST");
  EXPECT_EQ(refused("UpdateTable", R"({"TableName":"users","BillingMode":"PROVISIONED"})"),
            "ValidationException: One or more parameter values were invalid: ProvisionedThroughput must be specified "
            "when BillingMode is PROVISIONED");
  EXPECT_EQ(
      refused("UpdateTable",
              R"({"TableName":"users","StreamSpecification":{"StreamEnabled":true,"StreamViewType":"KEYS_ONLY"}})"),
      "NotImplemented: StreamSpecification is not implemented by the local DynamoDB");
}

TEST_F(Tables, AreRefusedInAwsWords) {
  const std::string parameter = "ValidationException: One or more parameter values were invalid: ";
  const std::string start = R"({"TableName":"ttt","BillingMode":"PAY_PER_REQUEST",)";
  const std::string keys = R"("KeySchema":[{"AttributeName":"p","KeyType":"HASH"}])",
                    definitions = R"("AttributeDefinitions":[{"AttributeName":"p","AttributeType":"S"}])";
  struct Case {
    std::string request, message;
  };
  const Case kCases[] = {
      {"{}", "ValidationException: The parameter 'TableName' is required but was not present in the request"},
      {R"({"TableName":"a"})",
       "ValidationException: TableName must be at least 3 characters long and at most 255 characters long"},
      {start + keys + R"(,"AttributeDefinitions":[{"AttributeName":"p","AttributeType":"X"}]})",
       "ValidationException: 1 validation error detected: Value 'X' at 'attributeDefinitions.1.member.attributeType' "
       "failed to satisfy constraint: Member must satisfy enum value set: [B, N, S]"},
      {R"({"TableName":"ttt",)" + keys + "," + definitions + "}",
       parameter + "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED"},
      {start + keys + "," + definitions + R"(,"ProvisionedThroughput":{"ReadCapacityUnits":1,"WriteCapacityUnits":1}})",
       parameter +
           "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST"},
      {start + keys + R"(,"AttributeDefinitions":[{"AttributeName":"q","AttributeType":"S"}]})",
       parameter +
           "Some index key attributes are not defined in AttributeDefinitions. Keys: [p], AttributeDefinitions: [q]"},
      {start + keys +
           R"(,"AttributeDefinitions":[{"AttributeName":"p","AttributeType":"S"},{"AttributeName":"q","AttributeType":"S"}]})",
       parameter + "Number of attributes in KeySchema does not exactly match number of attributes defined in "
                   "AttributeDefinitions"},
      {start + R"("KeySchema":[{"AttributeName":"p","KeyType":"RANGE"}],)" + definitions + "}",
       "ValidationException: Invalid KeySchema: The first KeySchemaElement is not a HASH key type"},
      {start + keys + "," + definitions + R"(,"GlobalSecondaryIndexes":[]})",
       parameter + "List of GlobalSecondaryIndexes is empty"},
      {start + keys + "," + definitions + R"(,"LocalSecondaryIndexes":[{"IndexName":"iii",)" + keys +
           R"(,"Projection":{"ProjectionType":"ALL"}}]})",
       parameter +
           "Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex"},
      {start + keys + "," + definitions + R"(,"GlobalSecondaryIndexes":[{"IndexName":"iii",)" + keys +
           R"(,"Projection":{"ProjectionType":"KEYS_ONLY","NonKeyAttributes":["a"]}}]})",
       parameter + "ProjectionType is KEYS_ONLY, but NonKeyAttributes is specified"},
      {start + keys + "," + definitions + R"(,"StreamSpecification":{"StreamEnabled":true}})",
       "NotImplemented: StreamSpecification is not implemented by the local DynamoDB"},
  };
  for (const Case& c : kCases) EXPECT_EQ(refused("CreateTable", c.request), c.message) << c.request;
}

TEST_F(Tables, CarryTags) {
  ok("CreateTable", kProvisioned);
  const std::string arn = R"("ResourceArn":"arn:aws:dynamodb:eu-central-1:000000000000:table/users")";
  ok("TagResource", "{" + arn + R"(,"Tags":[{"Key":"a","Value":"1"},{"Key":"team","Value":"new"}]})");
  ok("UntagResource", "{" + arn + R"(,"TagKeys":["a","nope"]})");
  restart();
  EXPECT_EQ(ok("ListTagsOfResource", "{" + arn + "}"), *parse_json(R"({"Tags":[{"Key":"team","Value":"new"}]})"));
  EXPECT_EQ(refused("TagResource", "{" + arn + R"(,"Tags":[]})"),
            "ValidationException: Atleast one Tag needs to be provided as Input.");
}

TEST_F(Tables, KeepTheirExpiryAndRecoverySettings) {
  given_table("runs");
  EXPECT_EQ(ok("DescribeTimeToLive", R"({"TableName":"runs"})"),
            *parse_json(R"({"TimeToLiveDescription":{"TimeToLiveStatus":"DISABLED"}})"));
  ok("UpdateTimeToLive", R"({"TableName":"runs","TimeToLiveSpecification":{"AttributeName":"ttl","Enabled":true}})");
  EXPECT_EQ(refused("UpdateTimeToLive",
                    R"({"TableName":"runs","TimeToLiveSpecification":{"AttributeName":"ttl","Enabled":true}})"),
            "ValidationException: TimeToLive is already enabled");
  ok("UpdateContinuousBackups",
     R"({"TableName":"runs","PointInTimeRecoverySpecification":{"PointInTimeRecoveryEnabled":true}})");
  restart();
  EXPECT_EQ(ok("DescribeTimeToLive", R"({"TableName":"runs"})"),
            *parse_json(R"({"TimeToLiveDescription":{"TimeToLiveStatus":"ENABLED","AttributeName":"ttl"}})"));
  EXPECT_EQ(ok("DescribeContinuousBackups", R"({"TableName":"runs"})")
                .at("ContinuousBackupsDescription")
                .at("PointInTimeRecoveryDescription")
                .at("PointInTimeRecoveryStatus"),
            "ENABLED");
  EXPECT_EQ(refused("DescribeContinuousBackups", R"({"TableName":"nope"})"),
            "TableNotFoundException: Table not found: nope");
}

}  // namespace
}  // namespace ads::cloud::dynamodb
