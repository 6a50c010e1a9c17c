// An HTTP/1.1 client: a pool of kept-alive connections per origin, verified TLS, one deadline per request.
#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <memory>
#include <string>

#include "base/result.h"
#include "base/task.h"
#include "http/message.h"

namespace ads::http {

// Where to connect. `host` may be a name, an IPv4 or an IPv6 address without brackets.
struct Origin {
  std::string scheme = "https";  // "http" | "https"
  std::string host;
  std::uint16_t port = 443;

  auto operator<=>(const Origin&) const = default;
  // "example.com", "127.0.0.1:4566": the Host header, with the port unless it is the scheme's own.
  std::string authority() const;
};

// "http://127.0.0.1:4566", with or without a path (returned separately, without a last slash).
struct Url {
  Origin origin;
  std::string path;  // "" or "/base"
};
Result<Url> parse_url(std::string_view text);

struct ClientOptions {
  std::size_t connections_per_origin = 64;  // further requests wait for one
  std::chrono::milliseconds connect_timeout{5000};
  std::chrono::seconds idle{20};           // an idle connection older than this is not used again
  std::size_t response_bytes = 64u << 20;  // Errors past it
  std::string ca_file;  // empty: AWS_CA_BUNDLE, SSL_CERT_FILE, then the usual places of Linux distributions
};

class Client {
 public:
  explicit Client(asio::any_io_executor executor, ClientOptions options = {});
  ~Client();

  // Sends and reads the whole answer; any HTTP status is a success here. Adds Host and Content-Length where absent.
  // A kept connection that the server closed before a byte of the answer arrived is replaced once by a new one.
  // Errors: unavailable / "ConnectFailed", "NameNotFound", "ConnectionLost", "Timeout", "TlsFailed",
  // "ResponseTooLarge"; denied / "TlsFailed", where the certificate is not trusted; the message names the origin.
  Task<Result<Response>> send(const Origin& origin, const Request& request, std::chrono::milliseconds timeout);

  // Closes idle connections.
  void close_idle();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace ads::http
