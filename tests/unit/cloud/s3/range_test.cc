#include "cloud/s3/range.h"

#include <gtest/gtest.h>

namespace ads::cloud::s3 {
namespace {

TEST(Ranges, AreTakenIgnoredOrRefused) {
  using Expected = std::optional<ByteRange>;
  struct Case {
    std::string header;
    std::uint64_t size;
    Expected expected;
  } taken[] = {
      {"bytes=0-0", 10, ByteRange{0, 0}},   {"bytes=2-5", 10, ByteRange{2, 5}},  {"bytes=5-", 10, ByteRange{5, 9}},
      {"bytes=5-100", 10, ByteRange{5, 9}}, {"bytes=-3", 10, ByteRange{7, 9}},   {"bytes=-30", 10, ByteRange{0, 9}},
      {"bytes=5-2", 10, std::nullopt},      {"bytes=0-1,3-4", 10, std::nullopt}, {"bytes=", 10, std::nullopt},
      {"bytes=-", 10, std::nullopt},        {"bytes=a-b", 10, std::nullopt},     {"lines=0-1", 10, std::nullopt}};
  for (const auto& c : taken) {
    auto range = parse_range(c.header, c.size);
    ASSERT_TRUE(range) << c.header;
    EXPECT_EQ(*range, c.expected) << c.header;
  }
  for (auto [header, size] :
       {std::pair{"bytes=10-", 10}, {"bytes=10-20", 10}, {"bytes=-0", 10}, {"bytes=0-", 0}, {"bytes=-5", 0}}) {
    auto range = parse_range(header, size);
    ASSERT_FALSE(range) << header;
    EXPECT_EQ(range.error().code, "InvalidRange");
    EXPECT_EQ(range.error().status, 416);
  }
}

TEST(CopyRanges, NeedBothEnds) {
  EXPECT_EQ(*parse_copy_range("bytes=0-9", 10), (ByteRange{0, 9}));
  for (auto header : {"bytes=0-", "bytes=-5", "0-9", "bytes=9-0", "bytes=0-10"})
    EXPECT_EQ(parse_copy_range(header, 10).error().code, "InvalidArgument") << header;
}

}  // namespace
}  // namespace ads::cloud::s3
