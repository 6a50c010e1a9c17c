// An attribute value and a set of named ones: what items, keys and expression values are made of.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ads::cloud::dynamodb {

enum class Type : std::uint8_t { string, number, binary, string_set, number_set, binary_set, map, list, null, boolean };

// "S", "N", "B", "SS", "NS", "BS", "M", "L", "NULL", "BOOL": the wire's names.
std::string_view to_string(Type type);
std::optional<Type> parse_type(std::string_view name);
inline bool is_set(Type t) {
  return t == Type::string_set || t == Type::number_set || t == Type::binary_set;
}
// The type of a set's elements.
Type element_type(Type set);

struct Value;

// Values by name, in the order of the names' bytes. An item is one of these, and so is a map inside of it.
class Attributes {
 public:
  using Entries = std::vector<std::pair<std::string, Value>>;

  Attributes();
  ~Attributes();
  Attributes(const Attributes&);
  Attributes(Attributes&&) noexcept;
  Attributes& operator=(const Attributes&);
  Attributes& operator=(Attributes&&) noexcept;

  const Value* find(std::string_view name) const;
  Value* find(std::string_view name);
  void set(std::string name, Value value);
  bool remove(std::string_view name);
  // Appends without looking; sort() must follow before anything is looked up.
  void append(std::string name, Value value);
  void sort();

  std::size_t size() const;
  bool empty() const { return size() == 0; }
  Entries::const_iterator begin() const;
  Entries::const_iterator end() const;
  bool operator==(const Attributes&) const;

 private:
  Entries entries_;
};

struct Value {
  Type type = Type::null;
  bool boolean = false;
  std::string text;              // string: UTF-8; number: canonical (Number::text); binary: raw bytes
  std::vector<std::string> set;  // elements likewise, in the order of their bytes
  std::vector<Value> list;
  Attributes map;

  static Value of_string(std::string text);
  static Value of_number(std::string canonical);

  bool operator==(const Value&) const;
};

// The order of two strings, numbers or binaries of one type: < 0, 0, > 0.
int compare_scalars(const Value& a, const Value& b);

// Bytes as AWS counts them towards the 400 KB of an item, the 1 MB of a page and capacity units.
std::size_t size_of(const Value& value);
std::size_t size_of(const Attributes& attributes);

}  // namespace ads::cloud::dynamodb
