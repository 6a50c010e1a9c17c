#include "cli/mail_address.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ads::cli {
namespace {

// RFC 3492, section 7.1, and names that people have.
TEST(Punycode, OfLabels) {
  struct {
    const char *label, *ascii;
  } cases[] = {{"bücher", "xn--bcher-kva"},
               {"BÜCHER", "xn--bcher-kva"},
               {"münchen-ost", "xn--mnchen-ost-9db"},
               {"他们为什么不说中文", "xn--ihqwcrb4cv8a8dqg056pqjye"},
               {"пример", "xn--e1afmkfd"},
               {"почемужеонинеговорятпорусски", "xn--b1abfaaepdrnnbgefbadotcwatmq2g4l"},
               {"3年b組金八先生", "xn--3b-ww4c5e180e575a65lsy2b"},
               {"example", "example"},
               {"xn--bcher-kva", "xn--bcher-kva"}};
  for (const auto& [label, ascii] : cases) {
    auto out = punycode_label(label);
    ASSERT_TRUE(out) << label << ": " << out.error().message;
    EXPECT_EQ(*out, ascii);
  }
}

TEST(MailAddress, BecomesWhatSesTakes) {
  struct {
    const char *given, *sendable;
  } cases[] = {{"ops@example.com", "ops@example.com"},
               {"Ops.Team+ads@Example.com", "Ops.Team+ads@Example.com"},
               {"ops@bücher.example", "ops@xn--bcher-kva.example"},
               {"root@localhost", "root@localhost"},
               {"\"a b\"@example.com", "\"a b\"@example.com"}};
  for (const auto& [given, sendable] : cases) {
    auto out = sendable_address(given);
    ASSERT_TRUE(out) << given << ": " << out.error().message;
    EXPECT_EQ(*out, sendable);
  }
  EXPECT_EQ(*sendable_addresses(" ops@example.com ,admin@пример.рф"), "ops@example.com,admin@xn--e1afmkfd.xn--p1ai");
}

TEST(MailAddress, IsRefusedWithWhatIsWrong) {
  struct {
    const char *given, *why;
  } cases[] = {{"ops", "no '@'"},
               {"@example.com", "1 to 64"},
               {"jörg@example.com", "only ASCII"},
               {"a..b@example.com", "not a name"},
               {"ops@", "empty"},
               {"ops@example..com", "empty"},
               {"ops@-example.com", "begins or ends"},
               {"ops@exa_mple.com", "has no '_'"},
               {"ops@bu\xcc\x88"
                "cher.example",
                "accent"},
               {"ops@b\xfc"
                "cher.example",
                "not UTF-8"},
               {"ops@exam\xe2\x80\x8bple.com", "control"}};
  for (const auto& [given, why] : cases) {
    auto out = sendable_address(given);
    ASSERT_FALSE(out) << given;
    EXPECT_EQ(out.error().code, "BadAddress");
    EXPECT_THAT(out.error().message, testing::HasSubstr(why)) << given;
  }
  // Each bad one of a list is named.
  auto list = sendable_addresses("ops@example.com, one, , two@");
  ASSERT_FALSE(list);
  EXPECT_THAT(list.error().message, testing::HasSubstr("'one'"));
  EXPECT_THAT(list.error().message, testing::HasSubstr("''"));
  EXPECT_THAT(list.error().message, testing::HasSubstr("'two@'"));
}

}  // namespace
}  // namespace ads::cli
