#include "http/client.h"

#include <fmt/core.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <deque>
#include <map>

#include "http/tls.h"

namespace ads::http {
namespace {

namespace beast = boost::beast;
namespace ssl = asio::ssl;
using boost::system::error_code;
using tcp = asio::ip::tcp;
using Steady = std::chrono::steady_clock;
using Parser = beast::http::response_parser<beast::http::string_body>;

auto into(error_code& error) {
  return asio::redirect_error(asio::use_awaitable, error);
}

// One kept connection. A deadline closes its socket, which ends whatever waits on it.
struct Link {
  explicit Link(const asio::any_io_executor& executor) : plain(executor), deadline(executor) {}

  tcp::socket plain;
  std::unique_ptr<ssl::stream<tcp::socket&>> tls;
  asio::steady_timer deadline;
  beast::flat_buffer buffer;
  Steady::time_point idle_since;
  bool is_used = false;  // carried a request before
  bool is_late = false;

  void close() {
    error_code ignored;
    plain.close(ignored);
  }
};
using LinkPtr = std::shared_ptr<Link>;

// Closes the link when the time is up; disarmed by the destructor.
class Deadline {
 public:
  Deadline(const LinkPtr& link, Steady::time_point until) : link_(link) {
    link->is_late = false;
    link->deadline.expires_at(until);
    link->deadline.async_wait([weak = std::weak_ptr(link), until](error_code error) {
      auto link = weak.lock();
      // A timer that fired while a later one was armed belongs to a request that has ended.
      if (error || !link || link->deadline.expiry() != until) return;
      link->is_late = true;
      link->close();
    });
  }
  ~Deadline() { link_->deadline.expires_at(Steady::time_point::max()); }

 private:
  LinkPtr link_;
};

std::string write_head(const Origin& origin, const Request& request) {
  std::string head = request.method + " " + request.target + " HTTP/1.1\r\n";
  if (!request.headers.has("Host")) head += "Host: " + origin.authority() + "\r\n";
  for (const auto& [name, value] : request.headers) {
    head += name;
    head += ": ";
    for (char c : value) head += c == '\r' || c == '\n' ? ' ' : c;
    head += "\r\n";
  }
  bool may_have_body = request.method != "GET" && request.method != "HEAD" && request.method != "DELETE";
  if (!request.headers.has("Content-Length") && (may_have_body || !request.body.empty()))
    head += "Content-Length: " + std::to_string(request.body.size()) + "\r\n";
  head += "\r\n";
  return head;
}

// Sends the request and reads the answer into `parser`. "100 Continue" and the like come before it and are passed over.
template <class Stream>
Task<error_code> exchange(Stream& stream, Link& link, const Origin& origin, const Request& request,
                          std::size_t response_bytes, std::optional<Parser>& parser) {
  error_code error;
  std::string head = write_head(origin, request);
  std::array<asio::const_buffer, 2> buffers{asio::buffer(head), asio::buffer(request.body)};
  co_await asio::async_write(stream, buffers, into(error));
  while (!error) {
    parser.emplace();
    parser->body_limit(response_bytes);
    if (request.method == "HEAD") parser->skip(true);
    co_await beast::http::async_read_header(stream, link.buffer, *parser, into(error));
    if (error || parser->get().result_int() >= 200) break;
  }
  if (!error && !parser->is_done()) co_await beast::http::async_read(stream, link.buffer, *parser, into(error));
  co_return error;
}

}  // namespace

struct Client::State : std::enable_shared_from_this<Client::State> {
  State(asio::any_io_executor e, ClientOptions o) : executor(e), options(std::move(o)) {}

  struct Pool {
    explicit Pool(const asio::any_io_executor& executor) : freed(executor) {}
    std::deque<LinkPtr> idle;
    std::size_t open = 0;
    Bell freed;
  };

  asio::any_io_executor executor;
  ClientOptions options;
  std::map<Origin, Pool> pools;
  std::shared_ptr<ssl::context> tls;

  Pool& pool_of(const Origin& origin) { return pools.try_emplace(origin, executor).first->second; }

