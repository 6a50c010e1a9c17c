#include "base/json.h"

#include <fmt/format.h>

namespace ads {

Result<json::value> parse_json(std::string_view text) {
  json::error_code error;
  json::parse_options options;
  options.max_depth = 64;
  json::stream_parser parser({}, options);
  std::size_t used = parser.write_some(text.data(), text.size(), error);
  if (!error && used < text.size()) {
    if (text.find_first_not_of(" \t\r\n", used) != text.npos) error = json::error::extra_data;
  }
  if (!error) parser.finish(error);
  if (error)
    return fail(ErrorKind::invalid, "MalformedJson", fmt::format("not JSON at byte {}: {}", used, error.message()));
  return parser.release();
}

Result<json::object> parse_json_object(std::string_view text) {
  auto value = parse_json(text);
  if (!value) return fail(value.error());
  if (!value->is_object()) return fail(ErrorKind::invalid, "MalformedJson", "the JSON text is not an object");
  return std::move(value->as_object());
}

std::optional<std::string_view> get_string(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  if (!value || !value->is_string()) return std::nullopt;
  return std::string_view(value->as_string());
}

std::optional<std::int64_t> get_integer(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  if (!value) return std::nullopt;
  json::error_code error;
  auto number = value->to_number<std::int64_t>(error);
  if (error) return std::nullopt;
  return number;
}

std::optional<bool> get_bool(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  if (!value || !value->is_bool()) return std::nullopt;
  return value->as_bool();
}

const json::object* get_object(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value ? value->if_object() : nullptr;
}

const json::array* get_array(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value ? value->if_array() : nullptr;
}

namespace {

void append_pretty(std::string& out, const json::value& value, std::size_t indent) {
  const std::string pad(indent + 2, ' ');
  if (const auto* object = value.if_object(); object && !object->empty()) {
    std::string_view separator = "{\n";
    for (const auto& [name, member] : *object) {
      out += separator;
      out += pad + json::serialize(json::value(name)) + ": ";
      append_pretty(out, member, indent + 2);
      separator = ",\n";
    }
    out += "\n" + std::string(indent, ' ') + "}";
  } else if (const auto* array = value.if_array(); array && !array->empty()) {
    std::string_view separator = "[\n";
    for (const auto& element : *array) {
      out += separator;
      out += pad;
      append_pretty(out, element, indent + 2);
      separator = ",\n";
    }
    out += "\n" + std::string(indent, ' ') + "]";
  } else {
    out += json::serialize(value);
  }
}

}  // namespace

std::string pretty(const json::value& value) {
  std::string out;
  append_pretty(out, value, 0);
  return out;
}

}  // namespace ads
