#include "aws/sts/client.h"

#include <pugixml.hpp>

#include "aws/services.h"

namespace ads::aws::sts {
namespace {

constexpr std::string_view kVersion = "2011-06-15";

std::unexpected<Error> malformed(std::string message) {
  return fail(ErrorKind::corrupt, "MalformedAnswer", "STS " + std::move(message));
}

}  // namespace

// <GetCallerIdentityResult><Arn/><UserId/><Account/></GetCallerIdentityResult>
Task<Result<CallerIdentity>> Client::get_caller_identity() const {
  Operation operation{kSts, "GetCallerIdentity", Protocol::query};
  auto xml = co_await connection_.call_query(operation, Form("GetCallerIdentity", kVersion));
  if (!xml) co_return fail(xml.error());
  pugi::xml_document document;
  if (auto parsed = parse_xml(*xml, document); !parsed) co_return fail(parsed.error());
  auto result = document.document_element().child("GetCallerIdentityResult");
  CallerIdentity out{xml_text(result, "Account"), xml_text(result, "Arn"), xml_text(result, "UserId")};
  if (out.account.empty()) co_return malformed("GetCallerIdentity: the answer has no Account");
  co_return out;
}

// <AssumeRoleResult><Credentials><AccessKeyId/><SecretAccessKey/><SessionToken/><Expiration/></Credentials>
// <AssumedRoleUser><AssumedRoleId/><Arn/></AssumedRoleUser></AssumeRoleResult>
Task<Result<AssumeRoleOutput>> Client::assume_role(AssumeRoleInput input) const {
  Form form("AssumeRole", kVersion);
  form.add("RoleArn", input.role_arn).add("RoleSessionName", input.session_name);
  if (input.duration) form.add("DurationSeconds", std::to_string(input.duration->count()));
  form.add_if("ExternalId", input.external_id).add_if("Policy", input.policy);
  Operation operation{kSts, "AssumeRole", Protocol::query};
  auto xml = co_await connection_.call_query(operation, std::move(form));
  if (!xml) co_return fail(xml.error());
  pugi::xml_document document;
  if (auto parsed = parse_xml(*xml, document); !parsed) co_return fail(parsed.error());
  auto result = document.document_element().child("AssumeRoleResult");
  auto given = result.child("Credentials"), user = result.child("AssumedRoleUser");
  auto expires = parse_iso8601(xml_text(given, "Expiration"));
  if (!expires || xml_text(given, "AccessKeyId").empty())
    co_return malformed("AssumeRole: the answer has no Credentials with an Expiration");
  co_return AssumeRoleOutput{
      {xml_text(given, "AccessKeyId"), xml_text(given, "SecretAccessKey"), xml_text(given, "SessionToken"), *expires},
      xml_text(user, "Arn"),
      xml_text(user, "AssumedRoleId")};
}

}  // namespace ads::aws::sts
