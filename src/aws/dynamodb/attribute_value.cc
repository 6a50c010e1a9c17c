#include "aws/dynamodb/attribute_value.h"

#include <fmt/format.h>

#include <charconv>

#include "base/encoding.h"

namespace ads::aws::dynamodb {
namespace {

std::unexpected<Error> malformed(std::string message) {
  return fail(ErrorKind::corrupt, "MalformedAnswer", "DynamoDB: " + std::move(message));
}

json::array texts(const std::vector<std::string>& values) {
  json::array out;
  out.reserve(values.size());
  for (auto& value : values) out.emplace_back(value);
  return out;
}

struct Writer {
  json::object operator()(const Null&) const { return {{"NULL", true}}; }
  json::object operator()(bool flag) const { return {{"BOOL", flag}}; }
  json::object operator()(const std::string& text) const { return {{"S", text}}; }
  json::object operator()(const Number& number) const { return {{"N", number.text}}; }
  json::object operator()(const Binary& binary) const { return {{"B", to_base64(binary.bytes)}}; }
  json::object operator()(const StringSet& set) const { return {{"SS", texts(set.values)}}; }
  json::object operator()(const NumberSet& set) const { return {{"NS", texts(set.values)}}; }
  json::object operator()(const BinarySet& set) const {
    json::array out;
    for (auto& bytes : set.values) out.emplace_back(to_base64(bytes));
    return {{"BS", std::move(out)}};
  }
  json::object operator()(const List& list) const {
    json::array out;
    for (auto& element : list) out.push_back(to_json(element));
    return {{"L", std::move(out)}};
  }
  json::object operator()(const Map& map) const { return {{"M", to_json(map)}}; }
};

Result<std::vector<std::string>> read_set(std::string_view type, const json::value& value) {
  auto* array = value.if_array();
  if (!array) return malformed(fmt::format("{} is not an array", type));
  std::vector<std::string> out;
  for (auto& element : *array) {
    auto* text = element.if_string();
    if (!text) return malformed(fmt::format("an element of {} is not a string", type));
    if (type != "BS") {
      out.emplace_back(*text);
      continue;
    }
    auto bytes = from_base64(*text);
    if (!bytes) return malformed("an element of BS is not base64");
    out.push_back(std::move(*bytes));
  }
  return out;
}

}  // namespace

json::value to_json(const AttributeValue& value) {
  return std::visit(Writer{}, value.value);
}

json::object to_json(const Map& item) {
  json::object out;
  out.reserve(item.size());
  for (auto& [name, value] : item) out.emplace(name, to_json(value));
  return out;
}

Result<AttributeValue> attribute_value_from(const json::value& value) {
  auto* object = value.if_object();
  if (!object || object->size() != 1) return malformed("an attribute value is not an object of one type");
  std::string_view type = object->begin()->key();
  auto& content = object->begin()->value();
  auto* text = content.if_string();
  if (type == "S" && text) return AttributeValue(std::string(*text));
  if (type == "N" && text) return AttributeValue(Number{std::string(*text)});
  if (type == "B" && text) {
    auto bytes = from_base64(*text);
    if (!bytes) return malformed("B is not base64");
    return AttributeValue(Binary{std::move(*bytes)});
  }
  if (type == "BOOL" && content.is_bool()) return AttributeValue(content.get_bool());
  if (type == "NULL") return AttributeValue();
  if (type == "SS" || type == "NS" || type == "BS") {
    auto values = read_set(type, content);
    if (!values) return fail(values.error());
    if (type == "SS") return AttributeValue(StringSet{std::move(*values)});
    if (type == "NS") return AttributeValue(NumberSet{std::move(*values)});
    return AttributeValue(BinarySet{std::move(*values)});
  }
  if (type == "L" && content.is_array()) {
    List list;
    for (auto& element : content.get_array()) {
      auto read = attribute_value_from(element);
      if (!read) return fail(read.error());
      list.push_back(std::move(*read));
    }
    return AttributeValue(std::move(list));
  }
  if (type == "M") {
    auto map = item_from(content);
    if (!map) return fail(map.error());
    return AttributeValue(std::move(*map));
  }
  return malformed(fmt::format("no attribute value of type '{}'", type));
}

Result<Item> item_from(const json::value& value) {
  auto* object = value.if_object();
  if (!object) return malformed("an item is not an object");
  Item out;
  for (auto& member : *object) {
    auto read = attribute_value_from(member.value());
    if (!read) return fail(read.error());
    out.emplace(member.key(), std::move(*read));
  }
  return out;
}

std::optional<std::int64_t> AttributeValue::integer() const {
  auto* number = std::get_if<Number>(&value);
  if (!number) return std::nullopt;
  std::int64_t out = 0;
  auto [end, error] = std::from_chars(number->text.data(), number->text.data() + number->text.size(), out);
  if (error != std::errc() || end != number->text.data() + number->text.size()) return std::nullopt;
  return out;
}

std::optional<std::string_view> get_string(const Item& item, std::string_view name) {
  auto found = item.find(name);
  if (found == item.end() || !found->second.string()) return std::nullopt;
  return *found->second.string();
}

std::optional<std::int64_t> get_integer(const Item& item, std::string_view name) {
  auto found = item.find(name);
  return found == item.end() ? std::nullopt : found->second.integer();
}

}  // namespace ads::aws::dynamodb
