#include "aws/dynamodb/natural_json.h"

#include <fmt/format.h>

#include <cmath>

#include "base/encoding.h"

namespace ads::aws::dynamodb {
namespace {

constexpr int kDeepest = 32;  // docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html

void append_text(std::string& out, std::string_view text) {
  out += json::serialize(json::string_view(text));
}

std::size_t digits(std::string_view text) {
  std::size_t count = 0;
  while (count < text.size() && text[count] >= '0' && text[count] <= '9') ++count;
  return count;
}

// DynamoDB writes numbers as JSON does. Others that speak its protocol may keep what they were given: "007", "+5",
// ".5".
void append_number(std::string& out, std::string_view text) {
  std::string_view rest = text;
  bool is_negative = rest.starts_with('-');
  if (is_negative || rest.starts_with('+')) rest.remove_prefix(1);
  std::string_view whole = rest.substr(0, digits(rest));
  rest.remove_prefix(whole.size());
  std::string_view fraction;
  if (rest.starts_with('.')) {
    fraction = rest.substr(1, digits(rest.substr(1)));
    rest.remove_prefix(1 + fraction.size());
  }
  std::string_view exponent;
  if (rest.starts_with('e') || rest.starts_with('E')) {
    std::size_t sign = rest.size() > 1 && (rest[1] == '+' || rest[1] == '-') ? 2 : 1;
    exponent = rest.substr(0, sign + digits(rest.substr(sign)));
    rest.remove_prefix(exponent.size());
    if (exponent.size() == sign) rest = "no digits";
  }
  if (!rest.empty() || (whole.empty() && fraction.empty())) return append_text(out, text);
  while (whole.size() > 1 && whole.starts_with('0')) whole.remove_prefix(1);
  if (is_negative) out += '-';
  out += whole.empty() ? std::string_view("0") : whole;
  if (!fraction.empty()) (out += '.') += fraction;
  out += exponent;
}

void append(std::string& out, const AttributeValue& value);

struct Appender {
  std::string& out;

  void operator()(const Null&) const { out += "null"; }
  void operator()(bool flag) const { out += flag ? "true" : "false"; }
  void operator()(const std::string& text) const { append_text(out, text); }
  void operator()(const Number& number) const { append_number(out, number.text); }
  void operator()(const Binary& binary) const { append_text(out, to_base64(binary.bytes)); }
  void operator()(const StringSet& set) const {
    list(set.values, [this](const auto& text) { append_text(out, text); });
  }
  void operator()(const NumberSet& set) const {
    list(set.values, [this](const auto& text) { append_number(out, text); });
  }
  void operator()(const BinarySet& set) const {
    list(set.values, [this](const auto& bytes) { append_text(out, to_base64(bytes)); });
  }
  void operator()(const List& values) const {
    list(values, [this](const auto& element) { append(out, element); });
  }
  void operator()(const Map& map) const {
    out += '{';
    for (std::string_view separator = ""; const auto& [name, member] : map) {
      out += separator;
      append_text(out, name);
      out += ':';
      append(out, member);
      separator = ",";
    }
    out += '}';
  }

 private:
  template <class Values, class AppendOne>
  void list(const Values& values, AppendOne append_one) const {
    out += '[';
    for (std::string_view separator = ""; const auto& element : values) {
      out += separator;
      append_one(element);
      separator = ",";
    }
    out += ']';
  }
};

void append(std::string& out, const AttributeValue& value) {
  std::visit(Appender{out}, value.value);
}

std::unexpected<Error> not_storable(std::string message) {
  return fail(ErrorKind::invalid, "NotStorable", std::move(message));
}

Result<AttributeValue> from(const json::value& value, int depth) {
  if (depth > kDeepest) return not_storable(fmt::format("nested deeper than DynamoDB's {} levels", kDeepest));
  switch (value.kind()) {
    case json::kind::null:
      return AttributeValue();
    case json::kind::bool_:
      return AttributeValue(value.get_bool());
    case json::kind::int64:
      return AttributeValue(std::int64_t{value.get_int64()});
    case json::kind::uint64:
      return AttributeValue(std::uint64_t{value.get_uint64()});
    case json::kind::double_: {
      double number = value.get_double();
      double size = std::fabs(number);
      if (size >= 1e126 || (size != 0 && size < 1e-130))
        return not_storable(fmt::format("DynamoDB cannot hold the number {}", number));
      return AttributeValue(Number{fmt::format("{}", number)});
    }
    case json::kind::string:
      return AttributeValue(std::string(value.get_string()));
    case json::kind::array: {
      List list;
      for (const auto& element : value.get_array()) {
        auto read = from(element, depth + 1);
        if (!read) return fail(read.error());
        list.push_back(std::move(*read));
      }
      return AttributeValue(std::move(list));
    }
    case json::kind::object:
      break;
  }
  Map map;
  for (const auto& member : value.get_object()) {
    auto read = from(member.value(), depth + 1);
    if (!read) return fail(read.error());
    map.insert_or_assign(std::string(member.key()), std::move(*read));
  }
  return AttributeValue(std::move(map));
}

}  // namespace

std::string natural_json(const AttributeValue& value) {
  std::string out;
  append(out, value);
  return out;
}

Result<AttributeValue> from_natural_json(const json::value& value) {
  return from(value, 0);
}

}  // namespace ads::aws::dynamodb
