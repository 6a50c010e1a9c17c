#include "http/connection.h"

#include <sys/sendfile.h>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>

#include "base/clock.h"
#include "base/log.h"

namespace ads::http {
namespace {

namespace beast = boost::beast;
using Parser = beast::http::request_parser<beast::http::buffer_body>;
using Steady = std::chrono::steady_clock;
using boost::system::error_code;

constexpr std::size_t kReadBuffer = 16 * 1024;
// A body that is slower than this, after the time that a connection may be idle, is cut off.
constexpr std::uint64_t kLeastBytesPerSecond = 1024;
constexpr std::size_t kLargestDrain = 256 * 1024;  // an unread rest up to this is swallowed to keep the connection

auto into(error_code& error) {
  return asio::redirect_error(asio::use_awaitable, error);
}

std::string_view view(beast::string_view text) {
  return {text.data(), text.size()};
}

}  // namespace

struct Connection::State {
  State(asio::ip::tcp::socket s, const Handler& h, const ServerLimits& l)
      : socket(std::move(s)), handler(h), limits(l) {}

  asio::ip::tcp::socket socket;
  const Handler& handler;
  const ServerLimits& limits;
  beast::flat_buffer buffer;
  Steady::time_point last_activity = Steady::now();
  bool is_handling = false;       // between the end of a request's header and the end of its reply
  bool waits_for_client = false;  // in the middle of a body, either way
  bool is_closing = false;
  std::string head;  // the reply's header block; kept to reuse its memory

  void touch() { last_activity = Steady::now(); }
  Task<void> send_plain(int status, std::string_view reason);
  Task<error_code> send(const Reply& reply, bool is_head, bool keeps_alive);
  Task<error_code> send_file(const FileSlice& slice);
};

namespace {

class WireBody : public IncomingBody {
 public:
  WireBody(asio::ip::tcp::socket& socket, beast::flat_buffer& buffer, Parser& parser, Steady::time_point& activity,
           bool& waits_for_client, std::chrono::seconds grace)
      : socket_(socket),
        buffer_(buffer),
        parser_(parser),
        activity_(activity),
        waits_for_client_(waits_for_client),
        grace_(grace) {
    expects_continue_ = beast::iequals(parser.get()[beast::http::field::expect], "100-continue");
  }

  Task<Result<std::size_t>> read_some(char* data, std::size_t capacity) override {
    error_code error;
    if (expects_continue_) error = co_await go_on();
    if (error) co_return fail(ErrorKind::unavailable, "ConnectionLost", "the client went away: " + error.message());
    if (parser_.is_done()) co_return std::size_t{0};
    auto& body = parser_.get().body();
    std::size_t got = 0;
    // A chunked body's framing may arrive without any of its bytes: ask again until there are some or the end.
    while (got == 0 && !parser_.is_done()) {
      body.data = data;
      body.size = capacity;
      body.more = true;
      activity_ = Steady::now();
      waits_for_client_ = true;
      co_await beast::http::async_read_some(socket_, buffer_, parser_, into(error));
      waits_for_client_ = false;
      waited_ += Steady::now() - activity_;
      got = capacity - body.size;
      received_ += got;
      if (is_too_slow()) {
        is_broken_ = true;
        co_return fail(ErrorKind::unavailable, "BodyTooSlow", "the body came too slowly and was cut off");
      }
      if (error == beast::http::error::need_buffer) error = {};
      if (error) {
        is_broken_ = true;
        bool is_framing = error.category() == beast::http::make_error_code(beast::http::error::bad_chunk).category() &&
                          error != beast::http::error::end_of_stream && error != beast::http::error::partial_message;
        if (is_framing) co_return fail(ErrorKind::invalid, "MalformedBody", "broken body framing: " + error.message());
        co_return fail(ErrorKind::unavailable, "ConnectionLost", "the client went away: " + error.message());
      }
    }
    co_return got;
  }

  std::optional<std::uint64_t> declared_length() const override {
    if (parser_.chunked()) return std::nullopt;
    auto length = parser_.content_length();
    return length ? *length : std::uint64_t{0};
  }

  // Swallows what the handler left, where that is little and its end is known: a client that was refused early must
  // have its answer without sending the rest. False where the connection cannot be used again.
  Task<bool> drain() {
    // botocore takes a final answer in place of "100 Continue" for the answer to its next request, too, for as long as
    // the connection lasts: it gets the one it waits for, though its body is empty, or loses the connection.
    if (parser_.is_done() && expects_continue_ && co_await go_on()) co_return false;
    if (parser_.is_done()) co_return true;
    auto left = parser_.content_length_remaining();
    if (is_broken_ || expects_continue_ || !left || *left > kLargestDrain) co_return false;
    char scratch[8192];
    while (!parser_.is_done())
      if (auto got = co_await read_some(scratch, sizeof scratch); !got) co_return false;
    co_return true;
  }

