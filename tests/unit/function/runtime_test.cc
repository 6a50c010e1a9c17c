// The runtime loop against a runtime API that the test plays.
#include "function/runtime.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <deque>

#include "base/json.h"
#include "base/log.h"
#include "http/server.h"

namespace ads::function {
namespace {

using testing::HasSubstr;

struct Posted {
  std::string target, body, error_type;
};

class RuntimeLoop : public testing::Test {
 protected:
  RuntimeLoop() : server_(context_.get_executor(), [this](http::IncomingRequest& request) { return answer(request); }) {
    set_log_level(LogLevel::error);
    port_ = *server_.listen("127.0.0.1", 0);
  }

  // What /next answers, in turn: payloads with the request ids r1, r2, ...; "500" is a failing API.
  std::deque<std::string> work;
  int failing_posts = 0;
  std::vector<Posted> posted;

  void serve(int turns, Handler handler) {
    asio::co_spawn(context_, serve_turns(turns, std::move(handler)), [](std::exception_ptr exception) {
      if (exception) std::rethrow_exception(exception);
    });
    context_.run();
  }
  Result<Runtime> runtime() {
    return Runtime::create(context_.get_executor(), "127.0.0.1:" + std::to_string(port_),
                           [](int) { return std::chrono::milliseconds(0); });
  }
  asio::io_context context_;

 private:
  Task<void> serve_turns(int turns, Handler handler) {
    auto runtime = this->runtime();
    for (int i = 0; i < turns; ++i) co_await runtime->serve_one(handler);
    co_await server_.stop();
    context_.stop();
  }

  Task<http::Reply> answer(http::IncomingRequest& request) {
    const http::Request& head = request.head;
    if (head.method == "GET") {
      std::string payload = work.front();
      work.pop_front();
      if (payload == "500") co_return http::Reply{500, {}, std::string()};
      std::string id = "r" + std::to_string(++served_);
      co_return http::Reply{200,
                            {{"Lambda-Runtime-Aws-Request-Id", id},
                             {"Lambda-Runtime-Deadline-Ms", "1795341605123"},
                             {"Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:function"},
                             {"Lambda-Runtime-Trace-Id", "Root=1-2-" + id}},
                            payload};
    }
    auto body = co_await request.body.read_all(1 << 20);
    if (failing_posts > 0) {
      --failing_posts;
      co_return http::Reply{500, {}, std::string()};
    }
    posted.push_back({head.target, *body, std::string(head.headers.get_or("Lambda-Runtime-Function-Error-Type", ""))});
    co_return http::Reply{202, {}, std::string()};
  }

  http::Server server_;
  std::uint16_t port_ = 0;
  int served_ = 0;
};

Task<Result<std::string>> echo(Invocation invocation) {
  co_return invocation.payload;
}

TEST_F(RuntimeLoop, HandsOverTheInvocationAndItsAnswer) {
  work = {"{\"a\":1}"};
  serve(1, [](Invocation invocation) -> Task<Result<std::string>> {
    EXPECT_EQ(invocation.request_id, "r1");
    EXPECT_EQ(invocation.deadline, SystemTime(std::chrono::milliseconds(1795341605123)));
    EXPECT_EQ(invocation.function_arn, "arn:aws:lambda:function");
    EXPECT_STREQ(std::getenv("_X_AMZN_TRACE_ID"), "Root=1-2-r1");
    return echo(std::move(invocation));
  });
  ASSERT_EQ(posted.size(), 1u);
  EXPECT_EQ(posted[0].target, "/2018-06-01/runtime/invocation/r1/response");
  EXPECT_EQ(posted[0].body, "{\"a\":1}");
}

Task<Result<std::string>> misbehave(Invocation invocation) {
  if (invocation.payload == "throw") throw std::runtime_error("thrown");
  if (invocation.payload == "throw 7") throw 7;
  if (invocation.payload == "fail") co_return fail(ErrorKind::unavailable, "OutOfTime", "later");
  co_return invocation.payload;
}

TEST_F(RuntimeLoop, WhatTheHandlerThrowsIsThatInvocationsErrorAndTheLoopGoesOn) {
  work = {"throw", "throw 7", "fail", "fine"};
  serve(4, misbehave);
  ASSERT_EQ(posted.size(), 4u);
  EXPECT_EQ(posted[0].target, "/2018-06-01/runtime/invocation/r1/error");
  EXPECT_EQ(posted[0].error_type, "std::runtime_error");
  auto error = *parse_json_object(posted[0].body);
  EXPECT_EQ(get_string(error, "errorMessage"), "thrown");
  EXPECT_TRUE(get_array(error, "stackTrace"));
  EXPECT_EQ(posted[1].error_type, "int");
  EXPECT_EQ(posted[2].error_type, "OutOfTime");
  EXPECT_THAT(posted[2].body, HasSubstr("\"errorMessage\":\"later\""));
  EXPECT_EQ(posted[3].target, "/2018-06-01/runtime/invocation/r4/response");
}

TEST_F(RuntimeLoop, AFailingApiIsAskedAgain) {
  work = {"500", "500", "fine"};
  failing_posts = 2;
  serve(1, echo);
  ASSERT_EQ(posted.size(), 1u);
  EXPECT_EQ(posted[0].body, "fine");
}

TEST_F(RuntimeLoop, AnAnswerThatNobodyTakesDoesNotEndTheLoop) {
  work = {"one", "two"};
  failing_posts = 8;
  serve(2, echo);
  ASSERT_EQ(posted.size(), 1u);
  EXPECT_EQ(posted[0].body, "two");
}

TEST_F(RuntimeLoop, InitErrorsArePosted) {
  auto runtime = this->runtime();
  asio::co_spawn(context_, runtime->fail_init(Failure{"UnknownHandler", "no such handler", {}}),
                 [this](std::exception_ptr) { context_.stop(); });
  context_.run();
  ASSERT_EQ(posted.size(), 1u);
  EXPECT_EQ(posted[0].target, "/2018-06-01/runtime/init/error");
  EXPECT_EQ(posted[0].body, R"({"errorType":"UnknownHandler","errorMessage":"no such handler","stackTrace":[]})");
}

TEST(Runtime, AnAddressThatIsNoneIsNamed) {
  asio::io_context context;
  EXPECT_FALSE(Runtime::create(context.get_executor(), ""));
  EXPECT_FALSE(Runtime::create(context.get_executor(), "http://x/y"));
}

}  // namespace
}  // namespace ads::function
