#include "function/user_item.h"

#include <gtest/gtest.h>

namespace ads::function {
namespace {

using namespace aws::dynamodb;

TEST(UserItem, HasProfileFieldsOfAnyType) {
  auto user = user_from_item({{"serviceUUID", "u-1"},
                              {"status", "Active"},
                              {"firstName", "Ada"},
                              {"lastName", Null{}},
                              {"detailedAddress", Map{{"street", "12 St"}, {"floor", 3}}},
                              {"shoeSize", 38}});
  EXPECT_EQ(user.service_uuid, "u-1");
  EXPECT_EQ(user.status, "Active");
  EXPECT_EQ(user.first_name.json(), R"("Ada")");
  EXPECT_EQ(user.detailed_address.json(), R"({"floor":3,"street":"12 St"})");
  EXPECT_TRUE(user.last_name.is_missing());
  EXPECT_TRUE(user.last_pinged_location.is_missing());
  EXPECT_EQ(user.missing_fields(), 2);
}

TEST(UserItem, HasAStatusOfAnyScalar) {
  struct Case {
    AttributeValue status;
    const char* text;
  };
  for (const Case& c : {Case{"on", "on"}, Case{1, "1"}, Case{true, "true"}, Case{false, "false"}, Case{Null{}, ""},
                        Case{List{"Active"}, ""}})
    EXPECT_EQ(user_from_item({{"serviceUUID", "u"}, {"status", c.status}}).status, c.text);
}

}  // namespace
}  // namespace ads::function
