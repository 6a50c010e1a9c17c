#include <fcntl.h>
#include <gtest/gtest.h>

#include <boost/asio/read.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/write.hpp>
#include <filesystem>
#include <fstream>

#include "base/ids.h"
#include "http/client.h"
#include "http/server.h"
#include "run_task.h"

namespace ads::http {
namespace {

using namespace std::chrono_literals;
using tcp = asio::ip::tcp;

// A server on a free port, and a client; each test gives the handler.
struct Pair {
  explicit Pair(Handler handler, ServerLimits limits = {}) : server(io.get_executor(), std::move(handler), limits) {
    auto port = server.listen("127.0.0.1", 0);
    EXPECT_TRUE(port);
    origin = {"http", "127.0.0.1", port.value_or(0)};
  }
  Result<Response> send(Request request, std::chrono::milliseconds timeout = 5s) {
    return testing::run(io, client.send(origin, request, timeout));
  }
  // Raw bytes in, everything until the server closes out.
  std::string talk(std::string text, bool half_close = true) {
    return testing::run(io, [](Pair& pair, std::string text, bool half_close) -> Task<std::string> {
      tcp::socket socket(pair.io);
      co_await socket.async_connect({asio::ip::make_address("127.0.0.1"), pair.origin.port}, asio::use_awaitable);
      boost::system::error_code error;
      co_await asio::async_write(socket, asio::buffer(text), asio::redirect_error(asio::use_awaitable, error));
      if (half_close) socket.shutdown(tcp::socket::shutdown_send, error);
      std::string answer;
      co_await asio::async_read(socket, asio::dynamic_buffer(answer), asio::redirect_error(asio::use_awaitable, error));
      co_return answer;
    }(*this, std::move(text), half_close));
  }

