// AWS::S3::Bucket's properties, turned into the documents that S3's own API takes.
#include "cloud/query_protocol.h"
#include "cloud/s3/configurations.h"
#include "cloud/s3/xml.h"

namespace ads::cloud::s3 {
namespace {

// CloudFormation takes numbers and booleans as text too.
std::string text(const json::value& value) {
  return value.is_string() ? std::string(value.as_string()) : json::serialize(value);
}

void copy(XmlWriter& xml, const json::object& from, std::string_view property, std::string_view element) {
  if (const auto* value = from.if_contains(property)) xml.element(element, text(*value));
}

void write_tag(XmlWriter& xml, const json::value& tag) {
  xml.open("Tag");
  copy(xml, tag.as_object(), "Key", "Key");
  copy(xml, tag.as_object(), "Value", "Value");
  xml.close();
}

void write_filter(XmlWriter& xml, const json::object& rule) {
  const auto* tags = get_array(rule, "TagFilters");
  std::size_t tag_count = tags ? tags->size() : 0;
  std::size_t others =
      rule.contains("Prefix") + rule.contains("ObjectSizeGreaterThan") + rule.contains("ObjectSizeLessThan");
  bool needs_and = tag_count + others > 1;
  xml.open("Filter");
  if (needs_and) xml.open("And");
  if (rule.contains("Prefix") || tag_count + others == 0)
    xml.element("Prefix", rule.contains("Prefix") ? text(rule.at("Prefix")) : std::string{});
  for (std::size_t i = 0; i < tag_count; ++i) write_tag(xml, (*tags)[i]);
  copy(xml, rule, "ObjectSizeGreaterThan", "ObjectSizeGreaterThan");
  copy(xml, rule, "ObjectSizeLessThan", "ObjectSizeLessThan");
  if (needs_and) xml.close();
  xml.close();
}

void write_transition(XmlWriter& xml, const json::object& transition) {
  xml.open("Transition");
  copy(xml, transition, "TransitionDate", "Date");
  copy(xml, transition, "TransitionInDays", "Days");
  copy(xml, transition, "StorageClass", "StorageClass");
  xml.close();
}

void write_noncurrent_transition(XmlWriter& xml, const json::object& transition) {
  xml.open("NoncurrentVersionTransition");
  copy(xml, transition, "TransitionInDays", "NoncurrentDays");
  copy(xml, transition, "StorageClass", "StorageClass");
  copy(xml, transition, "NewerNoncurrentVersions", "NewerNoncurrentVersions");
  xml.close();
}

void write_actions(XmlWriter& xml, const json::object& rule) {
  if (rule.contains("ExpirationDate") || rule.contains("ExpirationInDays") ||
      rule.contains("ExpiredObjectDeleteMarker")) {
    xml.open("Expiration");
    copy(xml, rule, "ExpirationDate", "Date");
    copy(xml, rule, "ExpirationInDays", "Days");
    copy(xml, rule, "ExpiredObjectDeleteMarker", "ExpiredObjectDeleteMarker");
    xml.close();
  }
  if (const auto* one = get_object(rule, "Transition")) write_transition(xml, *one);
  if (const auto* many = get_array(rule, "Transitions"))
    for (const auto& one : *many) write_transition(xml, one.as_object());
  if (const auto* one = get_object(rule, "NoncurrentVersionTransition")) write_noncurrent_transition(xml, *one);
  if (const auto* many = get_array(rule, "NoncurrentVersionTransitions"))
    for (const auto& one : *many) write_noncurrent_transition(xml, one.as_object());
  if (const auto* expiration = get_object(rule, "NoncurrentVersionExpiration")) {
    xml.open("NoncurrentVersionExpiration");
    copy(xml, *expiration, "NoncurrentDays", "NoncurrentDays");
    copy(xml, *expiration, "NewerNoncurrentVersions", "NewerNoncurrentVersions");
    xml.close();
  } else if (rule.contains("NoncurrentVersionExpirationInDays")) {
    xml.open("NoncurrentVersionExpiration");
    copy(xml, rule, "NoncurrentVersionExpirationInDays", "NoncurrentDays");
    xml.close();
  }
  if (const auto* abort = get_object(rule, "AbortIncompleteMultipartUpload")) {
    xml.open("AbortIncompleteMultipartUpload");
    copy(xml, *abort, "DaysAfterInitiation", "DaysAfterInitiation");
    xml.close();
  }
}

}  // namespace

std::string lifecycle_xml(const json::object& property) {
  XmlWriter xml;
  xml.open("LifecycleConfiguration", kS3Namespace);
  if (const auto* rules = get_array(property, "Rules"))
    for (const auto& entry : *rules) {
      const auto& rule = entry.as_object();
      xml.open("Rule");
      copy(xml, rule, "Id", "ID");
      write_filter(xml, rule);
      copy(xml, rule, "Status", "Status");
      write_actions(xml, rule);
      xml.close();
    }
  xml.close();
  return xml.take();
}

std::string encryption_xml(const json::object& property) {
  XmlWriter xml;
  xml.open("ServerSideEncryptionConfiguration", kS3Namespace);
  if (const auto* rules = get_array(property, "ServerSideEncryptionConfiguration"))
    for (const auto& entry : *rules) {
      xml.open("Rule");
      if (const auto* by_default = get_object(entry.as_object(), "ServerSideEncryptionByDefault")) {
        xml.open("ApplyServerSideEncryptionByDefault");
        copy(xml, *by_default, "SSEAlgorithm", "SSEAlgorithm");
        copy(xml, *by_default, "KMSMasterKeyID", "KMSMasterKeyID");
        xml.close();
      }
      copy(xml, entry.as_object(), "BucketKeyEnabled", "BucketKeyEnabled");
      xml.close();
    }
  xml.close();
  return xml.take();
}

std::string public_access_block_xml(const json::object& property) {
  XmlWriter xml;
  xml.open("PublicAccessBlockConfiguration", kS3Namespace);
  for (std::string_view name : {"BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"})
    xml.element(name, property.contains(name) ? text(property.at(name)) : std::string("false"));
  xml.close();
  return xml.take();
}

std::string ownership_xml(const json::object& property) {
  XmlWriter xml;
  xml.open("OwnershipControls", kS3Namespace);
  if (const auto* rules = get_array(property, "Rules"))
    for (const auto& rule : *rules) {
      xml.open("Rule");
      copy(xml, rule.as_object(), "ObjectOwnership", "ObjectOwnership");
      xml.close();
    }
  xml.close();
  return xml.take();
}

}  // namespace ads::cloud::s3
