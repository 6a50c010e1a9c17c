// DynamoDB's AttributeValue (docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html).
#pragma once
#include <concepts>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace ads::aws::dynamodb {

class AttributeValue;
using List = std::vector<AttributeValue>;
using Map = std::map<std::string, AttributeValue, std::less<>>;
using Item = Map;

struct Null {
  bool operator==(const Null&) const = default;
};
struct Number {  // as text: DynamoDB has 38 digits
  std::string text;
  bool operator==(const Number&) const = default;
};
struct Binary {  // raw bytes
  std::string bytes;
  bool operator==(const Binary&) const = default;
};
struct StringSet {
  std::vector<std::string> values;
  bool operator==(const StringSet&) const = default;
};
struct NumberSet {
  std::vector<std::string> values;
  bool operator==(const NumberSet&) const = default;
};
struct BinarySet {
  std::vector<std::string> values;
  bool operator==(const BinarySet&) const = default;
};

class AttributeValue {
 public:
  using Value = std::variant<Null, bool, std::string, Number, Binary, StringSet, NumberSet, BinarySet, List, Map>;

  AttributeValue() = default;  // NULL
  AttributeValue(Null) {}
  AttributeValue(std::same_as<bool> auto flag) : value(flag) {}  // not an int, nor a pointer
  AttributeValue(std::string text) : value(std::move(text)) {}
  AttributeValue(std::string_view text) : value(std::string(text)) {}
  AttributeValue(const char* text) : value(std::string(text)) {}
  AttributeValue(std::int64_t number) : value(Number{std::to_string(number)}) {}
  AttributeValue(int number) : AttributeValue(std::int64_t{number}) {}
  AttributeValue(std::uint64_t number) : value(Number{std::to_string(number)}) {}
  AttributeValue(Number number) : value(std::move(number)) {}
  AttributeValue(Binary binary) : value(std::move(binary)) {}
  AttributeValue(StringSet set) : value(std::move(set)) {}
  AttributeValue(NumberSet set) : value(std::move(set)) {}
  AttributeValue(BinarySet set) : value(std::move(set)) {}
  AttributeValue(List list) : value(std::move(list)) {}
  AttributeValue(Map map) : value(std::move(map)) {}

  // The value where it is of that type.
  const std::string* string() const { return std::get_if<std::string>(&value); }
  std::optional<std::int64_t> integer() const;  // an N that is a whole number of 64 bits
  const Map* map() const { return std::get_if<Map>(&value); }
  const List* list() const { return std::get_if<List>(&value); }
  bool operator==(const AttributeValue&) const = default;

  Value value;
};

// The named attribute of an item as a string / whole number; nothing where it is absent or of another type.
std::optional<std::string_view> get_string(const Item& item, std::string_view name);
std::optional<std::int64_t> get_integer(const Item& item, std::string_view name);

// {"S": "text"}, {"N": "1"}, {"B": base64}, {"SS": [..]}, {"NS"}, {"BS"}, {"L": [..]}, {"M": {..}}, {"BOOL": true},
// {"NULL": true}
json::value to_json(const AttributeValue& value);
json::object to_json(const Map& item);
// Errors: corrupt / "MalformedAnswer".
Result<AttributeValue> attribute_value_from(const json::value& value);
Result<Item> item_from(const json::value& value);

}  // namespace ads::aws::dynamodb
