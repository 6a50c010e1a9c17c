#include "cli/user_change.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ads::cli {
namespace {

using namespace aws::dynamodb;
using testing::HasSubstr;

// Attributes as JSON.
directory::ImportedUser user(std::map<std::string, std::string> attributes, std::set<std::string> stated = {}) {
  directory::ImportedUser out;
  out.key = "u";
  for (auto& [name, value] : attributes) stated.insert(name);
  out.attributes = std::move(attributes);
  out.stated = std::move(stated);
  return out;
}

// "same", "added", or "set a b, removed c".
std::string said(const directory::ImportedUser& file, const Item* present, ExistingUser existing,
                 FileTypes types = FileTypes::only_text) {
  auto item = user_item(file);
  UserChange change = compare(*item, present, existing, types);
  if (change.kind == UserChange::Kind::none) return "same";
  if (change.kind == UserChange::Kind::added) return "added";
  std::string text = "set";
  for (auto& name : change.set) text += " " + name;
  text += ", removed";
  for (auto& name : change.removed) text += " " + name;
  return text;
}

TEST(UserChange, IsWhatDiffers) {
  constexpr auto replaced = ExistingUser::replaced, merged = ExistingUser::merged;
  Item present{{"serviceUUID", "u"}, {"status", "Active"}, {"lastPingedLocation", "Berlin"}, {"floor", 3}};
  auto file = user({{"status", R"("Active")"}});
  EXPECT_EQ(said(file, nullptr, merged), "added");
  EXPECT_EQ(said(file, &present, merged), "same") << "what the file does not speak of stays";
  EXPECT_EQ(said(file, &present, replaced), "set, removed floor lastPingedLocation");
  EXPECT_EQ(said(user({{"status", R"("Off")"}, {"firstName", R"("A")"}}), &present, merged),
            "set firstName status, removed");
  EXPECT_EQ(said(user({}, {"status", "lastName"}), &present, merged), "set, removed status")
      << "what the file has as empty goes, if it is there";
  EXPECT_EQ(said(user({{"status", R"("Active")"}, {"lastPingedLocation", R"("Berlin")"}, {"floor", "3"}}), &present,
                 replaced),
            "same");
}

TEST(UserChange, KnowsThatTextMayStandForANumber) {
  Item present{{"serviceUUID", "u"}, {"floor", 3}, {"vip", true}};
  auto file = user({{"floor", R"("3")"}, {"vip", R"("true")"}});
  EXPECT_EQ(said(file, &present, ExistingUser::merged, FileTypes::only_text), "same");
  EXPECT_EQ(said(file, &present, ExistingUser::merged, FileTypes::any), "set floor vip, removed");
  Item other{{"serviceUUID", "u"}, {"n", Number{"10000000000000000000000"}}, {"l", List{Number{"0.5"}}}};
  auto numbers = user({{"n", "1e22"}, {"l", "[0.50]"}});
  EXPECT_EQ(said(numbers, &other, ExistingUser::merged, FileTypes::any), "same");
}

// As doubles the two are one number.
TEST(UserChange, ComparesAllDigitsOfANumber) {
  Item present{{"serviceUUID", "u"}, {"n", Number{"12345678901234567890123456789012345678"}}};
  auto said_of = [&](const char* number) {
    return said(user({{"n", number}}), &present, ExistingUser::merged, FileTypes::any);
  };
  EXPECT_EQ(said_of("12345678901234567890123456789012345678"), "same");
  EXPECT_EQ(said_of("1.2345678901234567890123456789012345678E37"), "same");
  EXPECT_EQ(said_of("12345678901234567890123456789012345679"), "set n, removed");
}

TEST(UserItem, SaysWhatCannotBeStored) {
  EXPECT_THAT(user_item(user({{"n", "1e300"}})).error().message, HasSubstr("n: DynamoDB cannot hold the number 1e300"));
  EXPECT_THAT(user_item(user({{"n", R"({"a":[1,123456789012345678901234567890123456789]})"}})).error().message,
              HasSubstr("the number 123456789012345678901234567890123456789: it takes up to 38 digits"));
  EXPECT_THAT(user_item(user({{"a", '"' + std::string(409'600, 'x') + '"'}})).error().message,
              HasSubstr("the user has 409613 bytes"));
  EXPECT_TRUE(user_item(user({{"a", '"' + std::string(409'500, 'x') + '"'}})));
}

}  // namespace
}  // namespace ads::cli
