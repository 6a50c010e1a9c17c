#include "cloud/sqs/input.h"

#include <charconv>

#include "base/encoding.h"
#include "cloud/sqs/errors.h"

namespace ads::cloud::sqs {
namespace {

std::string as_text(const json::value& value) {
  if (value.is_string()) return std::string(value.get_string());
  return value.is_null() ? "" : json::serialize(value);
}

}  // namespace

std::string text_of(const json::object& input, std::string_view name) {
  return std::string(get_string(input, name).value_or(""));
}

Outcome<std::string> required_text(const json::object& input, std::string_view name) {
  const auto text = get_string(input, name);
  if (!text || text->empty()) return refuse(missing_parameter(name));
  return std::string(*text);
}

Outcome<std::optional<std::int64_t>> whole_in(const json::object& input, std::string_view name, std::int64_t least,
                                              std::int64_t most) {
  const auto* value = input.if_contains(name);
  if (!value || value->is_null()) return std::optional<std::int64_t>();
  std::optional<std::int64_t> number;
  if (value->is_int64()) number = value->get_int64();
  if (value->is_string()) {
    const auto& text = value->get_string();
    std::int64_t parsed = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), parsed);
    if (error == std::errc() && end == text.data() + text.size()) number = parsed;
  }
  if (!number) return refuse(invalid_parameter(name, as_text(*value), "Must be an integer."));
  if (*number < least || *number > most) {
    return refuse(invalid_parameter(name, std::to_string(*number),
                                    fmt::format("Must be between {} and {}, if provided.", least, most)));
  }
  return number;
}

std::vector<std::string> texts_of(const json::object& input, std::string_view name) {
  std::vector<std::string> texts;
  if (const auto* array = get_array(input, name)) {
    for (const auto& value : *array) texts.push_back(as_text(value));
  } else if (const auto text = get_string(input, name); text && !text->empty()) {
    texts.emplace_back(*text);
  }
  return texts;
}

std::map<std::string, std::string, std::less<>> map_of(const json::object& input, std::string_view name) {
  std::map<std::string, std::string, std::less<>> map;
  if (const auto* object = get_object(input, name)) {
    for (const auto& member : *object) map[std::string(member.key())] = as_text(member.value());
  }
  return map;
}

Outcome<MessageAttributes> message_attributes_of(const json::object& input, std::string_view name) {
  MessageAttributes attributes;
  const auto* object = get_object(input, name);
  if (!object) return attributes;
  for (const auto& member : *object) {
    const auto* value = member.value().if_object();
    const auto type = value ? get_string(*value, "DataType") : std::nullopt;
    if (!type || type->empty()) {
      return refuse(
          invalid_parameter(fmt::format("The message attribute '{}' must contain non-empty message attribute type.",
                                        std::string_view(member.key()))));
    }
    for (const std::string_view list : {"StringListValues", "BinaryListValues"}) {
      const auto* values = get_array(*value, list);
      if (values && !values->empty()) {
        return refuse(unsupported_operation(
            fmt::format("Message attribute list values in SendMessage operation are not supported: {}.", list)));
      }
    }
    MessageAttribute attribute{std::string(*type), ""};
    if (type->starts_with("Binary")) {
      auto bytes = from_base64(get_string(*value, "BinaryValue").value_or(""));
      if (!bytes) {
        return refuse(invalid_parameter(
            fmt::format("The BinaryValue of message attribute '{}' is not base64.", std::string_view(member.key()))));
      }
      attribute.value = std::move(*bytes);
    } else {
      attribute.value = get_string(*value, "StringValue").value_or("");
    }
    attributes[std::string(member.key())] = std::move(attribute);
  }
  return attributes;
}

json::object to_json(const MessageAttributes& attributes) {
  json::object object;
  for (const auto& [name, attribute] : attributes) {
    const bool is_binary = attribute.data_type.starts_with("Binary");
    object[name] = json::object{
        {is_binary ? "BinaryValue" : "StringValue", is_binary ? to_base64(attribute.value) : attribute.value},
        {"DataType", attribute.data_type}};
  }
  return object;
}

}  // namespace ads::cloud::sqs
