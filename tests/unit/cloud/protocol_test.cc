#include <gtest/gtest.h>

#include "cloud/query_protocol.h"
#include "cloud/route.h"

namespace ads::cloud {
namespace {

TEST(QueryForm, BecomesJson) {
  struct Case {
    const char *name, *form, *json;
  };
  for (Case c :
       {Case{"scalars", "Action=Publish&TopicArn=a%3Ab&Subject=a+b",
             R"({"Action":"Publish","TopicArn":"a:b","Subject":"a b"})"},
        Case{"list", "Tags.member.1.Key=k&Tags.member.1.Value=v&Tags.member.2.Key=l",
             R"({"Tags":[{"Key":"k","Value":"v"},{"Key":"l"}]})"},
        Case{"flat list", "AttributeName.2=B&AttributeName.1=A", R"({"AttributeName":["A","B"]})"},
        Case{"map", "Attributes.entry.1.key=a&Attributes.entry.1.value=b", R"({"Attributes":{"a":"b"}})"},
        Case{"nested", "E.member.1.A.entry.1.key=s&E.member.1.A.entry.1.value.DataType=String",
             R"({"E":[{"A":{"s":{"DataType":"String"}}}]})"},
        Case{"ten and two", "L.10=j&L.2=b", R"({"L":["b","j"]})"}, Case{"empty", "Tags=&X", R"({"Tags":"","X":""})"}}) {
    auto parsed = parse_query_form(c.form);
    ASSERT_TRUE(parsed) << c.name;
    EXPECT_EQ(json::value(*parsed), *parse_json(c.json)) << c.name << ": " << json::serialize(*parsed);
  }
}

TEST(QueryForm, IsBounded) {
  std::string many, deep = "a";
  for (int i = 1; i < 10'100; ++i) many += "L." + std::to_string(i) + "=x&";
  for (int i = 0; i < 30; ++i) deep += ".a";
  EXPECT_FALSE(parse_query_form(many));
  EXPECT_FALSE(parse_query_form(deep + "=1"));
}

TEST(XmlWriter, WritesJsonAsMembers) {
  XmlWriter xml;
  write_members(
      xml, {{"A", "x<y"}, {"L", {"1", "2"}}, {"O", {{"B", true}}}, {"N", nullptr}, {"M", {{"k", "v"}}}, {"F", {"p"}}},
      {.maps = {"M"}, .flat = {{"F", "Flat"}}});
  EXPECT_EQ(xml.take(),
            "<A>x&lt;y</A><L><member>1</member><member>2</member></L><O><B>true</B></O>"
            "<M><entry><key>k</key><value>v</value></entry></M><Flat>p</Flat>");
}

TEST(Route, FindsTheService) {
  struct Case {
    const char* name;
    http::Request head;
    const char *scope, *form, *service;
    Protocol protocol;
  };
  http::Headers cbor{{"smithy-protocol", "rpc-v2-cbor"}}, xml{{"Content-Type", "application/xml"}};
  http::Headers form{{"Content-Type", "application/x-www-form-urlencoded"}}, target{{"X-Amz-Target", "Kinesis_1.Put"}};
  http::Headers dynamodb{{"X-Amz-Target", "DynamoDB_20120810.GetItem"}}, sqs{{"X-Amz-Target", "AmazonSQS.SendMessage"}};
  for (const Case& c :
       {Case{"signed json", {"POST", "/", dynamodb}, "dynamodb", "", "dynamodb", Protocol::json},
        Case{"new sqs", {"POST", "/", sqs}, "sqs", "", "sqs", Protocol::json},
        Case{"old sqs", {"POST", "/"}, "sqs", "", "sqs", Protocol::query},
        Case{"unsigned target", {"POST", "/", sqs}, "", "", "sqs", Protocol::json},
        Case{"unsigned form", {"POST", "/"}, "", "Action=Publish&Version=2010-03-31", "sns", Protocol::query},
        Case{"lambda's path", {"GET", "/2015-03-31/functions/"}, "", "", "lambda", Protocol::rest_json},
        Case{"mail", {"POST", "/v2/email/outbound-emails"}, "", "", "ses", Protocol::rest_json},
        Case{"a bucket", {"GET", "/2015-bucket/key"}, "", "", "s3", Protocol::rest_xml},
        Case{"metrics in CBOR", {"POST", "/", cbor}, "monitoring", "", "monitoring", Protocol::cbor},
        Case{"unknown form", {"POST", "/", form}, "ec2", "", "ec2", Protocol::query},
        Case{"unknown target", {"POST", "/", target}, "kinesis", "", "kinesis", Protocol::json},
        Case{"unknown in CBOR", {"POST", "/", cbor}, "x", "", "x", Protocol::cbor},
        Case{"unknown in XML", {"POST", "/", xml}, "route53", "", "route53", Protocol::rest_xml},
        Case{"unknown path", {"GET", "/restapis"}, "apigateway", "", "apigateway", Protocol::rest_json}}) {
    Route found = route(c.head, c.scope, c.form);
    EXPECT_EQ(found.service, c.service) << c.name;
    EXPECT_EQ(found.protocol, c.protocol) << c.name;
  }
}

}  // namespace
}  // namespace ads::cloud
