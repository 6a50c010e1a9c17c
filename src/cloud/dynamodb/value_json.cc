#include "cloud/dynamodb/value_json.h"

#include <stdexcept>

#include "base/encoding.h"
#include "cloud/dynamodb/errors.h"
#include "cloud/dynamodb/number.h"

namespace ads::cloud::dynamodb {
namespace {

constexpr int kDeepest = 32;

// Whether the text is a client's, to be checked, or our own.
enum class Trust { client, stored };

std::string_view kind_of(const json::value& json) {
  switch (json.kind()) {
    case json::kind::bool_:
      return json.get_bool() ? "TRUE_VALUE" : "FALSE_VALUE";
    case json::kind::int64:
    case json::kind::uint64:
      return "NUMBER_VALUE";
    case json::kind::double_:
      return "DECIMAL_VALUE";
    default:
      return "STRING_VALUE";
  }
}

WireError not_a(std::string_view type, const json::value& json) {
  if (json.is_array()) return serialization("Unrecognized collection type class java.lang." + std::string(type));
  if (json.is_object()) return serialization("Start of structure or map found where not expected");
  return serialization(std::string(kind_of(json)) + " cannot be converted to " + std::string(type));
}

Outcome<std::string_view> text_of(const json::value& json) {
  if (!json.is_string()) return refuse(not_a("String", json));
  return std::string_view(json.get_string());
}

Outcome<std::string> bytes_of(const json::value& json) {
  if (!json.is_string()) {
    if (json.is_array()) return refuse(serialization("Unrecognized collection type class java.nio.ByteBuffer"));
    if (json.is_object()) return refuse(serialization("Start of structure or map found where not expected"));
    return refuse(serialization("only base-64-encoded strings are convertible to bytes"));
  }
  std::string_view text = json.get_string();
  if (text.size() % 4)
    return refuse(serialization("Base64 encoded length is expected a multiple of 4 bytes but found: " +
                                std::to_string(text.size())));
  auto bytes = from_base64(text);
  if (!bytes) return refuse(serialization("Invalid last non-pad Base64 character dectected"));
  return *std::move(bytes);
}

Outcome<bool> bool_of(const json::value& json) {
  if (json.is_bool()) return json.get_bool();
  if (json.is_string()) {
    std::string text(json.get_string());
    for (char& c : text) c = char(std::tolower(static_cast<unsigned char>(c)));
    if (text == "true" || text == "1" || text == "yes") return true;
    if (text == "false" || text == "0" || text == "no") return false;
    return refuse(serialization("Unexpected token received from parser"));
  }
  return refuse(not_a("Boolean", json));
}

std::string listed(const json::array& elements) {
  std::string out = "[";
  for (const json::value& element : elements) {
    if (out.size() > 1) out += ", ";
    out += element.is_string() ? std::string_view(element.get_string()) : std::string_view();
  }
  return out + "]";
}

Outcome<std::string> canonical(std::string_view text, Trust trust) {
  if (trust == Trust::stored) return std::string(text);
  auto number = Number::parse(text);
  if (!number) return refuse(number.error());
  return number->text();
}

Outcome<void> read_set(Value& value, const json::value& json, Trust trust) {
  if (!json.is_array())
    return refuse(json.is_object() ? serialization("Start of structure or map found where not expected")
                                   : serialization("Unexpected field type"));
  const json::array& elements = json.get_array();
  for (const json::value& element : elements) {
    if (value.type == Type::binary_set) {
      auto bytes = bytes_of(element);
      if (!bytes) return refuse(bytes.error());
      value.set.push_back(*std::move(bytes));
      continue;
    }
    auto text = text_of(element);
    if (!text) return refuse(text.error());
    if (value.type == Type::string_set) {
      value.set.emplace_back(*text);
      continue;
    }
    auto number = canonical(*text, trust);
    if (!number) return refuse(number.error());
    value.set.push_back(*std::move(number));
  }
  if (trust == Trust::stored) return {};
  if (elements.empty())
    return refuse(invalid_parameter(value.type == Type::string_set   ? "An string set  may not be empty"
                                    : value.type == Type::number_set ? "An number set  may not be empty"
                                                                     : "Binary sets should not be empty"));
  std::sort(value.set.begin(), value.set.end());
  if (std::adjacent_find(value.set.begin(), value.set.end()) != value.set.end()) {
    if (value.type == Type::number_set) return refuse(validation("Input collection contains duplicates"));
    return refuse(invalid_parameter(
        "Input collection " + listed(elements) +
        (value.type == Type::string_set ? " contains duplicates." : "of type BS contains duplicates.")));
  }
  return {};
}

Outcome<Value> read(const json::value& json, Trust trust, int depth);

Outcome<Attributes> read_map(const json::value& json, Trust trust, int depth) {
  if (json.is_array())
    return refuse(
        serialization("Unrecognized collection type java.util.Map<java.lang.String, "
                      "com.amazonaws.dynamodb.v20120810.AttributeValue>"));
  if (!json.is_object()) return refuse(serialization("Unexpected field type"));
  Attributes out;
  for (const auto& [name, member] : json.get_object()) {
    auto value = read(member, trust, depth);
    if (!value) return refuse(std::move(value.error()));
    out.append(std::string(name), *std::move(value));
  }
  out.sort();
  return out;
}

Outcome<Value> read_typed(Type type, const json::value& json, Trust trust, int depth) {
  Value value;
  value.type = type;
  switch (type) {
    case Type::string: {
      auto text = text_of(json);
      if (!text) return refuse(text.error());
      value.text = *text;
      break;
    }
    case Type::number: {
      auto text = text_of(json);
      if (!text) return refuse(text.error());
      auto number = canonical(*text, trust);
      if (!number) return refuse(number.error());
      value.text = *std::move(number);
      break;
    }
    case Type::binary: {
      auto bytes = bytes_of(json);
      if (!bytes) return refuse(bytes.error());
      value.text = *std::move(bytes);
      break;
    }
    case Type::string_set:
    case Type::number_set:
    case Type::binary_set: {
      auto done = read_set(value, json, trust);
      if (!done) return refuse(done.error());
      break;
    }
    case Type::map: {
      auto map = read_map(json, trust, depth + 1);
      if (!map) return refuse(map.error());
      value.map = *std::move(map);
      break;
    }
    case Type::list: {
      if (!json.is_array())
        return refuse(json.is_object() ? serialization("Start of structure or map found where not expected")
                                       : serialization("Unexpected field type"));
      for (const json::value& element : json.get_array()) {
        auto read_element = read(element, trust, depth + 1);
        if (!read_element) return refuse(read_element.error());
        value.list.push_back(*std::move(read_element));
      }
      break;
    }
    case Type::null: {
      auto truth = bool_of(json);
      if (!truth) return refuse(truth.error());
      if (!*truth) return refuse(invalid_parameter("Null attribute value types must have the value of true"));
      break;
    }
    case Type::boolean: {
      auto truth = bool_of(json);
      if (!truth) return refuse(truth.error());
      value.boolean = *truth;
      break;
    }
  }
  return value;
}

Outcome<Value> read(const json::value& json, Trust trust, int depth) {
  if (!json.is_object()) {
    if (json.is_array())
      return refuse(
          serialization("Unrecognized collection type class com.amazonaws.dynamodb.v20120810.AttributeValue"));
    return refuse(serialization("Unexpected value type in payload"));
  }
  if (depth > kDeepest) return refuse(validation("Nesting Levels have exceeded supported limits"));
  std::optional<Value> found;
  for (const auto& [name, member] : json.get_object()) {
    auto type = parse_type(name);
    if (!type || member.is_null()) continue;  // AWS skips what it does not know
    if (found)
      return refuse(
          validation("Supplied AttributeValue has more than one datatypes set, must contain exactly one of the "
                     "supported datatypes"));
    auto value = read_typed(*type, member, trust, depth);
    if (!value) return refuse(std::move(value.error()));
    found = *std::move(value);
  }
  if (!found)
    return refuse(validation("Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"));
  return *std::move(found);
}

}  // namespace

Outcome<json::value> parse_text(std::string_view text, json::storage_ptr storage) {
  json::parse_options options;
  options.max_depth = 4 * kDeepest;
  boost::system::error_code failed;
  json::value value = json::parse(text, failed, std::move(storage), options);
  if (failed) return refuse(serialization("The request body is not valid JSON: " + failed.message()));
  return value;
}

Outcome<Value> read_value(const json::value& json) {
  return read(json, Trust::client, 1);
}
Outcome<Attributes> read_attributes(const json::value& json) {
  return read_map(json, Trust::client, 1);
}

Attributes read_stored(std::string_view text) {
  unsigned char buffer[8192];
  json::monotonic_resource memory(buffer, sizeof buffer);
  auto parsed = parse_text(text, &memory);
  if (parsed)
    if (auto attributes = read_map(*parsed, Trust::stored, 1)) return *std::move(attributes);
  throw std::runtime_error("a stored DynamoDB item cannot be read");
}

void write_string(std::string& out, std::string_view text) {
  constexpr char kHex[] = "0123456789abcdef";
  out += '"';
  std::size_t plain = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const unsigned char c = static_cast<unsigned char>(text[i]);
    if (c >= 0x20 && c != '"' && c != '\\') continue;
    out.append(text, plain, i - plain);
    plain = i + 1;
    out += '\\';
    switch (c) {
      case '"':
        out += '"';
        break;
      case '\\':
        out += '\\';
        break;
      case '\n':
        out += 'n';
        break;
      case '\r':
        out += 'r';
        break;
      case '\t':
        out += 't';
        break;
      default:
        (out += "u00") += kHex[c >> 4], out += kHex[c & 15];
    }
  }
  out.append(text, plain, text.size() - plain);
  out += '"';
}

