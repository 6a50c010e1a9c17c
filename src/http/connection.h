// One server connection: requests in, replies out, until either side ends it. Private to src/http.
#pragma once
#include <boost/asio/ip/tcp.hpp>
#include <chrono>

#include "http/server.h"

namespace ads::http {

class Connection {
 public:
  Connection(asio::ip::tcp::socket socket, const Handler& handler, const ServerLimits& limits);
  ~Connection();

  Task<void> run();
  void close();            // now, in the middle of whatever it does
  void close_when_idle();  // after the request in work, at once where there is none
  void close_if_idle_since(std::chrono::steady_clock::time_point oldest);
  bool waits_for_client() const;  // between two requests, or in the middle of a head or a body
  std::chrono::steady_clock::time_point last_activity() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ads::http