 private:
  bool is_too_slow() const {
    const auto time = std::chrono::duration_cast<std::chrono::seconds>(waited_) - grace_;
    return time.count() > 0 && !parser_.is_done() &&
           received_ < static_cast<std::uint64_t>(time.count()) * kLeastBytesPerSecond;
  }

  Task<error_code> go_on() {
    constexpr std::string_view line = "HTTP/1.1 100 Continue\r\n\r\n";
    error_code error;
    expects_continue_ = false;
    co_await asio::async_write(socket_, asio::buffer(line), into(error));
    co_return error;
  }

  asio::ip::tcp::socket& socket_;
  beast::flat_buffer& buffer_;
  Parser& parser_;
  Steady::time_point& activity_;
  bool& waits_for_client_;
  std::chrono::seconds grace_;
  Steady::duration waited_{};  // for the client
  std::uint64_t received_ = 0;
  bool expects_continue_ = false;
  bool is_broken_ = false;
};

std::uint64_t body_length(const Reply& reply) {
  if (auto* text = std::get_if<std::string>(&reply.body)) return text->size();
  std::uint64_t length = 0;
  for (const auto& slice : std::get<std::vector<FileSlice>>(reply.body)) length += slice.length;
  return length;
}

Request take_head(const Parser& parser) {
  const auto& message = parser.get();
  Request head;
  head.method = view(message.method_string());
  head.target = view(message.target());
  for (const auto& field : message) head.headers.add(view(field.name_string()), std::string(view(field.value())));
  return head;
}

bool is_plainly_chunked(const Parser& parser) {
  return parser.chunked() && parser.get().count(beast::http::field::transfer_encoding) == 1 &&
         beast::iequals(parser.get()[beast::http::field::transfer_encoding], "chunked");
}

// RFC 9110: no Content-Length and no body with these.
bool has_no_body(int status) {
  return status == 204 || status == 304 || status < 200;
}

// Date: clients set their clocks for signatures by it. Formatted once a second.
const std::string& date_line() {
  static thread_local std::string line;
  static thread_local std::chrono::sys_seconds of{};
  auto now = system_clock().now();
  if (auto second = std::chrono::floor<std::chrono::seconds>(now); line.empty() || second != of) {
    of = second;
    line = "Date: " + http_date(now) + "\r\n";
  }
  return line;
}

}  // namespace

Task<void> Connection::State::send_plain(int status, std::string_view reason) {
  error_code error;
  std::string text = "HTTP/1.1 " + std::to_string(status) + " " + std::string(reason) +
                     "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
  co_await asio::async_write(socket, asio::buffer(text), into(error));
}

Task<error_code> Connection::State::send(const Reply& reply, bool is_head, bool keeps_alive) {
  head.clear();
  head += "HTTP/1.1 ";
  head += std::to_string(reply.status);
  head += ' ';
  head += reason_phrase(reply.status);
  head += "\r\n";
  for (const auto& [name, value] : reply.headers) {
    head += name;
    head += ": ";
    // A line break in a value would let its author write headers of their own.
    for (char c : value) head += c == '\r' || c == '\n' ? ' ' : c;
    head += "\r\n";
  }
  if (!has_no_body(reply.status) && !reply.headers.has("Content-Length"))
    head += "Content-Length: " + std::to_string(body_length(reply)) + "\r\n";
  if (!reply.headers.has("Date")) head += date_line();
  if (!keeps_alive) head += "Connection: close\r\n";
  head += "\r\n";

  error_code error;
  const auto* text = std::get_if<std::string>(&reply.body);
  bool sends_body = !is_head && !has_no_body(reply.status);
  if (text && sends_body && !text->empty()) {
    std::array<asio::const_buffer, 2> buffers{asio::buffer(head), asio::buffer(*text)};
    co_await asio::async_write(socket, buffers, into(error));
  } else {
    co_await asio::async_write(socket, asio::buffer(head), into(error));
  }
  touch();
  if (!text && sends_body)
    for (const auto& slice : std::get<std::vector<FileSlice>>(reply.body)) {
      if (error) break;
      error = co_await send_file(slice);
    }
  co_return error;
}

Task<error_code> Connection::State::send_file(const FileSlice& slice) {
  error_code error;
  off_t offset = static_cast<off_t>(slice.offset);
  std::uint64_t left = slice.length;
  socket.native_non_blocking(true, error);
  while (left > 0 && !error) {
    // At most 1 MiB a turn, so that one large download does not hold everybody else up.
    ssize_t sent = ::sendfile(socket.native_handle(), slice.file->descriptor(), &offset,
                              static_cast<std::size_t>(std::min<std::uint64_t>(left, 1u << 20)));
    if (sent > 0) {
      left -= static_cast<std::uint64_t>(sent);
      touch();
      co_await asio::post(socket.get_executor(), asio::use_awaitable);
    } else if (sent < 0 && (errno == EAGAIN || errno == EINTR)) {
      co_await socket.async_wait(asio::socket_base::wait_write, into(error));
    } else {
      // The file is shorter than promised: the length is already on the wire, so only closing can tell the client.
      error = sent < 0 ? error_code(errno, boost::system::system_category()) : make_error_code(asio::error::eof);
    }
  }
  co_return error;
}

Connection::Connection(asio::ip::tcp::socket socket, const Handler& handler, const ServerLimits& limits)
    : state_(std::make_unique<State>(std::move(socket), handler, limits)) {}

Connection::~Connection() = default;

void Connection::close() {
  error_code ignored;
  state_->is_closing = true;
  state_->socket.shutdown(asio::socket_base::shutdown_both, ignored);
  state_->socket.close(ignored);
}

void Connection::close_when_idle() {
  state_->is_closing = true;
  if (!state_->is_handling) close();
}

void Connection::close_if_idle_since(Steady::time_point oldest) {
  // A handler may rightly take long (a long poll, an invocation); a socket that should move bytes may not.
  if ((!state_->is_handling || state_->waits_for_client) && state_->last_activity < oldest) close();
}

bool Connection::waits_for_client() const {
  return !state_->is_handling || state_->waits_for_client;
}

Steady::time_point Connection::last_activity() const {
  return state_->last_activity;
}

Task<void> Connection::run() {
  State& s = *state_;
  error_code error;
  std::string remote;
  if (auto endpoint = s.socket.remote_endpoint(error); !error)
    remote = endpoint.address().to_string() + ":" + std::to_string(endpoint.port());
  s.buffer.reserve(kReadBuffer);

  while (!s.is_closing) {
    Parser parser;
    parser.header_limit(static_cast<std::uint32_t>(s.limits.header_bytes));
    parser.body_limit(boost::none);
    co_await beast::http::async_read_header(s.socket, s.buffer, parser, into(error));
    s.touch();
    if (error == beast::http::error::header_limit)
      co_await s.send_plain(431, "Request Header Fields Too Large");
    else if (error && error != beast::http::error::end_of_stream &&
             error.category() != boost::system::system_category() &&
             error.category() != asio::error::get_misc_category() && error != beast::http::error::partial_message)
      co_await s.send_plain(400, "Bad Request");
    if (error || s.is_closing) break;
    // What stands behind a coding that is not understood would be read as the next request.
    if (parser.get().count(beast::http::field::transfer_encoding) > 0 && !is_plainly_chunked(parser)) {
      co_await s.send_plain(501, "Not Implemented");
      break;
    }

    s.is_handling = true;
    WireBody body(s.socket, s.buffer, parser, s.last_activity, s.waits_for_client, s.limits.idle);
    IncomingRequest request{take_head(parser), body, remote};
    Reply reply;
    bool keeps_alive = parser.get().keep_alive();
    const bool is_head = request.head.method == "HEAD";  // a handler may take the head apart
    try {
      reply = co_await s.handler(request);
    } catch (const std::exception& exception) {
      log(LogLevel::error, "a request failed with an exception",
          {{"method", request.head.method}, {"error", exception.what()}});
      reply = Reply{500};
      keeps_alive = false;
    }
    // The body is swallowed before the answer only where that is cheap; a client that still sends gets its answer
    // first.
    bool is_drained = co_await body.drain();
    keeps_alive = keeps_alive && is_drained && !s.is_closing;
    s.touch();
    s.waits_for_client = true;
    error = co_await s.send(reply, is_head, keeps_alive);
    s.waits_for_client = s.is_handling = false;
    if (error || !keeps_alive) break;
  }
  // Say goodbye and let the client read the answer before the reset that unread bytes would cause.
  if (s.socket.is_open()) {
    s.socket.shutdown(asio::socket_base::shutdown_send, error);
    char scratch[4096];
    std::size_t swallowed = 0;
    asio::steady_timer limit(s.socket.get_executor(), std::chrono::milliseconds(500));
    // The wait may complete after this coroutine: it asks before it touches the socket.
    auto is_alive = std::make_shared<bool>(true);
    limit.async_wait([&s, is_alive](error_code e) {
      error_code ignored;
      if (!e && *is_alive) s.socket.close(ignored);
    });
    while (!error && swallowed < 1u << 20)
      swallowed += co_await s.socket.async_read_some(asio::buffer(scratch), into(error));
    *is_alive = false;
    limit.cancel();
    s.socket.close(error);
  }
}

}  // namespace ads::http
