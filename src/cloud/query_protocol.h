// AWS's Query protocol (SQS of old clients, SNS, CloudFormation, IAM, STS, CloudWatch): form in, XML out.
#pragma once
#include <map>
#include <string>
#include <string_view>

#include "base/json.h"
#include "cloud/call.h"
#include "cloud/wire_error.h"

namespace ads::cloud {

// A form body (or query string) as nested JSON, every scalar a string:
//   Action=Publish&TopicArn=a                 -> {"Action":"Publish","TopicArn":"a"}
//   Tags.member.1.Key=k                       -> {"Tags":[{"Key":"k"}]}
//   AttributeName.1=All                       -> {"AttributeName":["All"]}             (flattened list)
//   Attributes.entry.1.key=a & ...value=b     -> {"Attributes":{"a":"b"}}              (map)
//   Attribute.1.Name=a & Attribute.1.Value=b  -> {"Attribute":[{"Name":"a","Value":"b"}]}
// An empty list ("Tags=") is the empty string. Errors: MalformedInput for more than 10,000 members or a depth past 16.
Outcome<json::object> parse_query_form(std::string_view form);

// Builds XML; text is escaped. element("A", "x") -> <A>x</A>.
class XmlWriter {
 public:
  XmlWriter& open(std::string_view name, std::string_view attributes = {});
  XmlWriter& close();
  XmlWriter& element(std::string_view name, std::string_view text);
  XmlWriter& raw(std::string_view xml);
  std::string take();

 private:
  std::string out_;
  std::vector<std::string> open_;
};

std::string escape_xml(std::string_view text);

// A JSON result as Query XML members: objects nest, arrays become <Name><member>..</member></Name>, booleans
// true/false. `maps` names members that are maps: <Name><entry><key/><value/></entry></Name>; `flat` maps a member's
// name to the name of its repeated, unwrapped element.
struct XmlShape {
  std::vector<std::string_view> maps = {};
  std::map<std::string_view, std::string_view> flat = {};
};
void write_members(XmlWriter& xml, const json::object& members, const XmlShape& shape = {});

// <OperationResponse xmlns=".."><OperationResult>members</OperationResult><ResponseMetadata>..; `result` is the inner
// XML; an operation without a result passes the empty string and has no Result element.
http::Reply render_query_reply(const Call& call, std::string_view operation, std::string_view xml_namespace,
                               std::string_view result_xml);

}  // namespace ads::cloud
