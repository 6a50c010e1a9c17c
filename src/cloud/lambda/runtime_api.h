// Lambda's Runtime API, version 2018-06-01, for one sandbox, on a loopback port of its own.
// Source: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
#pragma once
#include <string>

#include "base/result.h"
#include "cloud/lambda/invocation.h"
#include "http/server.h"

namespace ads::cloud::lambda {

inline constexpr std::size_t kResponseLimit = 6'291'556;  // bytes: 6 MB and a little, as AWS says in its message

// What the process said: a response, or an error with its type.
struct Answer {
  std::string payload;
  std::string error_type;  // empty for a response
};

// The sandbox, as its process sees it.
class RuntimeHost {
 public:
  virtual ~RuntimeHost() = default;
  // Waits for the next event; null when the sandbox ends or the process asked again meanwhile.
  virtual Task<const Invocation*> next() = 0;
  // False where `request_id` is not the invocation in work.
  virtual bool answer(const std::string& request_id, Answer answer) = 0;
  virtual void init_failed(Answer answer) = 0;
};

class RuntimeApi {
 public:
  RuntimeApi(asio::any_io_executor executor, RuntimeHost& host);
  // Errors: unavailable.
  Result<std::uint16_t> listen() { return server_.listen("127.0.0.1", 0); }
  // The host must have ended its next() calls.
  Task<void> stop() { return server_.stop(std::chrono::milliseconds(0)); }

 private:
  Task<http::Reply> handle(http::IncomingRequest& request);
  Task<http::Reply> next();
  Task<http::Reply> take_answer(http::IncomingRequest& request, std::string request_id, std::string kind);
  Task<http::Reply> take_init_error(http::IncomingRequest& request);

  RuntimeHost& host_;
  http::Server server_;
};

}  // namespace ads::cloud::lambda
