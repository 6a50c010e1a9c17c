#include "cli/user_change.h"

#include <fmt/format.h>

#include <algorithm>

#include "aws/dynamodb/natural_json.h"
#include "batch/user.h"
#include "cloud/dynamodb/number.h"

namespace ads::cli {
namespace {

namespace ddb = aws::dynamodb;

constexpr std::size_t kItemBytes = std::size_t{400} << 10;  // DynamoDB's limit

// docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html; never less than it.
std::size_t size_of(const ddb::AttributeValue& value) {
  struct Size {
    std::size_t operator()(const ddb::Null&) const { return 1; }
    std::size_t operator()(bool) const { return 1; }
    std::size_t operator()(const std::string& text) const { return text.size(); }
    std::size_t operator()(const ddb::Number& number) const {
      return std::min<std::size_t>(number.text.size() + 2, 21);
    }
    std::size_t operator()(const ddb::Binary& binary) const { return binary.bytes.size(); }
    std::size_t operator()(const ddb::StringSet& set) const { return texts(set.values); }
    std::size_t operator()(const ddb::NumberSet& set) const { return texts(set.values); }
    std::size_t operator()(const ddb::BinarySet& set) const { return texts(set.values); }
    std::size_t operator()(const ddb::List& list) const {
      std::size_t size = 3;
      for (const auto& element : list) size += 1 + size_of(element);
      return size;
    }
    std::size_t operator()(const ddb::Map& map) const {
      std::size_t size = 3;
      for (const auto& [name, member] : map) size += 1 + name.size() + size_of(member);
      return size;
    }
    static std::size_t texts(const std::vector<std::string>& values) {
      std::size_t size = 3;
      for (const auto& value : values) size += value.size();
      return size;
    }
  };
  return std::visit(Size{}, value.value);
}

// DynamoDB writes a number in its own way: "1E+2" is 100. Compared with all 38 digits.
bool is_same_number(const std::string& a, const std::string& b) {
  if (a == b) return true;
  auto x = cloud::dynamodb::Number::parse(a), y = cloud::dynamodb::Number::parse(b);
  return x && y && *x == *y;
}

// The first number that DynamoDB cannot hold; null where there is none.
const std::string* unstorable_number(const ddb::AttributeValue& value) {
  if (auto* number = std::get_if<ddb::Number>(&value.value))
    return cloud::dynamodb::Number::parse(number->text) ? nullptr : &number->text;
  if (auto* list = value.list())
    for (const auto& element : *list)
      if (auto* found = unstorable_number(element)) return found;
  if (auto* map = value.map())
    for (const auto& [name, member] : *map)
      if (auto* found = unstorable_number(member)) return found;
  return nullptr;
}

bool is_same(const ddb::AttributeValue& file, const ddb::AttributeValue& table, FileTypes types) {
  if (file == table) return true;
  if (auto *a = std::get_if<ddb::Number>(&file.value), *b = std::get_if<ddb::Number>(&table.value); a && b)
    return is_same_number(a->text, b->text);
  if (auto* text = file.string(); text && types == FileTypes::only_text) {
    bool is_scalar = std::holds_alternative<ddb::Number>(table.value) || std::holds_alternative<bool>(table.value);
    return is_scalar && *text == ddb::natural_json(table);
  }
  if (auto *a = file.list(), *b = table.list(); a && b)
    return std::ranges::equal(*a, *b, [&](const auto& x, const auto& y) { return is_same(x, y, types); });
  if (auto *a = file.map(), *b = table.map(); a && b)
    return std::ranges::equal(
        *a, *b, [&](const auto& x, const auto& y) { return x.first == y.first && is_same(x.second, y.second, types); });
  return false;
}

}  // namespace

Result<UserItem> user_item(const directory::ImportedUser& user) {
  UserItem out;
  out.item.emplace(batch::kUserKey, user.key);
  std::size_t size = batch::kUserKey.size() + user.key.size();
  for (const auto& [name, json] : user.attributes) {
    auto value = ddb::from_natural_json(json);
    if (!value) return fail(value.error().kind, value.error().code, fmt::format("{}: {}", name, value.error().message));
    if (auto* number = unstorable_number(*value))
      return fail(
          ErrorKind::invalid, "NotStorable",
          fmt::format("{}: DynamoDB cannot hold the number {}: it takes up to 38 digits, from 1E-130 to 9.9E+125", name,
                      *number));
    size += name.size() + size_of(*value);
    out.item.emplace(name, std::move(*value));
  }
  if (size > kItemBytes)
    return fail(ErrorKind::invalid, "NotStorable",
                fmt::format("the user has {} bytes, and DynamoDB's limit is {}", size, kItemBytes));
  for (const std::string& name : user.stated)
    if (!user.attributes.contains(name)) out.absent.push_back(name);
  return out;
}

UserChange compare(const UserItem& user, const ddb::Item* present, ExistingUser existing, FileTypes types) {
  UserChange change;
  if (!present) {
    change.kind = UserChange::Kind::added;
    return change;
  }
  for (const auto& [name, value] : user.item) {
    auto found = present->find(name);
    if (found == present->end() || !is_same(value, found->second, types)) change.set.push_back(name);
  }
  for (const auto& [name, value] : *present) {
    bool is_gone = existing == ExistingUser::replaced ? !user.item.contains(name)
                                                      : std::ranges::find(user.absent, name) != user.absent.end();
    if (is_gone) change.removed.push_back(name);
  }
  if (!change.set.empty() || !change.removed.empty()) change.kind = UserChange::Kind::changed;
  return change;
}

}  // namespace ads::cli
