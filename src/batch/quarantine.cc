#include "batch/quarantine.h"

#include <fmt/format.h>

#include <charconv>

#include "base/encoding.h"
#include "batch/utf8.h"

namespace ads::batch {
namespace {

// A record does not say how long its line ending is: three bytes at most.
bool is_truncated(std::uint64_t length, std::string_view text) {
  return length > text.size() + 3;
}

}  // namespace

BadLine bad_line(const Line& line) {
  return {line.offset, line.length, line.reason, std::string(line.detail), std::string(line.text), line.is_truncated};
}

BadLine bad_record(const Record& record, std::string_view text, Reason reason, std::string_view detail) {
  return {record.offset,       record.length,     reason,
          repair_utf8(detail), std::string(text), is_truncated(record.length, text)};
}

json::object to_json(const BadLine& bad) {
  json::object object;
  if (bad.number > 0) object["lineNumber"] = bad.number;
  object["offset"] = bad.offset;
  object["length"] = bad.length;
  object["reason"] = to_string(bad.reason);
  object["detail"] = bad.detail;
  if (is_utf8(bad.text))
    object["line"] = bad.text;
  else
    object["lineBase64"] = to_base64(bad.text);
  object["truncated"] = bad.truncated;
  return object;
}

std::string quarantine_line(const BadLine& bad) {
  return json::serialize(to_json(bad)) + '\n';
}

std::string renumbered(std::string_view line, std::optional<std::uint64_t> lines_before) {
  constexpr std::string_view kBegin = "{\"lineNumber\":";
  if (lines_before == 0u || !line.starts_with(kBegin)) return std::string(line);
  const char* end_of_line = line.data() + line.size();
  std::uint64_t number = 0;
  auto [end, error] = std::from_chars(line.data() + kBegin.size(), end_of_line, number);
  if (error != std::errc{} || end == end_of_line || *end != ',') return std::string(line);
  std::string_view rest(end, static_cast<std::size_t>(end_of_line - end));
  if (!lines_before) return fmt::format("{{{}", rest.substr(1));
  return fmt::format("{}{}{}", kBegin, number + *lines_before, rest);
}

Result<BadLine> bad_line_from_json(const json::object& object) {
  auto corrupt = [](std::string_view member) {
    return fail(ErrorKind::corrupt, "NotAQuarantineLine",
                fmt::format("'{}' of a quarantine line is missing or wrong", member));
  };
  BadLine bad;
  auto offset = get_integer(object, "offset"), length = get_integer(object, "length");
  auto number = get_integer(object, "lineNumber");
  if (object.contains("lineNumber") && (!number || *number < 1)) return corrupt("lineNumber");
  bad.number = static_cast<std::uint64_t>(number.value_or(0));
  if (!offset || *offset < 0) return corrupt("offset");
  if (!length || *length < 0) return corrupt("length");
  bad.offset = static_cast<std::uint64_t>(*offset);
  bad.length = static_cast<std::uint64_t>(*length);
  auto reason = parse_reason(get_string(object, "reason").value_or(""));
  if (!reason) return corrupt("reason");
  bad.reason = *reason;
  auto detail = get_string(object, "detail");
  if (!detail) return corrupt("detail");
  bad.detail = *detail;
  if (auto line = get_string(object, "line")) {
    bad.text = *line;
  } else {
    auto encoded = get_string(object, "lineBase64");
    auto decoded = encoded ? from_base64(*encoded) : Result<std::string>(fail(ErrorKind::corrupt, "", ""));
    if (!decoded) return corrupt("line");
    bad.text = std::move(*decoded);
  }
  auto truncated = get_bool(object, "truncated");
  if (!truncated) return corrupt("truncated");
  bad.truncated = *truncated;
  return bad;
}

Result<BadLine> parse_quarantine_line(std::string_view line) {
  auto object = parse_json_object(line);
  if (!object)
    return fail(ErrorKind::corrupt, "NotAQuarantineLine", "a quarantine line is not JSON: " + object.error().message);
  return bad_line_from_json(*object);
}

}  // namespace ads::batch