void write_value(std::string& out, const Value& value) {
  ((out += "{\"") += to_string(value.type)) += "\":";
  auto separated = [&out](const auto& elements, auto&& write) {
    out += '[';
    bool first = true;
    for (const auto& element : elements) {
      if (!std::exchange(first, false)) out += ',';
      write(element);
    }
    out += ']';
  };
  switch (value.type) {
    case Type::string:
    case Type::number:
      write_string(out, value.text);
      break;
    case Type::binary:
      ((out += '"') += to_base64(value.text)) += '"';
      break;
    case Type::string_set:
    case Type::number_set:
      separated(value.set, [&](const std::string& e) { write_string(out, e); });
      break;
    case Type::binary_set:
      separated(value.set, [&](const std::string& e) { ((out += '"') += to_base64(e)) += '"'; });
      break;
    case Type::list:
      separated(value.list, [&](const Value& e) { write_value(out, e); });
      break;
    case Type::map:
      write_attributes(out, value.map);
      break;
    case Type::null:
      out += "true";
      break;
    case Type::boolean:
      out += value.boolean ? "true" : "false";
      break;
  }
  out += '}';
}

void write_attributes(std::string& out, const Attributes& attributes) {
  out += '{';
  bool first = true;
  for (const auto& [name, value] : attributes) {
    if (!std::exchange(first, false)) out += ',';
    write_string(out, name);
    out += ':';
    write_value(out, value);
  }
  out += '}';
}

std::string to_json(const Attributes& attributes) {
  std::string out;
  write_attributes(out, attributes);
  return out;
}

}  // namespace ads::cloud::dynamodb
