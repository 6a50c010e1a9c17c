#include "batch/line_parser.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/json.h"
#include "batch/csv.h"
#include "batch/utf8.h"
#include "batch/whole_number.h"

namespace ads::batch {
namespace {

constexpr std::size_t kQuoted = 60;  // bytes of a wrong value that a detail repeats

std::optional<int> from_json(const json::value& value) {
  constexpr std::int64_t limit = 1'000'000;
  if (value.is_string()) return parse_whole_number(trim(value.get_string()));
  if (value.is_int64()) return static_cast<int>(std::max(-limit, std::min(limit, value.get_int64())));
  if (value.is_uint64()) return static_cast<int>(limit);
  if (!value.is_double()) return std::nullopt;
  double number = value.get_double();
  if (std::abs(number) >= limit) return static_cast<int>(number < 0 ? -limit : limit);
  if (number != std::trunc(number)) return std::nullopt;
  return static_cast<int>(number);
}

// The three fields that count, as text.
struct Fields {
  std::string_view status, retry, uuid;
};

bool is_status(std::optional<int> status) {
  return status && *status >= 100 && *status <= 599;
}
bool is_retry_count(std::optional<int> retry) {
  return retry && *retry >= 0 && *retry <= kMaxRetryCount;
}

}  // namespace

struct LineParser::State {
  UserKeyForm key_form = UserKeyForm::as_is;
  UuidText key;
  CsvFields fields;
  std::string detail;
  std::string status_text, retry_text, uuid;  // of a JSON line
  json::parser json_parser{{}, json::parse_options{.allow_invalid_utf8 = true}};
  std::array<unsigned char, 8192> json_memory;

  template <class... Args>
  void bad(Line& line, Reason reason, fmt::format_string<Args...> format, Args&&... args) {
    detail.clear();
    fmt::format_to(std::back_inserter(detail), format, std::forward<Args>(args)...);
    line.kind = Line::Kind::bad;
    line.reason = reason;
    line.detail = detail;
  }

