#include "directory/identifier.h"

#include <gtest/gtest.h>

#include "base/encoding.h"
#include "directory/account_status.h"

namespace ads::directory {
namespace {

TEST(Identifier, GuidHasItsFirstThreeGroupsReversed) {
  EXPECT_EQ(guid_text(*from_hex("33221100554477668899aabbccddeeff")), "00112233-4455-6677-8899-aabbccddeeff");
  EXPECT_EQ(guid_text(*from_hex("ff19966f868b11d0b42d00c04fc964ff")), "6f9619ff-8b86-d011-b42d-00c04fc964ff");
  EXPECT_EQ(guid_text(""), std::nullopt);
  EXPECT_EQ(guid_text("6f9619ff-8b86-d011-b42d-00c04fc964ff"), std::nullopt);
}

TEST(Identifier, Sid) {
  EXPECT_EQ(sid_text(*from_hex("010500000000000515000000a065cf7e784b9b5fe77c8770091c0100")),
            "S-1-5-21-2127521184-1604012920-1887927527-72713");
  EXPECT_EQ(sid_text(*from_hex("0101000000000005")), std::nullopt) << "cut off";
  EXPECT_EQ(sid_text("S-1-5-21-1-2-3-4"), std::nullopt);
}

TEST(AccountStatus, IsWhatTheDirectorySays) {
  struct Case {
    const char *attribute, *value, *said;
  };
  for (Case c : {Case{"userAccountControl", "512", "Active"},
                 {"userAccountControl", "514", "Disabled"},
                 {"useraccountcontrol", "66048", "Active"},
                 {"userAccountControl", "66050", "Disabled"},
                 {"userAccountControl", "0x202", "Disabled"},
                 {"userAccountControl", "-2147483646", "Disabled"},
                 {"userAccountControl", "normal", "!userAccountControl: 'normal' is not a number"},
                 {"userAccountControl", "", "nothing"},
                 {"pwdAccountLockedTime", "000001010000Z", "Locked"},
                 {"pwdAccountLockedTime", "20260101120000Z", "Locked"},
                 {"nsAccountLock", "TRUE", "Locked"},
                 {"nsAccountLock", "false", "Active"},
                 {"Enabled", "False", "Disabled"},
                 {"Enabled", "True", "Active"},
                 {"accountEnabled", "true", "Active"},
                 {"Enabled", "maybe", "!Enabled: 'maybe' is not TRUE or FALSE"},
                 {"title", "Boss", "nothing"}}) {
    auto status = account_status(c.attribute, c.value);
    std::string said = !status ? "!" + status.error().message : !*status ? "nothing" : std::string(to_string(**status));
    EXPECT_EQ(said, c.said) << c.attribute << " " << c.value;
  }
}

}  // namespace
}  // namespace ads::directory
