#include "cloud/sqs/input.h"

#include "base/encoding.h"
#include "cloud/sqs/errors.h"

namespace ads::cloud::sqs {
Outcome<std::optional<std::int64_t>> whole_in(const json::object& input, std::string_view name, std::int64_t least,
                                              std::int64_t most) {
  const auto number = get_integer(input, name);
  if (!number) return std::optional<std::int64_t>();
  if (*number < least || *number > most) {
    return refuse(invalid_parameter(name, std::to_string(*number),
                                    fmt::format("Must be between {} and {}, if provided.", least, most)));
  }
  return number;
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