  Task<Result<LinkPtr>> take(Origin origin, Steady::time_point until);
  Task<Result<LinkPtr>> connect(Origin origin, Steady::time_point until);
  void give_back(const Origin& origin, LinkPtr link, bool is_reusable);
  Task<Result<Response>> attempt(const Origin& origin, const Request& request, LinkPtr link, Steady::time_point until,
                                 bool& may_retry);
};

Task<Result<LinkPtr>> Client::State::take(Origin origin, Steady::time_point until) {
  Pool& pool = pool_of(origin);
  for (;;) {
    while (!pool.idle.empty()) {
      LinkPtr link = std::move(pool.idle.back());
      pool.idle.pop_back();
      if (link->plain.is_open() && Steady::now() - link->idle_since < options.idle) co_return link;
      --pool.open;
    }
    if (pool.open < options.connections_per_origin) break;
    if (!co_await pool.freed.wait_until(until))
      co_return fail(ErrorKind::unavailable, "Timeout", "no free connection to " + origin.authority() + " in time");
  }
  ++pool.open;
  std::optional<Result<LinkPtr>> link;
  std::exception_ptr cancelled;
  try {
    link = co_await connect(origin, until);
  } catch (...) {
    cancelled = std::current_exception();
  }
  if (!link || !*link) {  // whatever ended the connecting, the pool's count stays true
    --pool.open;
    pool.freed.ring_one();
  }
  if (cancelled) std::rethrow_exception(cancelled);
  co_return std::move(*link);
}

Task<Result<LinkPtr>> Client::State::connect(Origin origin, Steady::time_point until) {
  auto link = std::make_shared<Link>(executor);
  error_code error;
  Deadline deadline(link, std::min(until, Steady::now() + options.connect_timeout));
  auto failed = [&](std::string code, const std::string& what) {
    return fail(
        ErrorKind::unavailable, link->is_late ? "Timeout" : std::move(code),
        fmt::format("cannot connect to {}: {}", origin.authority(), link->is_late ? "no answer in time" : what));
  };
  if (auto address = asio::ip::make_address(origin.host, error); !error) {
    co_await link->plain.async_connect({address, origin.port}, into(error));
  } else {
    tcp::resolver resolver(executor);
    auto found = co_await resolver.async_resolve(origin.host, std::to_string(origin.port), into(error));
    if (error) co_return failed("NameNotFound", "the name does not resolve: " + error.message());
    co_await asio::async_connect(link->plain, found, into(error));
  }
  if (error) co_return failed("ConnectFailed", error.message());
  link->plain.set_option(tcp::no_delay(true), error);
  if (origin.scheme == "https") {
    if (!tls) {
      auto made = make_tls_context(options.ca_file);
      if (!made) co_return fail(made.error());
      tls = *made;
    }
    link->tls = std::make_unique<ssl::stream<tcp::socket&>>(link->plain, *tls);
    SSL_set_tlsext_host_name(link->tls->native_handle(), origin.host.c_str());
    link->tls->set_verify_callback(ssl::host_name_verification(origin.host), error);
    co_await link->tls->async_handshake(ssl::stream_base::client, into(error));
    if (error) {
      // "certificate verify failed" alone tells nobody whether the name, the date or the authority is wrong.
      long verdict = SSL_get_verify_result(link->tls->native_handle());
      std::string why = "TLS: " + error.message();
      if (verdict == X509_V_ERR_UNSPECIFIED)  // our own callback's no
        why += fmt::format(": the certificate is for another name than {}", origin.host);
      else if (verdict != X509_V_OK)
        why += fmt::format(": {}; trusted are the authorities in {}", X509_verify_cert_error_string(verdict),
                           find_ca_file(options.ca_file).value());
      auto refused = failed("TlsFailed", why);
      // A certificate that is not trusted stays so until a person acts: nobody should try again.
      if (verdict != X509_V_OK) refused.error().kind = ErrorKind::denied;
      co_return refused;
    }
  }
  co_return link;
}

void Client::State::give_back(const Origin& origin, LinkPtr link, bool is_reusable) {
  Pool& pool = pool_of(origin);
  if (is_reusable) {
    link->idle_since = Steady::now();
    pool.idle.push_back(std::move(link));
  } else {
    link->close();
    --pool.open;
  }
  pool.freed.ring_one();
}

Task<Result<Response>> Client::State::attempt(const Origin& origin, const Request& request, LinkPtr link,
                                              Steady::time_point until, bool& may_retry) {
  // Whatever ends this coroutine, the pool's count stays true.
  struct Return {
    State& state;
    const Origin& origin;
    LinkPtr link;
    bool is_reusable = false;
    ~Return() { state.give_back(origin, std::move(link), is_reusable); }
  } back{*this, origin, link};

  std::optional<Parser> parser;
  error_code error;
  {
    Deadline deadline(link, until);
    error = link->tls ? co_await exchange(*link->tls, *link, origin, request, options.response_bytes, parser)
                      : co_await exchange(link->plain, *link, origin, request, options.response_bytes, parser);
  }
  bool was_used = std::exchange(link->is_used, true);
  if (error) {
    may_retry = was_used && !link->is_late && !(parser && parser->got_some());
    if (link->is_late)
      co_return fail(ErrorKind::unavailable, "Timeout", "no answer from " + origin.authority() + " in time");
    if (error == beast::http::error::body_limit)
      co_return fail(
          ErrorKind::unavailable, "ResponseTooLarge",
          fmt::format("the answer of {} is larger than {} bytes", origin.authority(), options.response_bytes));
    co_return fail(ErrorKind::unavailable, "ConnectionLost",
                   fmt::format("the connection to {} was lost: {}", origin.authority(), error.message()));
  }
  back.is_reusable = parser->keep_alive();
  Response response;
  auto& message = parser->get();
  response.status = static_cast<int>(message.result_int());
  for (const auto& field : message)
    response.headers.add({field.name_string().data(), field.name_string().size()},
                         {field.value().data(), field.value().size()});
  response.body = std::move(message.body());
  co_return response;
}

Client::Client(asio::any_io_executor executor, ClientOptions options)
    : state_(std::make_shared<State>(std::move(executor), std::move(options))) {}

Client::~Client() {
  close_idle();
}

void Client::close_idle() {
  for (auto& [origin, pool] : state_->pools) {
    pool.open -= pool.idle.size();
    pool.idle.clear();
    pool.freed.ring_all();
  }
}

Task<Result<Response>> Client::send(const Origin& origin, const Request& request, std::chrono::milliseconds timeout) {
  auto state = state_;
  auto until = Steady::now() + timeout;
  for (;;) {
    auto link = co_await state->take(origin, until);
    if (!link) co_return fail(link.error());
    bool may_retry = false;
    auto response = co_await state->attempt(origin, request, std::move(*link), until, may_retry);
    // Every kept connection may have gone stale at once (the server restarted): each costs one turn, a new one ends it.
    if (response || !may_retry) co_return response;
  }
}

}  // namespace ads::http