  asio::io_context io{1};
  Server server;
  Client client{io.get_executor()};
  Origin origin;
};

Task<Reply> echo(IncomingRequest& request) {
  auto body = co_await request.body.read_all(1 << 20);
  if (!body) co_return Reply{body.error().code == "RequestBodyTooLarge" ? 413 : 400, {}, body.error().message};
  Reply reply{200, {{"X-Method", request.head.method}, {"X-Target", request.head.target}}};
  reply.body = std::move(*body);
  co_return reply;
}

TEST(Http, SendsAndAnswers) {
  Pair pair(echo);
  auto response = pair.send({"POST", "/a%20b?x=1", {{"X-One", "1"}}, "hello"});
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(response->body, "hello");
  EXPECT_EQ(response->headers.get("x-target"), "/a%20b?x=1");
  EXPECT_EQ(pair.send({"HEAD", "/"})->body, "");
}

TEST(Http, KeepsTheConnection) {
  Pair pair(echo);
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(pair.send({"PUT", "/", {}, std::string(100'000, 'x')}));
  EXPECT_EQ(pair.server.open_connections(), 1u);
}

TEST(Http, ReadsChunkedBodies) {
  Pair pair(echo);
  std::string answer = pair.talk(
      "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: "
      "close\r\n\r\n5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n");
  EXPECT_TRUE(answer.ends_with("\r\n\r\nhello!")) << answer;
}

TEST(Http, SaysContinueToThoseWhoWait) {
  Pair pair(echo);
  std::string answer = pair.talk(
      "PUT / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi");
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n")) << answer;
}

TEST(Http, RefusesMalformedRequestsAndGoesOn) {
  Pair pair(echo, {.header_bytes = 8192});
  struct Case {
    const char* name;
    std::string text, start;
  };
  for (const Case& c :
       {Case{"garbage", "\x16\x03\x01\x02\r\n\r\n", "HTTP/1.1 400"},
        Case{"no version", "GET /\r\n\r\n", "HTTP/1.1 400"},
        Case{"huge header", "GET / HTTP/1.1\r\nX: " + std::string(100'000, 'a') + "\r\n\r\n", "HTTP/1.1 431"},
        Case{"cut header", "GET / HTTP/1.1\r\nHo", ""},
        Case{"cut body", "PUT / HTTP/1.1\r\nContent-Length: 10\r\n\r\nabc", "HTTP/1.1 400"},
        Case{"bad chunk", "PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "HTTP/1.1 400"}}) {
    std::string answer = pair.talk(c.text);
    EXPECT_TRUE(c.start.empty() ? answer.empty() || answer.starts_with("HTTP/1.1 400") : answer.starts_with(c.start))
        << c.name << ": " << answer;
  }
  EXPECT_TRUE(pair.send({"GET", "/"}));
}

TEST(Http, LimitsBodies) {
  Pair pair(echo);
  auto response = pair.send({"PUT", "/", {}, std::string((1 << 20) + 1, 'x')});
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->status, 413);
}

TEST(Http, SendsSlicesOfFiles) {
  std::string path = std::filesystem::temp_directory_path() / ("slice-" + random_hex(8));
  std::string content = random_bytes(3'000'000);
  std::ofstream(path, std::ios::binary) << content;
  auto file = std::make_shared<OpenFile>(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::filesystem::remove(path);
  Pair pair([file](IncomingRequest&) -> Task<Reply> {
    co_return Reply{200, {}, std::vector<FileSlice>{{file, 1'000'000, 2'000'000}, {file, 0, 10}}};
  });
  auto response = pair.send({"GET", "/"});
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->body, content.substr(1'000'000) + content.substr(0, 10));
}

TEST(Http, AnExceptionIsA500WithoutDetail) {
  Pair pair([](IncomingRequest&) -> Task<Reply> {
    throw std::runtime_error("secret");
    co_return Reply{};
  });
  auto response = pair.send({"GET", "/"});
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 500);
  EXPECT_EQ(response->body, "");
}

TEST(Http, IdleConnectionsAreClosed) {
  Pair pair(echo, {.idle = 1s});
  std::string answer = pair.talk("GET / HTTP/1.1\r\nHost: x\r\n\r\n", false);
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 200")) << answer;  // and then the end, or this test would hang
}

TEST(Http, ATimeoutEndsTheRequestAlone) {
  Pair pair([](IncomingRequest& request) -> Task<Reply> {
    if (request.head.target == "/slow") co_await sleep_for(500ms);
    co_return Reply{200};
  });
  auto slow = pair.send({"GET", "/slow"}, 30ms);
  ASSERT_FALSE(slow);
  EXPECT_EQ(slow.error().code, "Timeout");
  EXPECT_TRUE(pair.send({"GET", "/"}));
}

TEST(Http, AStaleConnectionIsReplaced) {
  auto first = std::make_unique<Pair>(echo);
  ASSERT_TRUE(first->send({"GET", "/"}));
  testing::run(first->io, first->server.stop(100ms));
  Server again(first->io.get_executor(), echo);
  ASSERT_TRUE(again.listen("127.0.0.1", first->origin.port));
  auto response = first->send({"GET", "/again"});
  ASSERT_TRUE(response) << response.error().message;
  testing::run(first->io, again.stop(100ms));
}

TEST(Http, NobodyListens) {
  asio::io_context io(1);
  Client client(io.get_executor());
  auto response = testing::run(io, client.send({"http", "127.0.0.1", 1}, {"GET", "/"}, 2s));
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, "ConnectFailed");
  EXPECT_EQ(response.error().kind, ErrorKind::unavailable);
}

TEST(Http, StopLetsRequestsFinish) {
  Pair pair([](IncomingRequest&) -> Task<Reply> {
    co_await sleep_for(50ms);
    co_return Reply{200, {}, std::string("done")};
  });
  testing::run(pair.io, [](Pair& pair) -> Task<void> {
    TaskGroup group(pair.io.get_executor());
    std::optional<Result<Response>> response;
    group.spawn("request", [](Pair& pair, std::optional<Result<Response>>& response) -> Task<void> {
      response = co_await pair.client.send(pair.origin, {"GET", "/"}, 5s);
    }(pair, response));
    co_await sleep_for(10ms);
    co_await pair.server.stop(1s);
    co_await group.drain();
    EXPECT_TRUE(response && *response);
    EXPECT_EQ(pair.server.open_connections(), 0u);
  }(pair));
}

TEST(Url, ReadsOrigins) {
  struct Case {
    const char *text, *authority, *path;
  };
  for (Case c : {Case{"http://127.0.0.1:4566", "127.0.0.1:4566", ""},
                 Case{"https://s3.eu-west-1.amazonaws.com/", "s3.eu-west-1.amazonaws.com", ""},
                 Case{"http://[::1]:80/base/", "[::1]", "/base"}}) {
    auto url = parse_url(c.text);
    ASSERT_TRUE(url) << c.text;
    EXPECT_EQ(url->origin.authority(), c.authority);
    EXPECT_EQ(url->path, c.path);
  }
  for (const char* bad : {"", "ftp://x", "http://", "127.0.0.1:4566", "http://x:0", "http://x:99999"})
    EXPECT_FALSE(parse_url(bad)) << bad;
}

TEST(Headers, CompareWithoutCase) {
  Headers headers{{"Content-Type", "a"}, {"X-Two", "1"}};
  headers.add("x-two", "2");
  EXPECT_EQ(headers.get("content-TYPE"), "a");
  EXPECT_EQ(headers.get("X-TWO"), "1");
  headers.set("X-Two", "3");
  EXPECT_EQ(headers.size(), 2u);
  EXPECT_EQ(headers.get_or("absent", "x"), "x");
}

TEST(Query, Parameters) {
  EXPECT_EQ(query_parameter("a=1&b&c=%20+", "c"), " +");
  EXPECT_EQ(query_parameter("a=1&b&c=%20+", "b"), "");
  EXPECT_EQ(query_parameter("a=1", "z"), std::nullopt);
}

}  // namespace
}  // namespace ads::http
