#include "batch/quarantine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/batch/hostile_file.h"

namespace ads::batch {
namespace {

TEST(Quarantine, ALineIsOneLineOfJson) {
  BadLine bad{42, 11, Reason::status_range, "status code 777", "777,0,\"u\"", false};
  EXPECT_EQ(
      quarantine_line(bad),
      R"({"offset":42,"length":11,"reason":"STATUS_RANGE","detail":"status code 777","line":"777,0,\"u\"","truncated":false})"
      "\n");
  bad.text = "503,\xff";
  EXPECT_EQ(
      quarantine_line(bad),
      R"({"offset":42,"length":11,"reason":"STATUS_RANGE","detail":"status code 777","lineBase64":"NTAzLP8=","truncated":false})"
      "\n");
}

TEST(Quarantine, EveryBadLineIsReadBackAsItWas) {
  int seen = 0;
  for (unsigned seed = 0; seed < 200; ++seed) {
    std::string text = HostileFile(seed).make(60);
    BatchReader reader;
    Line line;
    reader.feed(text);
    reader.finish();
    while (reader.next(line) == BatchReader::Step::line) {
      if (line.kind != Line::Kind::bad) continue;
      ++seen;
      BadLine bad = bad_line(line);
      std::string written = quarantine_line(bad);
      ASSERT_EQ(written.find('\n'), written.size() - 1);
      auto back = parse_quarantine_line(std::string_view(written).substr(0, written.size() - 1));
      ASSERT_TRUE(back) << written;
      ASSERT_EQ(*back, bad);
      ASSERT_EQ(bad.truncated, line.is_truncated);
    }
  }
  EXPECT_GT(seen, 1000);
}

TEST(Quarantine, ARecordThatCouldNotBeDelivered) {
  BadLine bad = bad_record({503, 0, "u", 7, 9}, "503,0,u", Reason::sender_fault, "InvalidParameter: \xff");
  EXPECT_EQ(bad, (BadLine{7, 9, Reason::sender_fault, "InvalidParameter: \xef\xbf\xbd", "503,0,u", false}));
}

TEST(Quarantine, NumbersAreCountedFromTheFilesFirstLine) {
  BadLine bad{42, 11, Reason::nul, "d", "x", false, 7};
  std::string line = quarantine_line(bad);
  EXPECT_TRUE(line.starts_with(R"({"lineNumber":7,"offset":42,)")) << line;
  EXPECT_EQ(*parse_quarantine_line(line), bad);
  EXPECT_EQ(renumbered(line, 0), line);
  bad.number = 1'000'007;
  EXPECT_EQ(renumbered(line, 1'000'000), quarantine_line(bad));
  bad.number = 0;
  EXPECT_EQ(renumbered(line, std::nullopt), quarantine_line(bad)) << "a shard before was not finished";
  EXPECT_EQ(renumbered(quarantine_line(bad), 5), quarantine_line(bad)) << "a line of an older version";
  for (const char* odd : {"", "{\"lineNumber\":", "{\"lineNumber\":x,", "{\"lineNumber\":5", "\n"})
    EXPECT_EQ(renumbered(odd, 5), odd);
}

TEST(Quarantine, ADamagedLineIsAnErrorThatNamesTheMember) {
  json::object good = to_json(BadLine{42, 11, Reason::nul, "d", "x", false});
  for (const char* member : {"offset", "length", "reason", "detail", "line", "truncated"}) {
    for (json::value wrong : {json::value(nullptr), json::value(-1)}) {
      json::object object = good;
      object[member] = wrong;
      auto bad = bad_line_from_json(object);
      ASSERT_FALSE(bad) << member;
      EXPECT_THAT(bad.error().message, testing::HasSubstr(member));
      EXPECT_EQ(bad.error().kind, ErrorKind::corrupt);
    }
  }
  std::string whole = quarantine_line(BadLine{42, 11, Reason::nul, "d", "\xff", false});
  for (std::size_t i = 0; i + 1 < whole.size(); ++i) EXPECT_FALSE(parse_quarantine_line(whole.substr(0, i))) << i;
  // One flipped byte gives an error or another value of the same form, never a crash.
  for (std::size_t i = 0; i < whole.size(); ++i) {
    std::string changed = whole;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    (void)parse_quarantine_line(changed);
  }
}

TEST(Reason, EveryOneHasANameThatIsReadBack) {
  ASSERT_EQ(kAllReasons.size(), kReasonCount);
  for (std::size_t i = 0; i < kReasonCount; ++i) {
    EXPECT_EQ(static_cast<std::size_t>(kAllReasons[i]), i);
    EXPECT_EQ(parse_reason(to_string(kAllReasons[i])), kAllReasons[i]);
    EXPECT_FALSE(explain(kAllReasons[i]).empty());
  }
  EXPECT_EQ(parse_reason("nul"), std::nullopt);
}

}  // namespace
}  // namespace ads::batch