  bool is_good(std::optional<int> status, std::optional<int> retry, std::string_view id, Line& line);
  bool is_bad_text(std::string_view text, std::string_view content, Line& line);
  void explain(Line& line, std::optional<int> status, std::optional<int> retry, const Fields& text);
  bool has_too_many_fields(const Layout& layout) const;
  void parse_csv(std::string_view text, Extent extent, const Layout& layout, Line& line);
  void parse_json_line(std::string_view text, Line& line);
};

// Makes `line` the record when all three fields are what they should be.
bool LineParser::State::is_good(std::optional<int> status, std::optional<int> retry, std::string_view id, Line& line) {
  if (!is_status(status) || !is_retry_count(retry)) return false;
  id = user_key(id, key_form, key);
  if (!is_service_uuid(id)) return false;
  line.kind = Line::Kind::record;
  line.status_code = *status;
  line.retry_count = *retry;
  line.service_uuid = id;
  return true;
}

// True when `text`, which is part of the line or was made of it, has bytes that it may not have.
bool LineParser::State::is_bad_text(std::string_view text, std::string_view content, Line& line) {
  bool is_part = text.data() >= content.data() && text.data() + text.size() <= content.data() + content.size();
  std::size_t begin = is_part ? static_cast<std::size_t>(text.data() - content.data()) : 0;
  std::string_view searched = is_part ? text : content;
  if (std::size_t at = searched.find('\0'); at != searched.npos) {
    bad(line, Reason::nul, "at byte {} of the line", begin + at);
    return true;
  }
  std::size_t at = find_invalid_utf8(searched);
  if (at == searched.npos) return false;
  bad(line, Reason::bad_utf8, "0x{:02x} at byte {} of the line", static_cast<unsigned char>(searched[at]), begin + at);
  return true;
}

void LineParser::State::explain(Line& line, std::optional<int> status, std::optional<int> retry, const Fields& text) {
  auto quoted = [](std::string_view value) { return shorten(value, kQuoted); };
  if (!status) return bad(line, Reason::status_not_int, "status code '{}'", quoted(text.status));
  if (!is_status(status)) return bad(line, Reason::status_range, "status code {}", quoted(text.status));
  if (!retry) return bad(line, Reason::retry_not_int, "retry count '{}'", quoted(text.retry));
  if (!is_retry_count(retry)) return bad(line, Reason::retry_range, "retry count {}", quoted(text.retry));
  if (text.uuid.empty()) return bad(line, Reason::uuid_syntax, "the service UUID is empty");
  if (text.uuid.size() > kMaxServiceUuid)
    return bad(line, Reason::uuid_syntax, "the service UUID has {} bytes", text.uuid.size());
  bad(line, Reason::uuid_syntax, "service UUID '{}'", quoted(text.uuid));
}

// A separator that is not quoted moves what stands behind it, maybe one of the three that count: unless those are the
// first ones, and text follows them.
bool LineParser::State::has_too_many_fields(const Layout& layout) const {
  if (layout.allows_more_fields()) return false;
  for (std::size_t i = layout.column_count; i < fields.size(); ++i)
    if (!fields[i].empty()) return true;
  return false;
}

void LineParser::State::parse_csv(std::string_view text, Extent extent, const Layout& layout, Line& line) {
  bool is_cut = extent == Extent::beginning;
  bool is_split = fields.split(text, layout.separator);
  // The last field of a line that continues may continue, too.
  std::size_t complete = fields.size() - (is_cut && is_split ? 1 : 0);
  if (is_split && !is_cut && fields.are_empty()) {
    line.kind = Line::Kind::blank;
    return;
  }
  if (std::max({layout.status_column, layout.retry_column, layout.uuid_column}) >= complete) {
    if (is_cut) return bad(line, Reason::line_too_long, "more than 4,096 bytes");
    if (is_bad_text(text, text, line)) return;
    if (!is_split)
      return bad(line, Reason::field_count,
                 "a quoted field does not end with a quote before a separator or the line's end");
    return bad(line, Reason::field_count, "{} field{} instead of {}", fields.size(), fields.size() == 1 ? "" : "s",
               layout.column_count);
  }
  Fields three{fields[layout.status_column], fields[layout.retry_column], fields[layout.uuid_column]};
  if (has_too_many_fields(layout)) {
    if (is_bad_text(text, text, line)) return;
    return bad(line, Reason::field_count, "{} fields instead of {}", fields.size(), layout.column_count);
  }
  auto status = parse_whole_number(three.status), retry = parse_whole_number(three.retry);
  if (is_good(status, retry, three.uuid, line)) return;
  for (std::string_view field : {three.status, three.retry, three.uuid})
    if (is_bad_text(field, text, line)) return;
  explain(line, status, retry, three);
}

void LineParser::State::parse_json_line(std::string_view text, Line& line) {
  if (std::size_t at = text.find('\0'); at != text.npos) return bad(line, Reason::nul, "at byte {} of the line", at);
  json::monotonic_resource memory(json_memory.data(), json_memory.size());
  json_parser.reset(&memory);
  boost::system::error_code error;
  json_parser.write(trim(text), error);
  if (error) {
    json_parser.reset();
    if (is_bad_text(text, text, line)) return;
    return bad(line, Reason::bad_json, "{}", error.message());
  }
  json::value value = json_parser.release();
  json_parser.reset();
  const json::object* object = value.if_object();
  if (!object) return bad(line, Reason::bad_json, "the line is JSON, but not an object");

  constexpr std::array<std::string_view, 3> names{"statusCode", "retryCount", "serviceUUID"};
  std::array<const json::value*, 3> members{};
  for (std::size_t i = 0; i < names.size(); ++i) {
    members[i] = object->if_contains(names[i]);
    if (members[i]) continue;
    for (const auto& [name, member] : *object) {
      if (!same_name(name, names[i])) continue;
      if (members[i]) return bad(line, Reason::field_count, "'{}' is there in two spellings", names[i]);
      members[i] = &member;
    }
    if (!members[i]) return bad(line, Reason::field_count, "'{}' is missing", names[i]);
  }
  auto [status, retry, service] = members;
  if (service->is_string()) {
    uuid = trim(service->get_string());
    if (is_good(from_json(*status), from_json(*retry), uuid, line)) return;
  } else {
    uuid = "not a string: " + json::serialize(*service);
  }
  status_text = json::serialize(*status);
  retry_text = json::serialize(*retry);
  for (std::string_view field : {std::string_view(status_text), std::string_view(retry_text), std::string_view(uuid)})
    if (!is_utf8(field) && is_bad_text(text, text, line)) return;
  explain(line, from_json(*status), from_json(*retry), {status_text, retry_text, uuid});
}

LineParser::LineParser() : state_(std::make_unique<State>()) {}
LineParser::~LineParser() = default;
LineParser::LineParser(LineParser&&) noexcept = default;
LineParser& LineParser::operator=(LineParser&&) noexcept = default;

void LineParser::set_key_form(UserKeyForm form) {
  state_->key_form = form;
}

void LineParser::parse(std::string_view content, Extent extent, const Layout& layout, Line& line) {
  if (layout.format == Layout::Format::csv) return state_->parse_csv(content, extent, layout, line);
  if (is_blank(content) && extent == Extent::whole) {
    line.kind = Line::Kind::blank;
    return;
  }
  if (extent == Extent::beginning) return state_->bad(line, Reason::line_too_long, "more than 4,096 bytes");
  state_->parse_json_line(content, line);
}

}  // namespace ads::batch
