#include "cloud/s3/configurations.h"

#include <charconv>
#include <pugixml.hpp>
#include <set>

#include "base/ids.h"
#include "cloud/access_policy.h"
#include "cloud/s3/errors.h"
#include "cloud/s3/object_headers.h"
#include "cloud/s3/tagging.h"
#include "cloud/s3/xml.h"

namespace ads::cloud::s3 {
namespace {

using Integrity = ConfigurationKind::Integrity;

constexpr std::string_view kDefaultEncryption =
    "<ServerSideEncryptionConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Rule>"
    "<ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault>"
    "<BucketKeyEnabled>false</BucketKeyEnabled></Rule></ServerSideEncryptionConfiguration>";

constexpr ConfigurationKind kKinds[] = {
    {"encryption",
     "ServerSideEncryptionConfiguration{Rule*!{ApplyServerSideEncryptionByDefault{SSEAlgorithm!,KMSMasterKeyID},"
     "BucketKeyEnabled,BlockedEncryptionTypes{EncryptionType*}}}",
     "", "", kDefaultEncryption},
    {"publicAccessBlock",
     "PublicAccessBlockConfiguration{BlockPublicAcls,IgnorePublicAcls,BlockPublicPolicy,RestrictPublicBuckets}",
     "NoSuchPublicAccessBlockConfiguration", "The public access block configuration was not found", ""},
    {"ownershipControls", "OwnershipControls{Rule*!{ObjectOwnership!}}", "OwnershipControlsNotFoundError",
     "The bucket ownership controls were not found", ""},
    {"lifecycle",
     "LifecycleConfiguration{Rule*!{ID,Prefix,Filter{Prefix,Tag{Key!,Value!},ObjectSizeGreaterThan,ObjectSizeLessThan,"
     "And{Prefix,Tag*{Key!,Value!},ObjectSizeGreaterThan,ObjectSizeLessThan}},Status!,"
     "Expiration{Date,Days,ExpiredObjectDeleteMarker},Transition*{Date,Days,StorageClass!},"
     "NoncurrentVersionTransition*{NoncurrentDays,StorageClass!,NewerNoncurrentVersions},"
     "NoncurrentVersionExpiration{NoncurrentDays,NewerNoncurrentVersions},"
     "AbortIncompleteMultipartUpload{DaysAfterInitiation!}}}",
     "NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist", "", 200, Integrity::required},
    {"tagging", "Tagging{TagSet!{Tag*{Key!,Value!}}}", "NoSuchTagSet", "The TagSet does not exist", "", 204,
     Integrity::required},
    {"policy", "", "NoSuchBucketPolicy", "The bucket policy does not exist", "", 204}};

bool is_one_of(std::string_view value, std::initializer_list<std::string_view> allowed) {
  return std::find(allowed.begin(), allowed.end(), value) != allowed.end();
}

bool is_boolean_or_absent(const pugi::xml_node& node) {
  return !node || is_one_of(node.child_value(), {"true", "false", "TRUE", "FALSE"});
}

Outcome<void> check_encryption(const pugi::xml_node& root) {
  for (auto rule : root.children("Rule")) {
    if (!is_boolean_or_absent(rule.child("BucketKeyEnabled"))) return refuse(errors::malformed_xml());
    auto by_default = rule.child("ApplyServerSideEncryptionByDefault");
    if (!by_default) continue;
    std::string_view algorithm = child_text(by_default, "SSEAlgorithm");
    if (!is_one_of(algorithm, {"AES256", "aws:kms", "aws:kms:dsse"})) return refuse(errors::malformed_xml());
    if (algorithm == "AES256" && by_default.child("KMSMasterKeyID"))
      return refuse(
          errors::invalid_argument("a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms",
                                   "ApplyServerSideEncryptionByDefault", ""));
  }
  return {};
}

Outcome<void> check_positive(const pugi::xml_node& node, std::string_view action) {
  if (!node) return {};
  std::string_view text = node.child_value();
  long long days = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), days);
  if (error != std::errc{} || end != text.data() + text.size()) return refuse(errors::malformed_xml());
  if (days <= 0)
    return refuse(errors::invalid_argument(
        "'" + std::string(node.name()) + "' for " + std::string(action) + " action must be a positive integer",
        node.name(), text));
  return {};
}

