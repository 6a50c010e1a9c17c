#include "cloud/sns/draft.h"

#include "base/digest.h"
#include "base/encoding.h"
#include "base/ids.h"
#include "cloud/sns/errors.h"

namespace ads::cloud::sns {
namespace {

bool is_fifo_id(std::string_view text) {
  return text.size() <= 128 && std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7F; });
}

// ASCII of one line, at most 100 characters, that starts with a letter, digit or punctuation.
bool is_subject(std::string_view text) {
  return !text.empty() && text.size() <= 100 && text.front() != ' ' &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
}

bool is_attribute_name(std::string_view name) {
  if (name.empty() || name.size() > 256 || name.front() == '.' || name.back() == '.') return false;
  if (name.find("..") != std::string_view::npos) return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-' || c == '.';
  });
}

bool is_number(const std::string& text) {
  char* end = nullptr;
  std::strtod(text.c_str(), &end);
  return end == text.c_str() + text.size() && !std::isspace(static_cast<unsigned char>(text.front()));
}

Outcome<void> check_attributes(const MessageAttributes& attributes) {
  for (const auto& [name, attribute] : attributes) {
    if (!is_attribute_name(name)) {
      return refuse(parameter_value_invalid(fmt::format(
          "Invalid message attribute name '{}': 1 to 256 letters, digits, underscores, hyphens and periods; no period "
          "first, last or twice in a row.",
          name)));
    }
    const std::string_view type = attribute.data_type;
    const std::string_view base = type.substr(0, type.find('.'));
    if (type.size() > 256 || (base != "String" && base != "Number" && base != "Binary")) {
      return refuse(
          parameter_value_invalid(fmt::format("The message attribute '{}' has an invalid message attribute type, the "
                                              "set of supported type prefixes is Binary, "
                                              "Number, and String.",
                                              name)));
    }
    if (attribute.value.empty()) {
      return refuse(parameter_value_invalid(fmt::format(
          "The message attribute '{}' must contain non-empty message attribute value for message attribute type '{}'.",
          name, type)));
    }
    if (base == "Number" && !is_number(attribute.value)) {
      return refuse(
          parameter_value_invalid(fmt::format("Could not cast message attribute '{}' value to number.", name)));
    }
    if (type == "String.Array") {
      auto array = parse_json(attribute.value);
      if (!array || !array->is_array()) {
        return refuse(
            parameter_value_invalid(fmt::format("The value of message attribute '{}' of type String.Array must be a "
                                                "JSON array of strings, numbers, true, false and null.",
                                                name)));
      }
    }
  }
  return {};
}

Outcome<void> read_structure(const std::string& text, Publication& publication) {
  auto object = parse_json_object(text);
  if (!object) return refuse(invalid_parameter("Message Structure - JSON message body failed to parse"));
  const auto fallback = get_string(*object, "default");
  if (!fallback) return refuse(invalid_parameter("Message Structure - No default entry in JSON message body"));
  publication.message = std::string(*fallback);
  for (const auto& member : *object) {
    if (member.value().is_string())
      publication.per_protocol[std::string(member.key())] = std::string(member.value().get_string());
  }
  return {};
}

}  // namespace

std::size_t size_of(const Draft& draft) {
  std::size_t size = draft.message.size();
  for (const auto& [name, attribute] : draft.attributes) {
    size += name.size() + attribute.data_type.size() + attribute.value.size();
  }
  return size;
}

Outcome<Publication> check(const Topic& topic, Draft draft) {
  if (draft.message.empty()) return refuse(invalid_parameter("Empty message"));
  if (draft.has_subject && !is_subject(draft.subject)) return refuse(invalid_parameter("Subject"));
  if (size_of(draft) > kLargestMessage) return refuse(invalid_parameter("Message too long"));
  if (!draft.structure.empty() && draft.structure != "json") return refuse(invalid_parameter("MessageStructure"));
  if (auto checked = check_attributes(draft.attributes); !checked) return refuse(checked.error());
  if (!is_fifo_id(draft.group_id)) {
    return refuse(
        invalid_parameter("MessageGroupId Reason: The MessageGroupId parameter can only include alphanumeric and "
                          "punctuation characters, 1 to 128 in length"));
  }
  if (!is_fifo_id(draft.deduplication_id)) {
    return refuse(
        invalid_parameter("MessageDeduplicationId Reason: The MessageDeduplicationId parameter can only include "
                          "alphanumeric and punctuation characters, 1 to 128 in length"));
  }
  Publication publication;
  if (topic.is_fifo()) {
    if (draft.group_id.empty())
      return refuse(invalid_parameter("The MessageGroupId parameter is required for FIFO topics"));
    if (draft.deduplication_id.empty()) {
      if (!topic.is_true("ContentBasedDeduplication")) {
        return refuse(
            invalid_parameter("The topic should either have ContentBasedDeduplication enabled or "
                              "MessageDeduplicationId provided explicitly"));
      }
      draft.deduplication_id = to_hex(sha256(draft.message));
    }
  } else if (!draft.deduplication_id.empty()) {
    return refuse(
        invalid_parameter("MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that "
                          "is not valid for this topic type"));
  }
  if (draft.structure == "json") {
    if (auto read = read_structure(draft.message, publication); !read) return refuse(read.error());
  } else {
    publication.message = std::move(draft.message);
  }
  publication.message_id = random_uuid();
  publication.topic_arn = topic.arn();
  publication.subject = std::move(draft.subject);
  publication.attributes = std::move(draft.attributes);
  publication.group_id = std::move(draft.group_id);
  publication.deduplication_id = std::move(draft.deduplication_id);
  return publication;
}

Outcome<MessageAttributes> read_attributes(const json::object& input) {
  MessageAttributes attributes;
  const auto* object = get_object(input, "MessageAttributes");
  if (!object) return attributes;
  for (const auto& member : *object) {
    const auto* value = member.value().if_object();
    const auto type = value ? get_string(*value, "DataType") : std::nullopt;
    if (!type || type->empty()) {
      return refuse(parameter_value_invalid(
          fmt::format("The message attribute '{}' must contain non-empty message attribute type.",
                      std::string_view(member.key()))));
    }
    MessageAttribute attribute{std::string(*type), ""};
    if (type->starts_with("Binary")) {
      auto bytes = from_base64(get_string(*value, "BinaryValue").value_or(""));
      if (!bytes) {
        return refuse(parameter_value_invalid(
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

}  // namespace ads::cloud::sns
