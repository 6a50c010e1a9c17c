// An HTTP/1.1 server: keep-alive, streaming bodies in both directions, every size and every wait bounded.
#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "base/task.h"
#include "http/message.h"

namespace ads::http {

// A request's body, still on the wire. A handler that leaves some unread costs the client its connection, nothing else.
class IncomingBody {
 public:
  virtual ~IncomingBody() = default;
  // Up to `capacity` bytes into `buffer`; 0 at the end. Errors: unavailable (the client went away or stalled),
  // invalid (broken chunk framing). The first call sends "100 Continue" where the client waits for it.
  virtual Task<Result<std::size_t>> read_some(char* buffer, std::size_t capacity) = 0;
  // Everything. Errors: as above, and invalid / "RequestBodyTooLarge" past `limit` bytes.
  Task<Result<std::string>> read_all(std::size_t limit);
  // Content-Length, where the client sent one.
  virtual std::optional<std::uint64_t> declared_length() const = 0;
};

struct IncomingRequest {
  Request head;  // its body is empty: read `body`
  IncomingBody& body;
  std::string remote_address;  // "127.0.0.1:51234"
};

// Answers one request. An exception becomes a 500 with no detail, is logged, and closes the connection.
using Handler = std::function<Task<Reply>(IncomingRequest&)>;

struct ServerLimits {
  std::size_t header_bytes = 64 * 1024;                   // 431 past it
  std::size_t connections = 10'000;                       // accepting pauses past it
  std::chrono::seconds idle = std::chrono::seconds(120);  // no byte either way: closed
};

class Server {
 public:
  Server(asio::any_io_executor executor, Handler handler, ServerLimits limits = {});
  ~Server();

  // Binds and starts to accept; port 0 takes a free one. Returns the port. Errors: unavailable / "AddressInUse".
  Result<std::uint16_t> listen(const std::string& address, std::uint16_t port);
  // Stops accepting, ends idle connections, lets requests in work finish for up to `grace`, then waits for the rest to
  // end.
  Task<void> stop(std::chrono::milliseconds grace = std::chrono::milliseconds(1000));
  std::uint64_t open_connections() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace ads::http
