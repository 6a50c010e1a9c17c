#include "cloud/s3/notification.h"

#include <gtest/gtest.h>

namespace ads::cloud::s3 {
namespace {

NotificationRule rule(std::vector<std::string> events, std::string prefix, std::string suffix) {
  NotificationRule rule;
  rule.id = prefix + suffix + events[0];
  rule.arn = "arn:aws:lambda:eu-west-1:000000000000:function:f";
  rule.events = std::move(events);
  rule.has_prefix = !prefix.empty();
  rule.has_suffix = !suffix.empty();
  rule.prefix = std::move(prefix);
  rule.suffix = std::move(suffix);
  return rule;
}
const std::vector<std::string> kCreated{"s3:ObjectCreated:*"}, kPut{"s3:ObjectCreated:Put"},
    kRemoved{"s3:ObjectRemoved:*"};

TEST(NotificationRules, OverlapWhereOneEventCouldMatchBoth) {
  struct Case {
    std::string name;
    NotificationRule a, b;
    bool overlap;
  } cases[] = {{"the same", rule(kCreated, "", ""), rule(kCreated, "", ""), true},
               {"wildcard and one", rule(kCreated, "", ""), rule(kPut, "", ""), true},
               {"other events", rule(kCreated, "", ""), rule(kRemoved, "", ""), false},
               {"other prefixes", rule(kCreated, "DES_Manually_Process_", ""),
                rule(kCreated, "ADS_Manually_Process_", ""), false},
               {"one prefix inside the other", rule(kCreated, "a", ""), rule(kCreated, "ab", ""), true},
               {"a prefix and none", rule(kCreated, "a", ""), rule(kCreated, "", ""), true},
               {"other suffixes", rule(kCreated, "", ".csv"), rule(kCreated, "", ".gz"), false},
               {"one suffix inside the other", rule(kCreated, "", ".csv.gz"), rule(kCreated, "", ".gz"), true},
               {"prefix against suffix", rule(kCreated, "a", ""), rule(kCreated, "", ".gz"), true},
               {"same prefix, other suffix", rule(kCreated, "a", ".csv"), rule(kCreated, "a", ".gz"), false},
               {"other prefix, same suffix", rule(kCreated, "a", ".csv"), rule(kCreated, "b", ".csv"), false}};
  for (const auto& c : cases) {
    EXPECT_EQ(rules_overlap(c.a, c.b), c.overlap) << c.name;
    EXPECT_EQ(rules_overlap(c.b, c.a), c.overlap) << c.name;
  }
}

TEST(NotificationRules, MatchPrefixSuffixAndEvent) {
  auto both = rule(kCreated, "in/", ".csv");
  EXPECT_TRUE(rule_matches(both, "s3:ObjectCreated:Put", "in/a.csv"));
  EXPECT_TRUE(rule_matches(both, "s3:ObjectCreated:CompleteMultipartUpload", "in/.csv"));
  EXPECT_FALSE(rule_matches(both, "s3:ObjectCreated:Put", "in/a.gz"));
  EXPECT_FALSE(rule_matches(both, "s3:ObjectCreated:Put", "out/a.csv"));
  EXPECT_FALSE(rule_matches(both, "s3:ObjectRemoved:Delete", "in/a.csv"));
  EXPECT_FALSE(rule_matches(rule(kPut, "", ""), "s3:ObjectCreated:Copy", "a"));
}

std::string configuration(std::string inside) {
  return "<NotificationConfiguration>" + inside + "</NotificationConfiguration>";
}
std::string queue(std::string inside) {
  return configuration("<QueueConfiguration><Id>a</Id><Queue>arn:aws:sqs:eu-west-1:000000000000:q</Queue>" + inside +
                       "</QueueConfiguration>");
}
std::string filter(std::string name, std::string value) {
  return "<FilterRule><Name>" + name + "</Name><Value>" + value + "</Value></FilterRule>";
}

TEST(NotificationXml, IsReadCheckedAndWrittenAgain) {
  auto parsed = parse_notification_xml(queue("<Event>s3:ObjectCreated:*</Event><Filter><S3Key>" +
                                             filter("prefix", "in/") + filter("Suffix", ".csv") + "</S3Key></Filter>"));
  ASSERT_TRUE(parsed);
  ASSERT_TRUE(check_rules(*parsed));
  EXPECT_EQ(parsed->rules[0].prefix, "in/");
  EXPECT_EQ(parsed->rules[0].suffix, ".csv");
  auto again = parse_notification_xml(to_xml(*parsed));
  ASSERT_TRUE(again);
  EXPECT_EQ(to_xml(*again), to_xml(*parsed));
  EXPECT_NE(to_xml(*parsed).find("<Name>Prefix</Name>"), std::string::npos);
  EXPECT_TRUE(parse_notification_xml(configuration("<EventBridgeConfiguration/>"))->has_event_bridge);
  EXPECT_TRUE(parse_notification_xml(configuration(""))->rules.empty());
}

TEST(NotificationXml, RefusesInAwsWords) {
  std::string event = "<Event>s3:ObjectCreated:*</Event>";
  struct Case {
    std::string name, xml, code, message;
  } cases[] = {
      {"not XML", "<Notif", "MalformedXML", ""},
      {"other root", "<Other/>", "MalformedXML", ""},
      {"no event", queue(""), "MalformedXML", ""},
      {"unknown element", queue(event + "<Wrong/>"), "MalformedXML", ""},
      {"unknown event", queue("<Event>s3:Nothing</Event>"), "InvalidArgument", "not supported"},
      {"filter name", queue(event + "<Filter><S3Key>" + filter("middle", "x") + "</S3Key></Filter>"), "InvalidArgument",
       "filter rule name must be either prefix or suffix"},
      {"two prefixes",
       queue(event + "<Filter><S3Key>" + filter("prefix", "x") + filter("prefix", "y") + "</S3Key></Filter>"),
       "InvalidArgument", "Cannot specify more than one prefix rule in a filter."},
      {"long prefix", queue(event + "<Filter><S3Key>" + filter("prefix", std::string(1025, 'x')) + "</S3Key></Filter>"),
       "InvalidArgument", "1024"},
      {"no ARN", configuration("<QueueConfiguration><Queue>q</Queue>" + event + "</QueueConfiguration>"),
       "InvalidArgument", "The ARN could not be parsed"},
      {"ARN of another service",
       configuration("<TopicConfiguration><Topic>arn:aws:sqs:r:0:q</Topic>" + event + "</TopicConfiguration>"),
       "InvalidArgument", "The ARN is not well formed"},
      {"FIFO queue",
       configuration("<QueueConfiguration><Queue>arn:aws:sqs:r:0:q.fifo</Queue>" + event + "</QueueConfiguration>"),
       "InvalidArgument", "FIFO"}};
  for (const auto& c : cases) {
    auto parsed = parse_notification_xml(c.xml);
    Outcome<void> checked;
    if (parsed) checked = check_rules(*parsed);
    auto* error = !parsed ? &parsed.error() : !checked ? &checked.error() : nullptr;
    ASSERT_TRUE(error) << c.name;
    EXPECT_EQ(error->code, c.code) << c.name;
    EXPECT_NE(error->message.find(c.message), std::string::npos) << c.name << ": " << error->message;
  }
}

TEST(NotificationRules, OverlappingOnesAreRefused) {
  NotificationConfiguration configuration{{rule(kCreated, "a", ""), rule(kPut, "ab", "")}};
  auto checked = check_rules(configuration);
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().message,
            "Configuration is ambiguously defined. Cannot have overlapping suffixes in two rules if the prefixes are "
            "overlapping for the same event type.");
}

}  // namespace
}  // namespace ads::cloud::s3
