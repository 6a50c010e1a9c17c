#include "cloud/s3/conditions.h"

#include <gtest/gtest.h>

namespace ads::cloud::s3 {
namespace {

// Modified at 12:00:00.500; HTTP dates see 12:00:00.
ObjectSummary object() {
  ObjectSummary object;
  object.etag = "abc";
  object.size = 3;
  object.modified = *parse_iso8601("2026-11-22T12:00:00.500Z");
  return object;
}
constexpr auto kBefore = "Sun, 22 Nov 2026 11:59:59 GMT";
constexpr auto kSame = "Sun, 22 Nov 2026 12:00:00 GMT";

TEST(ReadConditions, HaveTheDocumentedPrecedence) {
  struct Case {
    std::string name;
    http::Headers headers;
    std::string expected;  // "ok", "304", or the condition that failed
  } cases[] = {
      {"none", {}, "ok"},
      {"match", {{"If-Match", "\"abc\""}}, "ok"},
      {"match without quotes", {{"If-Match", "abc"}}, "ok"},
      {"match in a list", {{"If-Match", "\"x\", \"abc\""}}, "ok"},
      {"match star", {{"If-Match", "*"}}, "ok"},
      {"no match", {{"If-Match", "\"x\""}}, "If-Match"},
      {"none match", {{"If-None-Match", "\"abc\""}}, "304"},
      {"none match other", {{"If-None-Match", "\"x\""}}, "ok"},
      {"modified since before", {{"If-Modified-Since", kBefore}}, "ok"},
      {"modified since same", {{"If-Modified-Since", kSame}}, "304"},
      {"unmodified since same", {{"If-Unmodified-Since", kSame}}, "ok"},
      {"unmodified since before", {{"If-Unmodified-Since", kBefore}}, "If-Unmodified-Since"},
      {"match decides over unmodified", {{"If-Match", "\"abc\""}, {"If-Unmodified-Since", kBefore}}, "ok"},
      {"none match decides over modified", {{"If-None-Match", "\"x\""}, {"If-Modified-Since", kSame}}, "ok"},
      {"none match fails over modified", {{"If-None-Match", "\"abc\""}, {"If-Modified-Since", kBefore}}, "304"},
      {"no date is ignored", {{"If-Modified-Since", "yesterday"}}, "ok"}};
  for (const auto& c : cases) {
    auto verdict = check_read(c.headers, object());
    std::string seen = !verdict ? std::string(verdict.error().fields.at("Condition").as_string())
                       : *verdict == Verdict::not_modified ? "304"
                                                           : "ok";
    EXPECT_EQ(seen, c.expected) << c.name;
  }
}

TEST(WriteConditions, GuardWhatStandsThere) {
  auto current = object();
  struct Case {
    std::string name;
    http::Headers headers;
    const ObjectSummary* current;
    std::string expected;
  } cases[] = {{"none", {}, &current, ""},
               {"new", {{"If-None-Match", "*"}}, nullptr, ""},
               {"not new", {{"If-None-Match", "*"}}, &current, "PreconditionFailed"},
               {"etag is not supported", {{"If-None-Match", "\"abc\""}}, &current, "NotImplemented"},
               {"match", {{"If-Match", "\"abc\""}}, &current, ""},
               {"other", {{"If-Match", "\"x\""}}, &current, "PreconditionFailed"},
               {"gone", {{"If-Match", "\"x\""}}, nullptr, "NoSuchKey"}};
  for (const auto& c : cases) {
    auto checked = check_write(c.headers, "key", c.current);
    EXPECT_EQ(checked ? "" : checked.error().code, c.expected) << c.name;
  }
}

TEST(DeleteConditions, TakeEtagSizeAndTime) {
  auto current = object();
  EXPECT_TRUE(check_delete({}, "key", nullptr));
  EXPECT_TRUE(check_delete(
      {{"If-Match", "\"abc\""}, {"x-amz-if-match-size", "3"}, {"x-amz-if-match-last-modified-time", kSame}}, "key",
      &current));
  EXPECT_EQ(check_delete({{"If-Match", "\"x\""}}, "key", &current).error().code, "PreconditionFailed");
  EXPECT_EQ(check_delete({{"x-amz-if-match-size", "4"}}, "key", &current).error().code, "PreconditionFailed");
  EXPECT_EQ(check_delete({{"If-Match", "*"}}, "key", nullptr).error().code, "NoSuchKey");
}

TEST(CopySourceConditions, FailWith412) {
  auto source = object();
  EXPECT_TRUE(check_copy_source(
      {{"x-amz-copy-source-if-match", "\"abc\""}, {"x-amz-copy-source-if-unmodified-since", kBefore}}, source));
  EXPECT_EQ(check_copy_source({{"x-amz-copy-source-if-match", "\"x\""}}, source).error().status, 412);
  EXPECT_EQ(check_copy_source({{"x-amz-copy-source-if-none-match", "\"abc\""}}, source).error().status, 412);
  EXPECT_EQ(check_copy_source({{"x-amz-copy-source-if-modified-since", kSame}}, source).error().status, 412);
}

}  // namespace
}  // namespace ads::cloud::s3
