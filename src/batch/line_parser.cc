#include "batch/line_parser.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <cstring>

#include "base/json.h"
#include "batch/csv.h"
#include "batch/utf8.h"

namespace ads::batch {
namespace {

constexpr std::size_t kQuoted = 60;  // bytes of a wrong value that a detail repeats

// A saturated integer: what is beyond is out of every range anyway.
struct Integer {
  bool is_integer = false;
  int value = 0;
};

Integer parse_integer(std::string_view text) {
  constexpr int limit = 1'000'000;
  bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (text.empty()) return {};
  int value = 0;
  for (char c : text) {
    if (c < '0' || c > '9') return {};
    value = std::min(limit, value * 10 + (c - '0'));
  }
  return {true, negative ? -value : value};
}

Integer from_json(const json::value& value) {
  constexpr std::int64_t limit = 1'000'000;
  if (value.is_int64()) return {true, static_cast<int>(std::max(-limit, std::min(limit, value.get_int64())))};
  if (value.is_uint64()) return {true, static_cast<int>(limit)};
  // A whole number with too many digits for 64 bits.
  if (value.is_double() && std::abs(value.get_double()) >= 9.2e18) return {true, static_cast<int>(limit)};
  return {};
}

// Makes `line` the record when all three fields are what they should be.
bool is_good(Integer status, Integer retry, std::string_view uuid, Line& line) {
  if (!status.is_integer || status.value < 100 || status.value > 599) return false;
  if (!retry.is_integer || retry.value < 0 || retry.value > kMaxRetryCount) return false;
  if (!is_service_uuid(uuid)) return false;
  line.kind = Line::Kind::record;
  line.status_code = status.value;
  line.retry_count = retry.value;
  line.service_uuid = uuid;
  return true;
}

// "503,0,6f9619ff-8b86-d011-b42d-00c04fc964ff" and nothing else: no quotes, no blanks, no sign. What it accepts, the
// careful way accepts as the same record.
bool parse_plain(std::string_view text, Line& line) {
  const char* p = text.data();
  const char* end = p + text.size();
  auto number = [&](int& value) {
    const char* begin = p;
    int sum = 0;
    while (p != end && static_cast<unsigned char>(*p - '0') <= 9 && p - begin < 5) sum = sum * 10 + (*p++ - '0');
    if (p == begin || p == end || *p != ',') return false;
    ++p;
    value = sum;
    return true;
  };
  int status, retry;
  if (!number(status) || !number(retry)) return false;
  return is_good({true, status}, {true, retry}, {p, static_cast<std::size_t>(end - p)}, line);
}

bool is_blank_line(std::string_view text) {
  return text.find_first_not_of(" \t\r") == text.npos;
}

}  // namespace

struct LineParser::State {
  CsvFields fields;
  std::string detail;
  std::string uuid;  // of a JSON line
  json::parser json_parser;
  std::array<unsigned char, 8192> json_memory;

  template <class... Args>
  void bad(Line& line, Reason reason, fmt::format_string<Args...> format, Args&&... args) {
    detail.clear();
    fmt::format_to(std::back_inserter(detail), format, std::forward<Args>(args)...);
    line.kind = Line::Kind::bad;
    line.reason = reason;
    line.detail = detail;
  }

  void judge(Line& line, Integer status, std::string_view status_text, Integer retry, std::string_view retry_text,
             std::string_view uuid_text);
  void parse_csv(std::string_view text, const Layout& layout, Line& line);
  void parse_json_line(std::string_view text, Line& line);
};

void LineParser::State::judge(Line& line, Integer status, std::string_view status_text, Integer retry,
                              std::string_view retry_text, std::string_view uuid_text) {
  if (is_good(status, retry, uuid_text, line)) return;
  auto quoted = [](std::string_view text) { return shorten(text, kQuoted); };
  if (!status.is_integer) return bad(line, Reason::status_not_int, "status code '{}'", quoted(status_text));
  if (status.value < 100 || status.value > 599)
    return bad(line, Reason::status_range, "status code {}", quoted(status_text));
  if (!retry.is_integer) return bad(line, Reason::retry_not_int, "retry count '{}'", quoted(retry_text));
  if (retry.value < 0 || retry.value > kMaxRetryCount)
    return bad(line, Reason::retry_range, "retry count {}", quoted(retry_text));
  if (uuid_text.empty()) return bad(line, Reason::uuid_syntax, "the service UUID is empty");
  if (uuid_text.size() > kMaxServiceUuid)
    return bad(line, Reason::uuid_syntax, "the service UUID has {} bytes", uuid_text.size());
  bad(line, Reason::uuid_syntax, "service UUID '{}'", quoted(uuid_text));
}

void LineParser::State::parse_csv(std::string_view text, const Layout& layout, Line& line) {
  if (!fields.split(text))
    return bad(line, Reason::field_count, "a quoted field does not end with a quote before a comma or the line's end");
  if (fields.size() != layout.column_count)
    return bad(line, Reason::field_count, "{} field{} instead of {}", fields.size(), fields.size() == 1 ? "" : "s",
               layout.column_count);
  std::string_view status = fields[layout.status_column], retry = fields[layout.retry_column];
  judge(line, parse_integer(status), status, parse_integer(retry), retry, fields[layout.uuid_column]);
}

void LineParser::State::parse_json_line(std::string_view text, Line& line) {
  json::monotonic_resource memory(json_memory.data(), json_memory.size());
  json_parser.reset(&memory);
  boost::system::error_code error;
  json_parser.write(text, error);
  if (error) {
    json_parser.reset();
    return bad(line, Reason::bad_json, "{}", error.message());
  }
  json::value value = json_parser.release();
  json_parser.reset();
  const json::object* object = value.if_object();
  if (!object) return bad(line, Reason::bad_json, "the line is JSON, but not an object");
  for (std::string_view name : {"statusCode", "retryCount", "serviceUUID"})
    if (!object->contains(name)) return bad(line, Reason::field_count, "'{}' is missing", name);
  const json::value& status = object->at("statusCode");
  const json::value& retry = object->at("retryCount");
  const json::value& service = object->at("serviceUUID");
  if (service.is_string()) {
    uuid = service.get_string();
    if (is_good(from_json(status), from_json(retry), uuid, line)) return;
  } else {
    uuid = "not a string: " + json::serialize(service);
  }
  judge(line, from_json(status), json::serialize(status), from_json(retry), json::serialize(retry), uuid);
}

LineParser::LineParser() : state_(std::make_unique<State>()) {}
LineParser::~LineParser() = default;
LineParser::LineParser(LineParser&&) noexcept = default;
LineParser& LineParser::operator=(LineParser&&) noexcept = default;

void LineParser::parse(std::string_view content, const Layout& layout, Line& line) {
  constexpr Layout usual;
  bool is_csv = layout.format == Layout::Format::csv;
  if (is_csv && layout == usual && parse_plain(content, line)) return;
  if (std::size_t at = content.find('\0'); at != content.npos)
    return state_->bad(line, Reason::nul, "at byte {} of the line", at);
  if (std::size_t at = find_invalid_utf8(content); at != content.npos)
    return state_->bad(line, Reason::bad_utf8, "0x{:02x} at byte {} of the line",
                       static_cast<unsigned char>(content[at]), at);
  if (is_blank_line(content)) {
    line.kind = Line::Kind::blank;
    return;
  }
  if (is_csv) return state_->parse_csv(content, layout, line);
  state_->parse_json_line(content, line);
}

}  // namespace ads::batch
