// An SNS of its own on an ephemeral store, with queues and functions that remember what they were given.
#pragma once
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>
#include <filesystem>
#include <future>

#include "base/encoding.h"
#include "base/ids.h"
#include "cloud/sns/actions.h"

namespace ads::cloud::sns {

class FakeQueues : public QueuePort {
 public:
  std::vector<Outcome<std::string>> enqueue(const std::string& arn, std::vector<OutgoingMessage> messages,
                                            const Source& source) override {
    std::vector<Outcome<std::string>> outcomes;
    for (auto& message : messages) {
      if (missing.contains(arn)) {
        outcomes.push_back(
            refuse(400, "AWS.SimpleQueueService.NonExistentQueue", "The specified queue does not exist."));
        continue;
      }
      source_of[arn] = source.arn;
      got[arn].push_back(std::move(message));
      outcomes.push_back("id");
    }
    return outcomes;
  }
  Task<Outcome<std::string>> send(std::string, OutgoingMessage, Source) override { co_return "unused"; }
  Task<Outcome<std::vector<ReceivedMessage>>> receive(std::string, int, std::chrono::milliseconds) override {
    co_return std::vector<ReceivedMessage>();
  }
  Task<Outcome<void>> remove(std::string, std::vector<std::string>) override { co_return Outcome<void>(); }
  Task<Outcome<void>> change_visibility(std::string, std::string, std::chrono::seconds) override {
    co_return Outcome<void>();
  }
  Outcome<void> may(const std::string&, std::string_view, const Source&) override { return {}; }
  Outcome<std::map<std::string, std::string>> attributes(const std::string&) override {
    return std::map<std::string, std::string>();
  }

  std::map<std::string, std::vector<OutgoingMessage>> got;
  std::map<std::string, std::string> source_of;
  std::set<std::string> missing;
};

class FakeFunctions : public FunctionPort {
 public:
  Task<Outcome<void>> invoke_async(std::string arn, std::string payload, Source) override {
    if (!failures.empty()) {
      auto failure = failures.front();
      failures.pop_front();
      co_return refuse(failure);
    }
    got.emplace_back(arn, payload);
    co_return Outcome<void>();
  }
  Outcome<void> may_invoke(const std::string&, const Source&) override { return {}; }

  std::vector<std::pair<std::string, std::string>> got;
  std::deque<WireError> failures;
};

class NoBody : public http::IncomingBody {
 public:
  Task<Result<std::size_t>> read_some(char*, std::size_t) override { co_return std::size_t{0}; }
  std::optional<std::uint64_t> declared_length() const override { return 0; }
};

class SnsTest : public ::testing::Test {
 protected:
  SnsTest() { open(); }
  ~SnsTest() override {
    close();
    std::filesystem::remove_all(directory_);
  }
  void open() {
    store_ = std::move(*Store::open(io_.get_executor(), directory_, Durability::durable));
    environment_.emplace(Environment{io_.get_executor(), *store_, clock_});
    environment_->endpoint = "http://localhost:4566";
    environment_->queues = &queues_;
    environment_->functions = &functions_;
    sns_ = std::make_unique<Service>(*environment_);
    wait(sns_->start());
  }
  void close() {
    wait(sns_->stop());
    sns_.reset();
    wait(store_->close());
    store_.reset();
  }
  void reopen() {
    close();
    open();
  }
  template <class T>
  T wait(Task<T> task) {
    auto future = asio::co_spawn(io_, std::move(task), asio::use_future);
    while (future.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
      io_.restart();
      io_.run_one();
    }
    return future.get();
  }
  json::object call(operations::Action<Context> action, json::object input) {
    http::Request head;
    NoBody body;
    http::IncomingRequest request{std::move(head), body, ""};
    Call call{request,
              {"arn:aws:iam::000000000000:root", "000000000000", "", nullptr, Enforcement::off},
              "000000000000",
              "eu-central-1",
              "r",
              clock_.now()};
    Context context{*sns_, call};
    auto outcome = action.plain() != nullptr ? action.plain()(context, input) : wait(action.waiting()(context, input));
    refused_ = outcome ? "" : outcome.error().code;
    refused_message_ = outcome ? "" : outcome.error().message;
    return outcome ? std::move(*outcome) : json::object();
  }
  std::string make_topic(const std::string& name, json::object attributes = {}) {
    if (name.ends_with(".fifo")) attributes["FifoTopic"] = "true";
    auto made = call(create_topic, {{"Name", name}, {"Attributes", std::move(attributes)}});
    EXPECT_EQ(refused_, "") << refused_message_;
    return "arn:aws:sns:eu-central-1:000000000000:" + name;
  }
  static std::string queue(const std::string& name) { return "arn:aws:sqs:eu-central-1:000000000000:" + name; }
  static std::string function(const std::string& name) {
    return "arn:aws:lambda:eu-central-1:000000000000:function:" + name;
  }
  std::string subscribe_to(const std::string& topic, const std::string& endpoint, json::object attributes = {}) {
    const std::string protocol = endpoint.find(":lambda:") != std::string::npos ? "lambda" : "sqs";
    auto made = call(
        subscribe,
        {{"TopicArn", topic}, {"Protocol", protocol}, {"Endpoint", endpoint}, {"Attributes", std::move(attributes)}});
    EXPECT_EQ(refused_, "") << refused_message_;
    return made.contains("SubscriptionArn") ? std::string(made["SubscriptionArn"].as_string()) : "";
  }
  json::object send(const std::string& topic, const std::string& message, json::object more = {}) {
    more["TopicArn"] = topic;
    more["Message"] = message;
    return call(publish, std::move(more));
  }
  std::string bodies(const std::string& name) {
    std::string all;
    for (const auto& message : queues_.got[queue(name)]) all += (all.empty() ? "" : " ") + message.body;
    return all;
  }

  asio::io_context io_;
  ManualClock clock_{SystemTime(std::chrono::milliseconds(1'790'000'000'000))};
  std::filesystem::path directory_ = std::filesystem::temp_directory_path() / ("ads-sns-" + random_hex(12));
  FakeQueues queues_;
  FakeFunctions functions_;
  std::unique_ptr<Store> store_;
  std::optional<Environment> environment_;
  std::unique_ptr<Service> sns_;
  std::string refused_, refused_message_;
};

}  // namespace ads::cloud::sns
