#include "cli/user_import_result.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ads::cli {
namespace {

using testing::HasSubstr;

ImportResult result() {
  ImportResult out;
  out.table = "ads-users";
  out.file = "users.csv";
  return out;
}

TEST(ImportResult, SaysWhatWasAndWasNotImported) {
  ImportResult r = result();
  r.written = 1234;
  r.repeated = 1;
  r.bad = 2;
  r.bad_entries = {{5, "", "no serviceUUID"}, {6, "u 3", "'u 3' cannot be a serviceUUID"}};
  EXPECT_EQ(text_of(r),
            "Imported 1,234 users into ads-users.\n"
            "1 row names a user again: the last one counts.\n"
            "2 entries were not imported:\n"
            "  line 5: no serviceUUID\n"
            "  line 6, u 3: 'u 3' cannot be a serviceUUID\n");
  EXPECT_EQ(json_of(r).at("imported").to_number<int>(), 1234);
  EXPECT_EQ(json_of(r).at("notImported").to_number<int>(), 2);
  EXPECT_EQ(json_of(r).at("bad").at(0).at("line").to_number<int>(), 5);
}

TEST(ImportResult, ShowsADryRun) {
  ImportResult r = result();
  r.mode = ImportResult::Mode::dry_run;
  r.added = 1;
  r.changed = 12;
  r.missing = 1;
  r.same = 3;
  r.added_users = {"u-1"};
  for (int i = 0; i < 12; ++i) r.changed_users.push_back("c: status");
  r.missing_users = {"u-9"};
  std::string text = text_of(r);
  EXPECT_THAT(text,
              HasSubstr("Nothing was written. In ads-users, 1 user would be added, 12 changed, 1 removed; 3 are the "
                        "same.\n  + u-1\n  ~ c: status\n"));
  EXPECT_THAT(text, HasSubstr("  ~ ... 2 more\n  - u-9\n"));
  EXPECT_EQ(json_of(r).at("imported").to_number<int>(), 0);
}

TEST(ImportResult, RemarksOnStatuses) {
  ImportResult r = result();
  EXPECT_TRUE(status_remarks(r).empty());
  for (const char* status : {"Active", "active", " ACTIVE", "Aktiv", "Aktiv", ""}) r.count_status(status);
  EXPECT_THAT(
      status_remarks(r),
      testing::ElementsAre("3 users are not active (the stack's ActiveStatus is 'Active'): 2 'Aktiv', 1 without a "
                           "status",
                           "active all the same, though not spelled 'Active': 1 'active', 1 ' ACTIVE'"));
}

}  // namespace
}  // namespace ads::cli
