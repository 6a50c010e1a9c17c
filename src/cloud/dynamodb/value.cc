#include "cloud/dynamodb/value.h"

#include "cloud/dynamodb/number.h"

namespace ads::cloud::dynamodb {
namespace {

constexpr std::string_view kTypeNames[] = {"S", "N", "B", "SS", "NS", "BS", "M", "L", "NULL", "BOOL"};

auto position(auto& entries, std::string_view name) {
  return std::lower_bound(entries.begin(), entries.end(), name,
                          [](const auto& entry, std::string_view wanted) { return entry.first < wanted; });
}

std::size_t size_of_number(const std::string& text) {
  auto number = Number::parse(text);
  return number ? number->stored_size() : text.size();
}

}  // namespace

std::string_view to_string(Type type) {
  return kTypeNames[std::size_t(type)];
}

std::optional<Type> parse_type(std::string_view name) {
  for (std::size_t i = 0; i < std::size(kTypeNames); ++i)
    if (kTypeNames[i] == name) return Type(i);
  return std::nullopt;
}

Type element_type(Type set) {
  return set == Type::string_set ? Type::string : set == Type::number_set ? Type::number : Type::binary;
}

Attributes::Attributes() = default;
Attributes::~Attributes() = default;
Attributes::Attributes(const Attributes&) = default;
Attributes::Attributes(Attributes&&) noexcept = default;
Attributes& Attributes::operator=(const Attributes&) = default;
Attributes& Attributes::operator=(Attributes&&) noexcept = default;

const Value* Attributes::find(std::string_view name) const {
  auto found = position(entries_, name);
  return found != entries_.end() && found->first == name ? &found->second : nullptr;
}

Value* Attributes::find(std::string_view name) {
  auto found = position(entries_, name);
  return found != entries_.end() && found->first == name ? &found->second : nullptr;
}

void Attributes::set(std::string name, Value value) {
  auto found = position(entries_, name);
  if (found != entries_.end() && found->first == name)
    found->second = std::move(value);
  else
    entries_.emplace(found, std::move(name), std::move(value));
}

bool Attributes::remove(std::string_view name) {
  auto found = position(entries_, name);
  if (found == entries_.end() || found->first != name) return false;
  entries_.erase(found);
  return true;
}

void Attributes::append(std::string name, Value value) {
  entries_.emplace_back(std::move(name), std::move(value));
}

void Attributes::sort() {
  auto by_name = [](const auto& a, const auto& b) { return a.first < b.first; };
  if (!std::is_sorted(entries_.begin(), entries_.end(), by_name)) std::sort(entries_.begin(), entries_.end(), by_name);
}

std::size_t Attributes::size() const {
  return entries_.size();
}
Attributes::Entries::const_iterator Attributes::begin() const {
  return entries_.begin();
}
Attributes::Entries::const_iterator Attributes::end() const {
  return entries_.end();
}
bool Attributes::operator==(const Attributes& other) const {
  return entries_ == other.entries_;
}

Value Value::of_string(std::string text) {
  Value value;
  value.type = Type::string;
  value.text = std::move(text);
  return value;
}

Value Value::of_number(std::string canonical) {
  Value value;
  value.type = Type::number;
  value.text = std::move(canonical);
  return value;
}

bool Value::operator==(const Value& other) const {
  return type == other.type && boolean == other.boolean && text == other.text && set == other.set &&
         list == other.list && map == other.map;
}

int compare_scalars(const Value& a, const Value& b) {
  if (a.type == Type::number) {
    auto left = Number::parse(a.text), right = Number::parse(b.text);
    return left && right ? compare(*left, *right) : a.text.compare(b.text);
  }
  return a.text.compare(b.text);
}

std::size_t size_of(const Value& value) {
  switch (value.type) {
    case Type::string:
    case Type::binary:
      return value.text.size();
    case Type::number:
      return size_of_number(value.text);
    case Type::string_set:
    case Type::binary_set: {
      std::size_t total = 0;
      for (const std::string& element : value.set) total += element.size();
      return total;
    }
    case Type::number_set: {
      std::size_t total = 0;
      for (const std::string& element : value.set) total += size_of_number(element);
      return total;
    }
    case Type::list: {
      std::size_t total = 3;
      for (const Value& element : value.list) total += 1 + size_of(element);
      return total;
    }
    case Type::map:
      return 3 + value.map.size() + size_of(value.map);
    case Type::null:
    case Type::boolean:
      return 1;
  }
  return 0;
}

std::size_t size_of(const Attributes& attributes) {
  std::size_t total = 0;
  for (const auto& [name, value] : attributes) total += name.size() + size_of(value);
  return total;
}

}  // namespace ads::cloud::dynamodb
