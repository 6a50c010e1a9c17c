#include "cloud/visitors.h"

#include <gtest/gtest.h>

namespace ads::cloud {
namespace {

const Visitors kVisitors{.hosts = {"build.internal"}, .origins = {"https://app.example.org"}};

TEST(Visitors, HostsByWhichTheCloudIsCalled) {
  for (const auto* host :
       {"localhost", "LOCALHOST:4566", "127.0.0.1:4566", "127.8.9.1", "[::1]:4566", "[::1]", "s3.localhost:4566",
        "bucket.s3.localhost", "bucket.127.0.0.1:4566", "sqs.eu-west-1.amazonaws.com", "bucket.s3.amazonaws.com:443",
        "build.internal", "Build.Internal:4566", "bucket.build.internal"})
    EXPECT_TRUE(is_allowed_host(kVisitors, host)) << host;
  for (const auto* host :
       {"", ":4566", "evil.org", "evil.org:4566", "127.0.0.1.evil.org", "localhost.evil.org", "notlocalhost",
        "amazonaws.com.evil.org", "amazonaws.com", "evilamazonaws.com", "127.0.0.1:x", "127.0.0.1:4566:1", "[::1",
        "1.2.3.4", "128.0.0.1", "127.0.0", "0.0.0.0", "evil.org/.127.0.0.1", "x.internal"})
    EXPECT_FALSE(is_allowed_host(kVisitors, host)) << host;
}

TEST(Visitors, OriginsThatMaySend) {
  for (const auto* origin : {"http://localhost", "http://localhost:3000", "https://127.0.0.1:8443", "http://[::1]:1",
                             "http://app.localhost", "https://app.example.org"})
    EXPECT_TRUE(is_allowed_origin(kVisitors, origin)) << origin;
  for (const auto* origin : {"", "null", "http://evil.org", "https://localhost.evil.org", "file://", "localhost",
                             "http://localhost@evil.org", "http://localhost/x", "chrome-extension://abc",
                             "http://app.example.org", "https://app.example.org:444"})
    EXPECT_FALSE(is_allowed_origin(kVisitors, origin)) << origin;
}

http::Request request(http::Headers more, std::string method = "GET") {
  http::Request request{std::move(method), "/", {{"Host", "localhost:4566"}}};
  for (const auto& [name, value] : more) request.headers.add(name, value);
  return request;
}

TEST(Visitors, WhatABrowserSays) {
  EXPECT_FALSE(reason_to_refuse(kVisitors, request({})));
  EXPECT_FALSE(reason_to_refuse(kVisitors, request({{"Sec-Fetch-Site", "none"}})));
  EXPECT_FALSE(
      reason_to_refuse(kVisitors, request({{"Sec-Fetch-Site", "same-site"}, {"Origin", "http://localhost:1"}})));
  EXPECT_FALSE(
      reason_to_refuse(kVisitors, request({{"Sec-Fetch-Site", "cross-site"}, {"Origin", "https://app.example.org"}})));
  EXPECT_TRUE(reason_to_refuse(kVisitors, request({{"Sec-Fetch-Site", "cross-site"}})));
  EXPECT_TRUE(reason_to_refuse(kVisitors, request({{"Origin", "null"}})));
  EXPECT_TRUE(reason_to_refuse(kVisitors, request({{"Host", "localhost"}})));  // two
  EXPECT_TRUE(reason_to_refuse(kVisitors, {"GET", "/"}));                      // none
}

TEST(Visitors, OnlyGivenOriginsMayReadAnswers) {
  const auto ask = [](std::string origin) {
    return answer_preflight(kVisitors, request({{"Origin", std::move(origin)},
                                                {"Access-Control-Request-Method", "PUT"},
                                                {"Access-Control-Request-Headers", "authorization,x-amz-date"}},
                                               "OPTIONS"));
  };
  const auto allowed = ask("https://app.example.org");
  ASSERT_TRUE(allowed);
  EXPECT_EQ(allowed->headers.get("Access-Control-Allow-Origin"), "https://app.example.org");
  EXPECT_EQ(allowed->headers.get("Access-Control-Allow-Headers"), "authorization,x-amz-date");
  EXPECT_FALSE(ask("http://localhost:3000"));
  EXPECT_FALSE(ask("https://evil.org"));
  http::Headers headers;
  add_cors_headers(kVisitors, "http://localhost:3000", headers);
  EXPECT_EQ(headers.size(), 0u);
  add_cors_headers(kVisitors, "https://app.example.org", headers);
  EXPECT_TRUE(headers.has("Access-Control-Allow-Origin"));
}

}  // namespace
}  // namespace ads::cloud
