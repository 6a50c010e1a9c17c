// A DynamoDB on an ephemeral store with a clock that the test turns; requests and replies are JSON text.
#pragma once
#include <gmock/gmock.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <filesystem>

#include "base/ids.h"
#include "cloud/dynamodb/service.h"
#include "cloud/environment.h"
#include "cloud/store.h"

namespace ads::cloud::dynamodb {

class DynamoDbTest : public testing::Test {
 protected:
  DynamoDbTest() { open(); }
  ~DynamoDbTest() override {
    service_.reset();
    store_.reset();
    std::filesystem::remove_all(directory_);
  }

  // The reply, which must not be a refusal.
  json::value ok(const std::string& operation, const std::string& request) {
    auto reply = perform(operation, request);
    EXPECT_TRUE(reply.has_value()) << operation << " was refused: " << (reply ? "" : reply.error().message);
    if (!reply || reply->empty()) return json::object();
    return *parse_json(*reply);
  }

  // "Code: message", which must not be a success.
  std::string refused(const std::string& operation, const std::string& request) {
    auto reply = perform(operation, request);
    EXPECT_FALSE(reply.has_value()) << operation << " was not refused: " << (reply ? *reply : "");
    if (reply) return "";
    last_error_ = reply.error();
    return reply.error().code + ": " + reply.error().message;
  }

  // A table with partition key "p" (string) and, where wanted, sort key "s" of that type.
  void given_table(const std::string& name, const std::string& sort_type = "") {
    const std::string sort_key = sort_type.empty() ? "" : R"(,{"AttributeName":"s","KeyType":"RANGE"})";
    const std::string sort = sort_type.empty() ? "" : R"(,{"AttributeName":"s","AttributeType":")" + sort_type + "\"}";
    ok("CreateTable", R"({"TableName":")" + name +
                          R"(","BillingMode":"PAY_PER_REQUEST","KeySchema":[{"AttributeName":"p","KeyType":"HASH"})" +
                          sort_key + R"(],"AttributeDefinitions":[{"AttributeName":"p","AttributeType":"S"})" + sort +
                          "]}");
  }
  void given_item(const std::string& table, const std::string& item) {
    ok("PutItem", R"({"TableName":")" + table + R"(","Item":)" + item + "}");
  }
  // The item under partition key `p` of a table without sort key; null where there is none.
  json::value item(const std::string& table, const std::string& p) {
    json::value reply = ok("GetItem", R"({"TableName":")" + table + R"(","Key":{"p":{"S":")" + p + "\"}}}");
    const json::value* found = reply.as_object().if_contains("Item");
    return found ? *found : json::value();
  }
  // Works in the background until nothing is due.
  void let_background_work() {
    for (;;) {
      auto worked = service_->work();
      ASSERT_TRUE(worked.has_value());
      if (!*worked) return;
    }
  }
  // The process dies and comes back on the same directory.
  void restart() {
    service_.reset();
    store_.reset();
    open();
  }

  DynamoDb& service() { return *service_; }
  template <class T>
  T run(Task<T> task) {
    std::optional<T> result;
    asio::co_spawn(io_, std::move(task), [&](std::exception_ptr thrown, T value) {
      if (thrown) std::rethrow_exception(thrown);
      result = std::move(value);
    });
    io_.restart();
    io_.run();
    return *std::move(result);
  }

  ManualClock clock_{SystemTime(std::chrono::seconds(1'800'000'000))};
  WireError last_error_;

 private:
  void open() {
    auto store = Store::open(io_.get_executor(), directory_, Durability::durable);
    ASSERT_TRUE(store.has_value()) << store.error().message;
    store_ = *std::move(store);
    environment_.emplace(Environment{io_.get_executor(), *store_, clock_});
    service_ = std::make_unique<DynamoDb>(*environment_);
  }

  Outcome<std::string> perform(const std::string& operation, const std::string& request) {
    auto parsed = parse_json_object(request);
    EXPECT_TRUE(parsed.has_value()) << request;
    return run(service_->call("eu-central-1", operation, *parsed));
  }

  asio::io_context io_;
  std::filesystem::path directory_ = std::filesystem::temp_directory_path() / ("dynamodb-" + random_hex(12));
  std::unique_ptr<Store> store_;
  std::optional<Environment> environment_;
  std::unique_ptr<DynamoDb> service_;
};

}  // namespace ads::cloud::dynamodb
