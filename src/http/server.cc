#include "http/server.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <list>

#include "base/log.h"
#include "http/connection.h"

namespace ads::http {

namespace {
using Clock = std::chrono::steady_clock;
constexpr auto kSweepEvery = std::chrono::milliseconds(500);
}  // namespace

struct Server::State : std::enable_shared_from_this<Server::State> {
  State(asio::any_io_executor e, Handler h, ServerLimits l)
      : executor(e), handler(std::move(h)), limits(l), acceptor(e), sweep_timer(e), changed(e) {}

  asio::any_io_executor executor;
  Handler handler;
  ServerLimits limits;
  asio::ip::tcp::acceptor acceptor;
  asio::steady_timer sweep_timer;
  Bell changed;  // a connection ended
  std::list<Connection*> connections;
  bool is_stopping = false;
  std::size_t running = 0;  // the accept and sweep loops

  Task<void> accept() {
    while (!is_stopping) {
      if (connections.size() >= limits.connections) {
        // Connections that were opened and left must not lock others out.
        close_longest_idle();
        co_await changed.wait_until(Clock::now() + std::chrono::milliseconds(100));
        continue;
      }
      boost::system::error_code error;
      auto socket = co_await acceptor.async_accept(asio::redirect_error(asio::use_awaitable, error));
      if (is_stopping) break;
      if (error) {
        // Out of descriptors, or the peer was gone already: neither ends the server.
        log(LogLevel::warning, "a connection was not accepted", {{"error", error.message()}});
        if (error == asio::error::no_descriptors) close_longest_idle();
        asio::steady_timer pause(executor, std::chrono::milliseconds(50));
        co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, error));
        continue;
      }
      socket.set_option(asio::ip::tcp::no_delay(true), error);
      asio::co_spawn(executor, serve(std::move(socket)), [self = shared_from_this()](std::exception_ptr) {});
    }
    --running;
    changed.ring_all();
  }

  // One that waits for its client: between requests, or in the middle of a head or a body.
  void close_longest_idle() {
    Connection* oldest = nullptr;
    for (Connection* connection : connections)
      if (connection->waits_for_client() &&
          (oldest == nullptr || connection->last_activity() < oldest->last_activity()))
        oldest = connection;
    if (oldest != nullptr) oldest->close();
  }

  Task<void> serve(asio::ip::tcp::socket socket) {
    auto self = shared_from_this();
    Connection connection(std::move(socket), handler, limits);
    auto place = connections.insert(connections.end(), &connection);
    try {
      co_await connection.run();
    } catch (const std::exception& error) {  // it must leave the list even so: the sweep looks at everything there
      log(LogLevel::error, "a connection failed", {{"error", error.what()}});
    }
    connections.erase(place);
    changed.ring_all();
  }

  // One coarse sweep instead of a timer per request: a timer costs more than the request.
  Task<void> sweep() {
    while (!is_stopping) {
      boost::system::error_code error;
      sweep_timer.expires_after(kSweepEvery);
      co_await sweep_timer.async_wait(asio::redirect_error(asio::use_awaitable, error));
      auto oldest = Clock::now() - limits.idle;
      for (Connection* connection : connections) connection->close_if_idle_since(oldest);
    }
    --running;
    changed.ring_all();
  }
};

Server::Server(asio::any_io_executor executor, Handler handler, ServerLimits limits)
    : state_(std::make_shared<State>(std::move(executor), std::move(handler), limits)) {}

Server::~Server() {
  boost::system::error_code ignored;
  state_->is_stopping = true;
  state_->acceptor.close(ignored);
  state_->sweep_timer.cancel();
  for (Connection* connection : state_->connections) connection->close();
}

Result<std::uint16_t> Server::listen(const std::string& address, std::uint16_t port) {
  boost::system::error_code error;
  auto where = asio::ip::make_address(address, error);
  if (error) return fail(ErrorKind::invalid, "InvalidAddress", "'" + address + "' is not an IP address");
  asio::ip::tcp::endpoint endpoint(where, port);
  auto& acceptor = state_->acceptor;
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
  // A child process must not inherit the port.
  if (!error) ::fcntl(acceptor.native_handle(), F_SETFD, FD_CLOEXEC);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) {
    acceptor.close();
    return fail(ErrorKind::unavailable, error == asio::error::address_in_use ? "AddressInUse" : "ListenFailed",
                "cannot listen on " + address + ":" + std::to_string(port) + ": " + error.message());
  }
  state_->running = 2;
  asio::co_spawn(state_->executor, state_->accept(), [self = state_](std::exception_ptr) {});
  asio::co_spawn(state_->executor, state_->sweep(), [self = state_](std::exception_ptr) {});
  return acceptor.local_endpoint().port();
}

Task<void> Server::stop(std::chrono::milliseconds grace) {
  auto state = state_;
  boost::system::error_code ignored;
  state->is_stopping = true;
  state->acceptor.close(ignored);
  state->sweep_timer.cancel();
  state->changed.ring_all();
  for (Connection* connection : state->connections) connection->close_when_idle();
  auto end = Clock::now() + grace;
  while (!state->connections.empty() && Clock::now() < end) co_await state->changed.wait_until(end);
  for (Connection* connection : state->connections) connection->close();
  while (!state->connections.empty() || state->running > 0)
    co_await state->changed.wait_until(Clock::now() + std::chrono::seconds(1));
}

std::uint64_t Server::open_connections() const {
  return state_->connections.size();
}

Task<Result<std::string>> IncomingBody::read_all(std::size_t limit) {
  std::string out;
  auto too_large = [&] {
    return fail(ErrorKind::invalid, "RequestBodyTooLarge",
                "the request's body is larger than " + std::to_string(limit) + " bytes");
  };
  if (auto length = declared_length()) {
    if (*length > limit) co_return too_large();
    if (*length <= 64 * 1024) out.reserve(*length);
  }
  // Room grows with what has come, not with what was promised: a thousand idle uploads must not cost their full size.
  constexpr std::size_t kLeast = 16 * 1024, kMost = 1024 * 1024;
  for (;;) {
    std::size_t used = out.size();
    std::size_t wanted = std::clamp(used, kLeast, kMost);
    if (auto length = declared_length()) wanted = std::min<std::size_t>(wanted, *length - used);
    if (wanted == 0) co_return out;
    out.resize(used + wanted);
    auto got = co_await read_some(out.data() + used, wanted);
    if (!got) co_return fail(got.error());
    out.resize(used + *got);
    if (*got == 0) co_return out;
    if (out.size() > limit) co_return too_large();
  }
}

}  // namespace ads::http
