// Our DynamoDB client against dynalite. It has no transactions: those meet the local cloud only.
#include <gmock/gmock.h>

#include "aws/dynamodb/client.h"
#include "aws/services.h"
#include "clients/servers.h"

namespace ads::aws::dynamodb {
namespace {

class Dynalite : public ServerTest {
 protected:
  Dynalite() : ServerTest("ADS_TEST_DYNALITE"), client(*connection), table(fresh_name("users-")) {
    json::object input = parse_json_object(R"({"AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"},
        {"AttributeName":"n","AttributeType":"N"}],"KeySchema":[{"AttributeName":"id","KeyType":"HASH"},
        {"AttributeName":"n","KeyType":"RANGE"}],"BillingMode":"PAY_PER_REQUEST"})")
                             .value();
    input["TableName"] = table;
    must(await(connection->call_json({kDynamoDb, "CreateTable", Protocol::json}, "DynamoDB_20120810", "1.0", input)));
    // Created in no time, but at its server's next turn.
    while (must(await(client.describe_table(table))).status != "ACTIVE") {
    }
  }
  Item key(std::string id, int n) { return {{"id", std::move(id)}, {"n", n}}; }
  void put(Item item) { must(await(client.put_item({.table = table, .item = std::move(item)}))); }
  Result<WriteOutput> update(UpdateItemInput input) { return await(client.update_item(std::move(input))); }

  Client client;
  std::string table;
};

TEST_F(Dynalite, every_attribute_type_comes_back) {
  auto item = key("a", 1);
  item["text"] =
      "gr\xC3\xBC\xC3\x9F"
      "e \"quoted\" \\ \n \xF0\x9F\x98\x80";
  item["number"] = Number{"123456789012345678901234567890.5"};
  item["bytes"] = Binary{std::string("\0\xFF\x01", 3)};
  item["yes"] = true;
  item["nothing"] = Null{};
  item["strings"] = StringSet{{"x", "y"}};
  item["numbers"] = NumberSet{{"1", "2"}};
  item["binaries"] = BinarySet{{"a"}};
  item["list"] = List{"a", 1, List{}};
  item["map"] = Map{{"inner", Map{{"deep", "value"}}}};
  put(item);
  auto found = must(await(client.get_item({.table = table, .key = key("a", 1), .consistency = Consistency::strong})));
  ASSERT_TRUE(found.item);
  auto& got = *found.item;
  for (auto& [name, value] : item) {
    if (name == "strings" || name == "numbers") continue;  // sets have no order
    EXPECT_TRUE(got[name] == value) << name;
  }
  EXPECT_THAT(std::get<StringSet>(got["strings"].value).values, testing::UnorderedElementsAre("x", "y"));
  EXPECT_THAT(std::get<NumberSet>(got["numbers"].value).values, testing::UnorderedElementsAre("1", "2"));
}

TEST_F(Dynalite, absent_item_and_absent_table) {
  EXPECT_FALSE(must(await(client.get_item({.table = table, .key = key("none", 1)}))).item);
  auto error = error_of(await(client.get_item({.table = "absent", .key = key("a", 1)})));
  EXPECT_EQ(error.kind, ErrorKind::not_found);
  EXPECT_EQ(error.code, "ResourceNotFoundException");
}

TEST_F(Dynalite, conditions_and_returned_values) {
  PutItemInput input{.table = table, .item = key("a", 1), .condition = "attribute_not_exists(id)"};
  must(await(client.put_item(input)));
  auto again = error_of(await(client.put_item(input)));
  EXPECT_EQ(again.kind, ErrorKind::conflict);
  EXPECT_EQ(again.code, "ConditionalCheckFailedException");

  auto updated = must(update({.table = table,
                              .key = key("a", 1),
                              .update = "SET #status = :s ADD fence :one",
                              .condition = "attribute_exists(id)",
                              .names = {{"#status", "status"}},
                              .values = {{":s", "RUNNING"}, {":one", 1}},
                              .return_values = ReturnValues::all_new}));
  EXPECT_EQ(get_string(*updated.attributes, "status"), "RUNNING");
  EXPECT_EQ(get_integer(*updated.attributes, "fence"), 1);

  auto removed = must(await(client.delete_item({.table = table,
                                                .key = key("a", 1),
                                                .condition = "fence = :f",
                                                .values = {{":f", 1}},
                                                .return_values = ReturnValues::all_old})));
  EXPECT_EQ(get_string(*removed.attributes, "status"), "RUNNING");
}

