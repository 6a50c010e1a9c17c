// Calls over a real socket: what is signed, what is repeated, what a failure says.
#include "aws/connection.h"

#include <gmock/gmock.h>

#include <atomic>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <thread>

#include "aws/call_counts.h"
#include "aws/dynamodb/client.h"
#include "aws/s3/client.h"
#include "aws/sesv2/client.h"
#include "aws/sigv4.h"
#include "base/digest.h"
#include "base/encoding.h"
#include "unit/aws/loopback.h"

namespace ads::aws {
namespace {

using testing::HasSubstr;

constexpr const char* kThrottled = R"({"__type":"ThrottlingException","message":"slower"})";

class Calls : public testing::Test {
 protected:
  Calls() {
    Configuration configuration;
    configuration.region = "eu-west-1";
    configuration.endpoints[""] = server.url();
    connection.emplace(io.get_executor(), configuration, fixed_credentials({"AKID", "secret", "token"}),
                       http::ClientOptions{}, clock);
    connection->retry_rules().transient_base = connection->retry_rules().throttled_base = std::chrono::milliseconds(1);
    reset_call_counts();
  }
  Result<dynamodb::GetItemOutput> get_item() {
    return run(io, dynamodb::Client(*connection).get_item({.table = "t", .key = {{"id", "1"}}}));
  }

