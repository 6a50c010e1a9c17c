// An SQS of its own on an ephemeral store, with a clock that the test turns, called as a client would over JSON.
#pragma once
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>
#include <filesystem>
#include <future>

#include "base/ids.h"
#include "cloud/sqs/service.h"

namespace ads::cloud::sqs {

// Everything a call needs but has nothing to say here.
class NoBody : public http::IncomingBody {
 public:
  Task<Result<std::size_t>> read_some(char*, std::size_t) override { co_return std::size_t{0}; }
  std::optional<std::uint64_t> declared_length() const override { return 0; }
};

class SqsTest : public ::testing::Test {
 protected:
  using Refusal = std::string;  // the shape's name, empty where there was none

  SqsTest() { open(); }
  ~SqsTest() override {
    close();
    std::filesystem::remove_all(directory_);
  }

  void open(Durability durability = Durability::durable) {
    store_ = std::move(*Store::open(io_.get_executor(), directory_, durability));
    environment_.emplace(Environment{io_.get_executor(), *store_, clock_});
    environment_->endpoint = "http://localhost:4566";
    sqs_ = std::make_unique<Service>(*environment_);
    wait(sqs_->start());
  }
  void close() {
    wait(sqs_->stop());
    sqs_.reset();
    wait(store_->close());
    store_.reset();
  }
  void reopen() {
    close();
    open();
  }

  template <class T>
  T wait(Task<T> task) {
    return await(asio::co_spawn(io_, std::move(task), asio::use_future));
  }
  template <class T>
  T await(std::future<T> future) {
    while (future.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
      io_.restart();
      io_.run_one();
    }
    return future.get();
  }

  // Runs an operation; a refusal's code is kept in refused_.
  json::object call(const std::string& operation, json::object input) {
    http::Request head;
    NoBody body;
    http::IncomingRequest request{std::move(head), body, ""};
    Call call{request,
              {"arn:aws:iam::000000000000:root", "000000000000", "", nullptr, Enforcement::off},
              "000000000000",
              "eu-central-1",
              "r",
              clock_.now()};
    auto outcome = wait(sqs_->perform(call, operation, std::move(input)));
    refused_ = outcome ? "" : outcome.error().code;
    refused_message_ = outcome ? "" : outcome.error().message;
    return outcome ? std::move(*outcome) : json::object();
  }

  std::string make_queue(const std::string& name, json::object attributes = {}) {
    auto made = call("CreateQueue", {{"QueueName", name}, {"Attributes", std::move(attributes)}});
    EXPECT_EQ(refused_, "") << refused_message_;
    return made.contains("QueueUrl") ? std::string(made["QueueUrl"].as_string()) : "";
  }
  std::string make_fifo(const std::string& name, json::object attributes = {}) {
    attributes["FifoQueue"] = "true";
    return make_queue(name, std::move(attributes));
  }
  static std::string arn(const std::string& name) { return "arn:aws:sqs:eu-central-1:000000000000:" + name; }

  json::object send(const std::string& url, const std::string& body, json::object more = {}) {
    more["QueueUrl"] = url;
    more["MessageBody"] = body;
    return call("SendMessage", std::move(more));
  }
  json::object send_fifo(const std::string& url, const std::string& group, const std::string& body,
                         const std::string& id = "") {
    json::object more{{"MessageGroupId", group}, {"MessageDeduplicationId", id.empty() ? body : id}};
    return send(url, body, std::move(more));
  }
  struct Got {
    std::string body, handle, group;
    json::object message;
  };
  std::vector<Got> receive(const std::string& url, int most = 10, json::object more = {}) {
    more["QueueUrl"] = url;
    more["MaxNumberOfMessages"] = most;
    more["MessageSystemAttributeNames"] = json::array{"All"};
    more["MessageAttributeNames"] = json::array{"All"};
    auto answer = call("ReceiveMessage", std::move(more));
    std::vector<Got> got;
    if (!answer.contains("Messages")) return got;
    for (auto& one : answer["Messages"].as_array()) {
      auto& message = one.as_object();
      auto* group = message["Attributes"].as_object().if_contains("MessageGroupId");
      got.push_back({std::string(message["Body"].as_string()), std::string(message["ReceiptHandle"].as_string()),
                     group ? std::string(group->as_string()) : "", message});
    }
    return got;
  }
  std::string bodies(const std::string& url, int most = 10, json::object more = {}) {
    std::string all;
    for (const auto& got : receive(url, most, std::move(more))) all += (all.empty() ? "" : " ") + got.body;
    return all;
  }
  Refusal remove(const std::string& url, const std::string& handle) {
    call("DeleteMessage", {{"QueueUrl", url}, {"ReceiptHandle", handle}});
    return refused_;
  }
  Refusal change(const std::string& url, const std::string& handle, int seconds) {
    call("ChangeMessageVisibility", {{"QueueUrl", url}, {"ReceiptHandle", handle}, {"VisibilityTimeout", seconds}});
    return refused_;
  }
  std::string attribute(const std::string& url, const std::string& name) {
    auto answer = call("GetQueueAttributes", {{"QueueUrl", url}, {"AttributeNames", json::array{name}}});
    if (!answer.contains("Attributes")) return "";
    return std::string(answer["Attributes"].at(name).as_string());
  }
  // "ready in-flight delayed"
  std::string counts(const std::string& url) {
    return attribute(url, "ApproximateNumberOfMessages") + " " +
           attribute(url, "ApproximateNumberOfMessagesNotVisible") + " " +
           attribute(url, "ApproximateNumberOfMessagesDelayed");
  }
  void later(std::chrono::milliseconds by) { clock_.advance(by); }

  asio::io_context io_;
  ManualClock clock_{SystemTime(std::chrono::milliseconds(1'790'000'000'000))};
  std::filesystem::path directory_ = std::filesystem::temp_directory_path() / ("ads-sqs-" + random_hex(12));
  std::unique_ptr<Store> store_;
  std::optional<Environment> environment_;
  std::unique_ptr<Service> sqs_;
  Refusal refused_;
  std::string refused_message_;
};

}  // namespace ads::cloud::sqs
