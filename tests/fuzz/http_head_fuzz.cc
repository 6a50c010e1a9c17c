// libFuzzer: any bytes sent to a server on one connection: it answers in HTTP or hangs up, and the handler sees only
// requests whose parts have no line ends. The next connection is served as ever.
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <thread>

#include "http/server.h"

namespace {

using namespace ads;

Task<http::Reply> answer(http::IncomingRequest& request) {
  for (std::string_view part : {std::string_view(request.head.method), std::string_view(request.head.target)})
    if (part.empty() || part.find_first_of("\r\n") != part.npos) std::abort();
  auto body = co_await request.body.read_all(64 * 1024);
  http::Reply reply{body ? 200 : 400, {}};
  reply.body = "answered";
  co_return reply;
}

// Started once, and left to the process's end.
class RunningServer {
 public:
  RunningServer() : server_(context_.get_executor(), answer, {.header_bytes = 4096, .idle = std::chrono::seconds(60)}) {
    auto port = server_.listen("127.0.0.1", 0);
    if (!port) std::abort();
    port_ = *port;
    std::thread([this] { context_.run(); }).detach();
  }

  std::string exchange(std::string_view bytes) {
    asio::io_context context;
    asio::ip::tcp::socket socket(context);
    boost::system::error_code error;
    // libFuzzer's timer interrupts system calls.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    socket.connect({asio::ip::make_address_v4("127.0.0.1"), port_}, error);
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    if (error) std::abort();
    socket.set_option(asio::socket_base::linger(true, 0), error);  // thousands of ports would be left waiting
    while (!bytes.empty()) {
      bytes.remove_prefix(asio::write(socket, asio::buffer(bytes.data(), bytes.size()), error));
      if (error && error != asio::error::interrupted) break;
    }
    socket.shutdown(asio::socket_base::shutdown_send, error);
    std::string reply;
    do asio::read(socket, asio::dynamic_buffer(reply, 1 << 20), error);
    while (error == asio::error::interrupted);
    return reply;
  }

 private:
  asio::io_context context_{1};
  http::Server server_;
  std::uint16_t port_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static auto& server = *new RunningServer;
  std::string reply = server.exchange({reinterpret_cast<const char*>(data), size});
  if (!reply.empty() && !reply.starts_with("HTTP/1.")) std::abort();
  if (!server.exchange("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").starts_with("HTTP/1.1 200"))
    std::abort();
  return 0;
}