  asio::io_context io;
  ManualClock clock{*parse_iso8601("2026-11-22T16:20:05Z")};
  Scripted server{io};
  std::optional<Connection> connection;
};

TEST_F(Calls, are_signed_so_that_our_verifier_agrees) {
  server.reply(200, R"({"Item":{"id":{"S":"1"},"n":{"N":"7"}}})");
  auto found = get_item();
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(dynamodb::get_integer(*found->item, "n"), 7);
  auto& request = server.requests.at(0);
  EXPECT_EQ(request.headers.get_or("X-Amz-Target", ""), "DynamoDB_20120810.GetItem");
  EXPECT_EQ(request.body, R"({"TableName":"t","Key":{"id":{"S":"1"}}})");
  Verifier verifier([](std::string_view) { return KnownKey{"secret", "token"}; });
  auto authorization = parse_authorization(request);
  ASSERT_TRUE(authorization);
  EXPECT_TRUE(verifier.verify(request, *authorization, to_hex(sha256(request.body)), clock.now()));
}

TEST_F(Calls, repeat_throttles_and_failures) {
  server.reply(400, kThrottled).reply(503, "").reply(200, "{}");
  EXPECT_TRUE(get_item());
  EXPECT_EQ(server.requests.size(), 3u);
  auto counts = call_counts();
  EXPECT_EQ(counts.attempts["dynamodb.GetItem"], 3u);
  EXPECT_EQ(counts.retries, 2u);
  EXPECT_EQ(counts.throttles, 1u);
}

TEST_F(Calls, give_up_after_three_attempts) {
  server.reply(400, kThrottled).reply(400, kThrottled).reply(400, kThrottled).reply(200, "{}");
  auto found = get_item();
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error(),
            (Error{ErrorKind::throttled, "ThrottlingException", "dynamodb GetItem: slower (after 3 attempts)"}));
}

TEST_F(Calls, do_not_repeat_refusals) {
  server.reply(400, R"({"__type":"x#ValidationException","message":"no"})").reply(200, "{}");
  EXPECT_EQ(get_item().error().code, "ValidationException");
  EXPECT_EQ(server.requests.size(), 1u);
}

TEST_F(Calls, mail_is_not_repeated_unless_it_was_refused_unread) {
  sesv2::SendEmailInput mail{
      .from = "a@b.c", .to = {"d@e.f"}, .content = sesv2::SimpleContent{"subject", "text", "<p>"}};
  server.reply(500, "{}");
  EXPECT_FALSE(run(io, sesv2::Client(*connection).send_email(mail)));
  EXPECT_EQ(server.requests.size(), 1u);
  server.reply(429, R"({"message":"slower"})", {{"x-amzn-errortype", "TooManyRequestsException"}});
  server.reply(200, R"({"MessageId":"m1"})");
  EXPECT_EQ(run(io, sesv2::Client(*connection).send_email(mail))->message_id, "m1");
  EXPECT_EQ(server.requests[2].body,
            R"({"Content":{"Simple":{"Subject":{"Data":"subject","Charset":"UTF-8"},"Body":{"Text":{"Data":"text",)"
            R"("Charset":"UTF-8"},"Html":{"Data":"<p>","Charset":"UTF-8"}}}},"FromEmailAddress":"a@b.c",)"
            R"("Destination":{"ToAddresses":["d@e.f"]}})");
}

// Answers the first request and keeps the connection; reads every later one and closes without a word.
class Dying {
 public:
  Dying() : acceptor_(io_, {asio::ip::address_v4::loopback(), 0}), thread_([this] { serve(); }) {}
  ~Dying() {
    is_stopping_ = true;
    boost::system::error_code ignored;
    asio::ip::tcp::socket wake(io_);
    wake.connect(acceptor_.local_endpoint(), ignored);
    thread_.join();
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()); }
  std::atomic<int> requests = 0;

 private:
  void serve() {
    boost::system::error_code error;
    while (!is_stopping_) {
      auto socket = acceptor_.accept(error);
      std::string text;
      for (char buffer[4096]; !error && !is_stopping_;) {
        text.append(buffer, socket.read_some(asio::buffer(buffer), error));
        const auto end = text.find("\r\n\r\n"), length = text.find("Content-Length: ");
        if (end == text.npos || length == text.npos) continue;
        if (text.size() < end + 4 + std::stoul(text.substr(length + 16))) continue;
        text.clear();
        if (++requests > 1) break;
        const std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 17\r\n\r\n{\"MessageId\":\"m\"}";
        asio::write(socket, asio::buffer(answer), error);
      }
      error.clear();
    }
  }

  asio::io_context io_;
  asio::ip::tcp::acceptor acceptor_;
  std::atomic<bool> is_stopping_ = false;
  std::thread thread_;
};

TEST(Mails, are_not_sent_again_where_a_kept_connection_dies) {
  asio::io_context io;
  Dying server;
  Configuration configuration;
  configuration.region = "eu-west-1";
  configuration.endpoints[""] = server.url();
  Connection connection(io.get_executor(), configuration, fixed_credentials({"AKID", "secret", "token"}));
  const sesv2::SendEmailInput mail{
      .from = "a@b.c", .to = {"d@e.f"}, .content = sesv2::SimpleContent{"subject", "text", "<p>"}};
  EXPECT_TRUE(run(io, sesv2::Client(connection).send_email(mail)));
  EXPECT_FALSE(run(io, sesv2::Client(connection).send_email(mail)));
  EXPECT_EQ(server.requests, 2);
}

TEST_F(Calls, correct_a_wrong_clock_once) {
  auto real = clock.now() + std::chrono::hours(3);
  server.reply(403, "<Error><Code>RequestTimeTooSkewed</Code><Message>m</Message></Error>",
               {{"Date", http_date(real)}});
  server.reply(204, "");
  EXPECT_TRUE(run(io, s3::Client(*connection).delete_object({.bucket = "bucket", .key = "k"})));
  EXPECT_EQ(server.requests.at(1).headers.get_or("X-Amz-Date", ""), iso8601_basic(real));
}

TEST_F(Calls, a_copy_that_fails_behind_status_200) {
  const std::string error = "<?xml version=\"1.0\"?><Error><Code>InternalError</Code><Message>m</Message></Error>";
  s3::CopyObjectInput input{.bucket = "bucket",
                            .key = "b",
                            .source_bucket = "bucket",
                            .source_key = "a b+c",
                            .source_if_match = "\"e\"",
                            .if_none_match = "*"};
  server.reply(200, error).reply(200, "<CopyObjectResult><ETag>\"e\"</ETag></CopyObjectResult>");
  auto copied = run(io, s3::Client(*connection).copy_object(input));
  ASSERT_TRUE(copied) << copied.error().message;
  EXPECT_EQ(copied->etag, "\"e\"");
  auto& request = server.requests.at(1);
  EXPECT_EQ(request.target, "/bucket/b");
  EXPECT_EQ(request.headers.get_or("x-amz-copy-source", ""), "/bucket/a%20b%2Bc");
  EXPECT_EQ(request.headers.get_or("x-amz-copy-source-if-match", ""), "\"e\"");
  EXPECT_EQ(request.headers.get_or("If-None-Match", ""), "*");
}

TEST_F(Calls, an_empty_key_never_reaches_the_bucket) {
  EXPECT_EQ(run(io, s3::Client(*connection).delete_object({.bucket = "bucket", .key = ""})).error().code, "InvalidKey");
  EXPECT_EQ(run(io, s3::Client(*connection).delete_bucket("a/b")).error().code, "InvalidBucketName");
  EXPECT_TRUE(server.requests.empty());
}

TEST_F(Calls, answers_that_are_no_json) {
  server.reply(200, "<html>");
  auto found = get_item();
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().kind, ErrorKind::corrupt);
  EXPECT_EQ(found.error().code, "MalformedAnswer");
}

TEST_F(Calls, without_a_region) {
  connection.emplace(io.get_executor(), Configuration{}, fixed_credentials({"a", "b"}));
  EXPECT_EQ(get_item().error().code, "NoRegion");
}

TEST_F(Calls, nobody_listens) {
  Configuration configuration;
  configuration.region = "eu-west-1";
  configuration.endpoints[""] = "http://127.0.0.1:1";
  connection.emplace(io.get_executor(), configuration, fixed_credentials({"a", "b"}));
  connection->retry_rules().transient_base = std::chrono::milliseconds(1);
  auto found = get_item();
  EXPECT_EQ(found.error().kind, ErrorKind::unavailable);
  EXPECT_THAT(found.error().message, HasSubstr("127.0.0.1:1"));
  EXPECT_EQ(call_counts().attempts["dynamodb.GetItem"], 3u);
}

}  // namespace
}  // namespace ads::aws
