#include "batch/quarantine.h"

#include <fmt/format.h>

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
  json::object object{
      {"offset", bad.offset}, {"length", bad.length}, {"reason", to_string(bad.reason)}, {"detail", bad.detail}};
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

Result<BadLine> bad_line_from_json(const json::object& object) {
  auto corrupt = [](std::string_view member) {
    return fail(ErrorKind::corrupt, "NotAQuarantineLine",
                fmt::format("'{}' of a quarantine line is missing or wrong", member));
  };
  BadLine bad;
  auto offset = get_integer(object, "offset"), length = get_integer(object, "length");
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