Outcome<void> check_lifecycle_rule(const pugi::xml_node& rule) {
  std::string_view id = child_text(rule, "ID");
  if (id.size() > 255)
    return refuse(errors::invalid_argument("ID length should not exceed allowed limit of 255", "ID", id));
  if (!is_one_of(child_text(rule, "Status"), {"Enabled", "Disabled"})) return refuse(errors::malformed_xml());
  if (!rule.child("Prefix") && !rule.child("Filter")) return refuse(errors::malformed_xml());
  bool has_action = false;
  for (auto name : {"Expiration", "Transition", "NoncurrentVersionTransition", "NoncurrentVersionExpiration",
                    "AbortIncompleteMultipartUpload"})
    has_action = has_action || rule.child(name);
  if (!has_action) return refuse(errors::invalid_request("At least one action needs to be specified in a rule"));
  if (auto expiration = rule.child("Expiration")) {
    int members = 0;
    for (auto member : expiration.children()) members += member.type() == pugi::node_element;
    if (members != 1) return refuse(errors::malformed_xml());
    if (auto ok = check_positive(expiration.child("Days"), "Expiration"); !ok) return ok;
  }
  for (auto transition : rule.children("Transition")) {
    if (!transition.child("Days") == !transition.child("Date")) return refuse(errors::malformed_xml());
    if (!is_one_of(child_text(transition, "StorageClass"),
                   {"GLACIER", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "DEEP_ARCHIVE", "GLACIER_IR"}))
      return refuse(errors::malformed_xml());
  }
  if (auto ok = check_positive(rule.child("NoncurrentVersionExpiration").child("NoncurrentDays"),
                               "NoncurrentVersionExpiration");
      !ok)
    return ok;
  return check_positive(rule.child("AbortIncompleteMultipartUpload").child("DaysAfterInitiation"),
                        "AbortIncompleteMultipartUpload");
}

Outcome<void> check_lifecycle(pugi::xml_node root) {
  std::set<std::string> ids;
  std::size_t count = 0;
  for (auto rule : root.children("Rule")) {
    if (++count > 1000) return refuse(errors::malformed_xml());
    if (auto checked = check_lifecycle_rule(rule); !checked) return checked;
    if (!*rule.child("ID").child_value()) {
      rule.remove_child("ID");
      rule.prepend_child("ID").text().set(random_uuid().c_str());
    }
    if (!ids.insert(rule.child("ID").child_value()).second)
      return refuse(errors::invalid_argument("Rule ID must be unique. Found same ID for more than one rule", "ID",
                                             rule.child("ID").child_value()));
  }
  return {};
}

Outcome<void> check_public_access_block(pugi::xml_node root) {
  for (auto name : {"BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"}) {
    auto node = root.child(name);
    if (!is_boolean_or_absent(node)) return refuse(errors::malformed_xml());
    if (!node)
      root.append_child(name).text().set("false");
    else if (std::string_view(node.child_value()) == "TRUE" || std::string_view(node.child_value()) == "FALSE")
      node.text().set(std::string_view(node.child_value()) == "TRUE" ? "true" : "false");
  }
  return {};
}

Outcome<void> check_ownership(const pugi::xml_node& root) {
  auto rules = root.children("Rule");
  if (std::distance(rules.begin(), rules.end()) != 1) return refuse(errors::malformed_xml());
  auto ownership = child_text(root.child("Rule"), "ObjectOwnership");
  if (!is_one_of(ownership, {"BucketOwnerPreferred", "ObjectWriter", "BucketOwnerEnforced"}))
    return refuse(errors::malformed_xml());
  if (ownership == "ObjectWriter" || ownership == "BucketOwnerPreferred")
    return refuse(not_implemented("object ownership other than BucketOwnerEnforced: ACLs"));
  return {};
}