TEST_F(Dynalite, a_request_that_makes_no_sense) {
  auto error = error_of(update({.table = table, .key = key("a", 1), .update = "SET oops"}));
  EXPECT_EQ(error.kind, ErrorKind::invalid);
  EXPECT_EQ(error.code, "ValidationException");
}

TEST_F(Dynalite, batches) {
  std::vector<WriteRequest> writes;
  for (int n = 0; n < 25; ++n) writes.emplace_back(PutRequest{{{"id", "batch"}, {"n", n}, {"status", "Active"}}});
  EXPECT_TRUE(must(await(client.batch_write_item({.tables = {{table, writes}}}))).unprocessed.empty());
  KeysOfTable keys{.projection = "n, #s", .names = {{"#s", "status"}}, .consistency = Consistency::strong};
  for (int n = 0; n < 30; ++n) keys.keys.push_back(key("batch", n));
  auto got = must(await(client.batch_get_item({.tables = {{table, keys}}})));
  EXPECT_EQ(got.items[table].size(), 25u);
  EXPECT_TRUE(got.unprocessed.empty());
  EXPECT_EQ(get_string(got.items[table][0], "status"), "Active");
  EXPECT_FALSE(got.items[table][0].contains("id"));
  must(await(client.batch_write_item({.tables = {{table, {DeleteRequest{key("batch", 0)}}}}})));
  EXPECT_FALSE(must(await(client.get_item({.table = table, .key = key("batch", 0)}))).item);

  keys.keys = {key("a", 1), key("a", 1)};
  EXPECT_EQ(error_of(await(client.batch_get_item({.tables = {{table, keys}}}))).code, "ValidationException");
}

TEST_F(Dynalite, query_and_scan_page_by_page) {
  for (int n = 0; n < 5; ++n) put({{"id", "q"}, {"n", n}});
  put(key("other", 1));
  QueryInput query{.table = table,
                   .key_condition = "id = :id AND n >= :n",
                   .values = {{":id", "q"}, {":n", 1}},
                   .limit = 3,
                   .direction = Direction::backward};
  auto first = must(await(client.query(query)));
  ASSERT_EQ(first.items.size(), 3u);
  EXPECT_EQ(get_integer(first.items[0], "n"), 4);
  ASSERT_TRUE(first.last_evaluated_key);
  query.start_key = *first.last_evaluated_key;
  auto second = must(await(client.query(query)));
  ASSERT_EQ(second.items.size(), 1u);
  EXPECT_EQ(get_integer(second.items[0], "n"), 1);
  EXPECT_FALSE(second.last_evaluated_key);

  ScanInput scan{.table = table, .filter = "id = :id", .values = {{":id", "other"}}};
  auto page = must(await(client.scan(scan)));
  EXPECT_EQ(page.count, 1);
  EXPECT_EQ(page.scanned_count, 6);
}

TEST_F(Dynalite, describe) {
  auto found = must(await(client.describe_table(table)));
  EXPECT_EQ(found.name, table);
  ASSERT_EQ(found.key_schema.size(), 2u);
  EXPECT_EQ(found.key_schema[0].name, "id");
  EXPECT_EQ(found.key_schema[1].type, "RANGE");
}

}  // namespace
}  // namespace ads::aws::dynamodb
