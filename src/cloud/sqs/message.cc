#include "cloud/sqs/message.h"

#include "base/digest.h"
#include "base/encoding.h"
#include "cloud/sqs/errors.h"
#include "cloud/sqs/record.h"

namespace ads::cloud::sqs {
namespace {

constexpr std::uint8_t kMessageFormat = 1;
constexpr std::size_t kMostAttributes = 10;

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_attribute_name(std::string_view name) {
  if (name.empty() || name.size() > 256 || name.front() == '.' || name.back() == '.') return false;
  if (name.find("..") != std::string_view::npos) return false;
  return std::all_of(name.begin(), name.end(),
                     [](char c) { return is_alphanumeric(c) || c == '_' || c == '-' || c == '.'; });
}

bool starts_reserved(std::string_view name) {
  std::string lower(name.substr(0, 7));
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower.starts_with("aws.") || lower.starts_with("amazon.");
}

bool is_number(std::string_view text) {
  std::size_t at = 0, digits = 0;
  if (at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
  for (; at < text.size() && std::isdigit(static_cast<unsigned char>(text[at])); ++at) ++digits;
  if (at < text.size() && text[at] == '.') {
    for (++at; at < text.size() && std::isdigit(static_cast<unsigned char>(text[at])); ++at) ++digits;
  }
  if (digits == 0 || digits > 38) return false;
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
    if (at == text.size()) return false;
    while (at < text.size() && std::isdigit(static_cast<unsigned char>(text[at]))) ++at;
  }
  return at == text.size();
}

void append_counted(std::string& out, std::string_view bytes) {
  const auto size = static_cast<std::uint32_t>(bytes.size());
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<char>(size >> shift));
  out.append(bytes);
}

}  // namespace

std::string encode(const Message& message) {
  RecordWriter out;
  out.byte(kMessageFormat).text(message.id).number(static_cast<std::uint64_t>(message.sent)).text(message.sender);
  out.text(message.body_md5).text(message.trace_header).text(message.group).text(message.deduplication_id);
  out.text(message.dead_letter_source).number(message.attributes.size());
  for (const auto& [name, attribute] : message.attributes)
    out.text(name).text(attribute.data_type).text(attribute.value);
  out.text(message.body);
  return out.take();
}

std::optional<Message> decode_message(std::string_view stored) {
  RecordReader in(stored);
  if (in.byte() != kMessageFormat) return {};
  Message message;
  message.id = in.text();
  message.sent = static_cast<Millis>(in.number());
  message.sender = in.text();
  message.body_md5 = in.text();
  message.trace_header = in.text();
  message.group = in.text();
  message.deduplication_id = in.text();
  message.dead_letter_source = in.text();
  const auto attributes = in.number();
  for (std::uint64_t i = 0; i < attributes && in.ok(); ++i) {
    std::string name = in.text();
    std::string type = in.text();
    message.attributes[std::move(name)] = {std::move(type), in.text()};
  }
  message.body = in.text();
  if (!in.ok()) return {};
  return message;
}

std::string md5_of_attributes(const MessageAttributes& attributes) {
  std::string bytes;
  for (const auto& [name, attribute] : attributes) {
    append_counted(bytes, name);
    append_counted(bytes, attribute.data_type);
    bytes.push_back(attribute.data_type.starts_with("Binary") ? 2 : 1);
    append_counted(bytes, attribute.value);
  }
  return to_hex(md5(bytes));
}

std::size_t size_of(std::string_view body, const MessageAttributes& attributes) {
  std::size_t size = body.size();
  for (const auto& [name, attribute] : attributes)
    size += name.size() + attribute.data_type.size() + attribute.value.size();
  return size;
}

bool is_allowed_text(std::string_view text) {
  const auto* at = reinterpret_cast<const unsigned char*>(text.data());
  const auto* end = at + text.size();
  while (at < end) {
    if (*at < 0x80) {
      if (*at < 0x20 && *at != 9 && *at != 10 && *at != 13) return false;
      ++at;
      continue;
    }
    const int more = *at >= 0xF0 ? 3 : *at >= 0xE0 ? 2 : *at >= 0xC2 ? 1 : 0;
    if (more == 0 || *at > 0xF4 || end - at <= more) return false;
    std::uint32_t point = *at & (0x3F >> more);
    for (int i = 1; i <= more; ++i) {
      if ((at[i] & 0xC0) != 0x80) return false;
      point = point << 6 | (at[i] & 0x3F);
    }
    if (point < (more == 2 ? 0x800u : more == 3 ? 0x10000u : 0x80u)) return false;
    if ((point >= 0xD800 && point <= 0xDFFF) || point == 0xFFFE || point == 0xFFFF || point > 0x10FFFF) return false;
    at += more + 1;
  }
  return true;
}

Outcome<void> check_attributes(const MessageAttributes& attributes) {
  if (attributes.size() > kMostAttributes) {
    return refuse(invalid_parameter(fmt::format("Number of message attributes [{}] exceeds the allowed maximum [{}].",
                                                attributes.size(), kMostAttributes)));
  }
  for (const auto& [name, attribute] : attributes) {
    if (!is_attribute_name(name)) {
      return refuse(
          invalid_parameter(fmt::format("Message (user) attribute name '{}' is invalid: 1 to 256 letters, digits, "
                                        "underscores, hyphens and periods; no "
                                        "period first, last or twice in a row.",
                                        name)));
    }
    if (starts_reserved(name)) {
      return refuse(invalid_parameter(fmt::format(
          "Message (user) attribute name '{}' starts with a reserved prefix: AWS. and Amazon. belong to AWS.", name)));
    }
    const std::string_view type = attribute.data_type;
    const std::string_view base = type.substr(0, type.find('.'));
    if (type.size() > 256 || (base != "String" && base != "Number" && base != "Binary")) {
      return refuse(
          invalid_parameter(fmt::format("The message attribute '{}' has an invalid message attribute type, the set of "
                                        "supported type prefixes is Binary, "
                                        "Number, and String.",
                                        name)));
    }
    if (attribute.value.empty()) {
      return refuse(invalid_parameter(
          fmt::format("Message (user) attribute '{}' must contain a non-empty value of type '{}'.", name, base)));
    }
    if (base == "Number" && !is_number(attribute.value)) {
      return refuse(
          invalid_parameter(fmt::format("Can't cast the value of message (user) attribute '{}' to a number.", name)));
    }
    if (base != "Binary" && !is_allowed_text(attribute.value)) {
      return refuse(invalid_message_contents(
          fmt::format("Message (user) attribute '{}' contains characters outside the allowed set.", name)));
    }
  }
  return {};
}

bool is_fifo_id(std::string_view text) {
  return !text.empty() && text.size() <= 128 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7F; });
}

}  // namespace ads::cloud::sqs
