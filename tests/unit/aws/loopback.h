// A server in the test's own process, and a way to run a coroutine to its end.
#pragma once
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <deque>
#include <exception>
#include <functional>
#include <optional>
#include <stdexcept>

#include "http/server.h"

namespace ads::aws {

// Runs the task on the context until it has a value. An exception of the task is the test's.
template <class T>
T run(asio::io_context& io, Task<T> task) {
  std::optional<T> out;
  std::exception_ptr failure;
  asio::co_spawn(io, std::move(task), [&](std::exception_ptr exception, T value) {
    failure = exception;
    out.emplace(std::move(value));
  });
  io.restart();
  while (!out && io.run_one() > 0) {
  }
  if (failure) std::rethrow_exception(failure);
  if (!out) throw std::runtime_error("the task never ended");
  return std::move(*out);
}

// Answers each request with the next scripted reply, and remembers the requests.
class Scripted {
 public:
  explicit Scripted(asio::io_context& io)
      : io_(io), server_(io.get_executor(), [this](http::IncomingRequest& incoming) -> Task<http::Reply> {
          auto body = co_await incoming.body.read_all(1 << 20);
          http::Request request = incoming.head;
          request.body = body ? *body : "";
          requests.push_back(std::move(request));
          if (replies.empty()) co_return http::Reply{500, {}, std::string("nothing scripted")};
          auto reply = std::move(replies.front());
          replies.pop_front();
          co_return reply;
        }) {
    port_ = server_.listen("127.0.0.1", 0).value();
  }
  ~Scripted() {
    run(io_, [](http::Server& server) -> Task<bool> {
      co_await server.stop(std::chrono::milliseconds(0));
      co_return true;
    }(server_));
  }

  Scripted& reply(int status, std::string body, http::Headers headers = {}) {
    replies.push_back({status, std::move(headers), std::move(body)});
    return *this;
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

  std::vector<http::Request> requests;
  std::deque<http::Reply> replies;

 private:
  asio::io_context& io_;
  http::Server server_;
  std::uint16_t port_ = 0;
};

}  // namespace ads::aws