Outcome<std::string> check_policy(const Bucket& bucket, std::string_view document) {
  auto policy = parse_json_object(document);
  if (!policy) return refuse(errors::malformed_policy("Policies must be valid JSON and the first byte must be '{'"));
  if (document.size() > 20 * 1024)
    return refuse(400, "PolicyTooLarge", "Normalized policy document exceeds the maximum allowed size of 20480 bytes");
  const auto* statement = policy->if_contains("Statement");
  if (!statement) return refuse(errors::malformed_policy("Missing required field Statement"));
  json::array one{*statement};
  const auto& statements = statement->is_array() ? statement->as_array() : one;
  for (const auto& entry : statements) {
    const auto* object = entry.if_object();
    if (!object) return refuse(errors::malformed_policy("Policy has invalid statement"));
    auto effect = get_string(*object, "Effect").value_or("");
    if (effect != "Allow" && effect != "Deny")
      return refuse(errors::malformed_policy("Invalid effect: " + std::string(effect)));
    if (!object->contains("Principal") && !object->contains("NotPrincipal"))
      return refuse(errors::malformed_policy("Missing required field Principal"));
    if (!object->contains("Action") && !object->contains("NotAction"))
      return refuse(errors::malformed_policy("Missing required field Action"));
    const auto* resource = object->if_contains("Resource");
    if (!resource && !object->contains("NotResource"))
      return refuse(errors::malformed_policy("Missing required field Resource"));
    if (!resource) continue;
    json::array single{*resource};
    for (const auto& name : resource->is_array() ? resource->as_array() : single) {
      bool is_ours = name.is_string() && (name.as_string() == bucket.arn() ||
                                          std::string_view(name.as_string()).starts_with(bucket.arn() + "/") ||
                                          std::string_view(name.as_string()).starts_with(bucket.arn() + "*"));
      if (!is_ours) return refuse(errors::malformed_policy("Policy has invalid resource"));
    }
  }
  if (auto read = access::parse_policy(document, access::PolicyKind::resource); !read)
    return refuse(errors::malformed_policy(read.error().message));
  const auto* block = bucket.configuration("publicAccessBlock");
  if (block && block->find("<BlockPublicPolicy>true<") != block->npos && is_public_policy(document))
    return refuse(
        403, "AccessDenied",
        "The caller is not authorized to perform: s3:PutBucketPolicy on resource: \"" + bucket.arn() +
            "\" because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.");
  return std::string(document);
}

std::string serialize(const pugi::xml_node& root) {
  struct Writer : pugi::xml_writer {
    std::string out;
    void write(const void* bytes, std::size_t size) override { out.append(static_cast<const char*>(bytes), size); }
  } writer;
  root.print(writer, "", pugi::format_raw | pugi::format_no_declaration);
  return std::move(writer.out);
}

}  // namespace

const ConfigurationKind* find_configuration(std::string_view name) {
  for (const auto& kind : kKinds)
    if (kind.name == name) return &kind;
  return nullptr;
}

const ConfigurationKind* named_configuration(const Request& request) {
  for (const auto& [name, value] : request.query)
    if (const auto* kind = find_configuration(name)) return kind;
  return nullptr;
}

Outcome<std::string> check_configuration(const ConfigurationKind& kind, const Bucket& bucket,
                                         std::string_view document) {
  if (kind.name == "policy") return check_policy(bucket, document);
  if (kind.name == "tagging") {
    auto tags = parse_tagging_xml(document);
    if (!tags) return refuse(tags.error());
    if (auto checked = check_tags(*tags, 50); !checked) return refuse(checked.error());
    return tagging_xml(*tags);
  }
  auto normal = normalise_xml(document, kind.shape);
  if (!normal) return refuse(normal.error());
  pugi::xml_document parsed;
  auto root = parse_xml(parsed, *normal, kind.shape.substr(0, kind.shape.find('{')));
  if (!root) return refuse(root.error());
  Outcome<void> checked;
  if (kind.name == "encryption") checked = check_encryption(*root);
  if (kind.name == "lifecycle") checked = check_lifecycle(*root);
  if (kind.name == "publicAccessBlock") checked = check_public_access_block(*root);
  if (kind.name == "ownershipControls") checked = check_ownership(*root);
  if (!checked) return refuse(checked.error());
  return serialize(*root);
}

void set_creation_defaults(Bucket& bucket) {
  bucket.configurations["publicAccessBlock"] = public_access_block_xml({{"BlockPublicAcls", true},
                                                                        {"IgnorePublicAcls", true},
                                                                        {"BlockPublicPolicy", true},
                                                                        {"RestrictPublicBuckets", true}});
  bucket.configurations["ownershipControls"] =
      ownership_xml({{"Rules", json::array{json::object{{"ObjectOwnership", "BucketOwnerEnforced"}}}}});
}

bool is_public_policy(std::string_view text) {
  auto policy = parse_json_object(text);
  if (!policy || !policy->contains("Statement")) return false;
  const auto& statement = policy->at("Statement");
  json::array one{statement};
  for (const auto& entry : statement.is_array() ? statement.as_array() : one) {
    const auto* object = entry.if_object();
    if (!object || get_string(*object, "Effect").value_or("") != "Allow" || object->contains("Condition")) continue;
    const auto* principal = object->if_contains("Principal");
    if (!principal) continue;
    if (*principal == json::value("*")) return true;
    const auto* by_kind = principal->if_object();
    const auto* aws = by_kind ? by_kind->if_contains("AWS") : nullptr;
    if (aws && (*aws == json::value("*") ||
                (aws->is_array() && std::count(aws->as_array().begin(), aws->as_array().end(), json::value("*")))))
      return true;
  }
  return false;
}

}  // namespace ads::cloud::s3
