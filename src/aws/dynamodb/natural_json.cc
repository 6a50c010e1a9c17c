#include "aws/dynamodb/natural_json.h"

#include <fmt/format.h>

#include <boost/json/basic_parser_impl.hpp>
#include <utility>
#include <vector>

#include "base/encoding.h"
#include "base/json.h"

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

// Numbers as they are written: Boost.JSON's values would make doubles of them.
class Builder {
 public:
  static constexpr std::size_t max_object_size = std::size_t(-1), max_array_size = std::size_t(-1);
  static constexpr std::size_t max_key_size = std::size_t(-1), max_string_size = std::size_t(-1);

  AttributeValue take() { return std::move(done_); }

  bool on_document_begin(json::error_code&) { return true; }
  bool on_document_end(json::error_code&) { return true; }
  bool on_object_begin(json::error_code&) { return begin(Map{}); }
  bool on_object_end(std::size_t, json::error_code&) { return end(); }
  bool on_array_begin(json::error_code&) { return begin(List{}); }
  bool on_array_end(std::size_t, json::error_code&) { return end(); }
  bool on_key_part(json::string_view part, std::size_t, json::error_code&) { return collect(part); }
  bool on_key(json::string_view part, std::size_t, json::error_code&) {
    collect(part);
    open_.back().key = std::exchange(text_, {});
    return true;
  }
  bool on_string_part(json::string_view part, std::size_t, json::error_code&) { return collect(part); }
  bool on_string(json::string_view part, std::size_t, json::error_code&) {
    collect(part);
    return add(AttributeValue(std::exchange(text_, {})));
  }
  bool on_number_part(json::string_view part, json::error_code&) { return collect(part); }
  bool on_int64(std::int64_t, json::string_view part, json::error_code&) { return number(part); }
  bool on_uint64(std::uint64_t, json::string_view part, json::error_code&) { return number(part); }
  bool on_double(double, json::string_view part, json::error_code&) { return number(part); }
  bool on_bool(bool flag, json::error_code&) { return add(AttributeValue(flag)); }
  bool on_null(json::error_code&) { return add(AttributeValue()); }
  bool on_comment_part(json::string_view, json::error_code&) { return true; }
  bool on_comment(json::string_view, json::error_code&) { return true; }

 private:
  struct Open {
    AttributeValue value;  // a Map or a List
    std::string key;       // of the member that comes next
  };

  bool collect(json::string_view part) {
    text_.append(part.data(), part.size());
    return true;
  }
  bool number(json::string_view part) {
    collect(part);
    return add(AttributeValue(Number{std::exchange(text_, {})}));
  }
  bool begin(AttributeValue value) {
    open_.push_back({std::move(value), {}});
    return true;
  }
  bool end() {
    AttributeValue value = std::move(open_.back().value);
    open_.pop_back();
    return add(std::move(value));
  }
  bool add(AttributeValue value) {
    if (open_.empty())
      done_ = std::move(value);
    else if (auto* list = std::get_if<List>(&open_.back().value.value))
      list->push_back(std::move(value));
    else
      std::get<Map>(open_.back().value.value).insert_or_assign(std::move(open_.back().key), std::move(value));
    return true;
  }

  std::vector<Open> open_;
  std::string text_;  // of a key, string or number that comes in parts
  AttributeValue done_;
};

}  // namespace

std::string natural_json(const AttributeValue& value) {
  std::string out;
  append(out, value);
  return out;
}

Result<AttributeValue> from_natural_json(std::string_view text) {
  json::parse_options options;
  options.max_depth = kDeepest;
  json::basic_parser<Builder> parser(options);
  json::error_code error;
  std::size_t used = parser.write_some(false, text.data(), text.size(), error);
  if (!error && text.find_first_not_of(" \t\r\n", used) != text.npos) error = json::error::extra_data;
  if (error == json::error::too_deep)
    return fail(ErrorKind::invalid, "NotStorable", fmt::format("nested deeper than DynamoDB's {} levels", kDeepest));
  if (error)
    return fail(ErrorKind::invalid, "MalformedJson", fmt::format("not JSON at byte {}: {}", used, error.message()));
  return parser.handler().take();
}

}  // namespace ads::aws::dynamodb
