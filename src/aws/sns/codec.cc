#include "aws/sns/codec.h"

#include <fmt/format.h>

#include <pugixml.hpp>

#include "base/encoding.h"

namespace ads::aws::sns {
namespace {

std::unexpected<Error> malformed(std::string message) {
  return fail(ErrorKind::corrupt, "MalformedAnswer", "SNS: " + std::move(message));
}

// MessageAttributes.entry.1.Name=Status & ...Value.DataType=Number & ...Value.StringValue=200
void add_attributes(Form& form, const std::string& prefix, const MessageAttributes& attributes) {
  int number = 0;
  for (auto& [name, attribute] : attributes) {
    auto entry = fmt::format("{}MessageAttributes.entry.{}.", prefix, ++number);
    form.add(entry + "Name", name).add(entry + "Value.DataType", attribute.data_type);
    if (attribute.data_type.starts_with("Binary")) {
      form.add(entry + "Value.BinaryValue", to_base64(attribute.value));
    } else {
      form.add(entry + "Value.StringValue", attribute.value);
    }
  }
}

// Attributes.entry.1.key=RawMessageDelivery & Attributes.entry.1.value=true
void add_map(Form& form, std::string_view name, const std::map<std::string, std::string>& map) {
  int number = 0;
  for (auto& [key, value] : map) {
    auto entry = fmt::format("{}.entry.{}.", name, ++number);
    form.add(entry + "key", key).add(entry + "value", value);
  }
}

// What PublishInput and PublishEntry have in common.
template <class Publish>
void add_publish(Form& form, const std::string& prefix, const Publish& publish) {
  form.add(prefix + "Message", publish.message).add_if(prefix + "Subject", publish.subject);
  add_attributes(form, prefix, publish.attributes);
  form.add_if(prefix + "MessageGroupId", publish.group_id);
  form.add_if(prefix + "MessageDeduplicationId", publish.deduplication_id);
}

// <PublishResponse><PublishResult>...</PublishResult><ResponseMetadata/></PublishResponse>
Result<pugi::xml_node> result_of(std::string_view xml, pugi::xml_document& document) {
  if (auto parsed = parse_xml(xml, document); !parsed) return fail(parsed.error());
  for (auto child : document.document_element().children())
    if (std::string_view(child.name()).ends_with("Result")) return child;
  return malformed(fmt::format("<{}> has no result", document.document_element().name()));
}

Text optional_text(const pugi::xml_node& node, const char* child) {
  auto text = xml_text(node, child);
  return text.empty() ? std::nullopt : Text(std::move(text));
}

}  // namespace

Form form(std::string_view action) {
  return Form(action, "2010-03-31");
}

Form encode(const PublishInput& input) {
  auto out = form("Publish");
  out.add("TopicArn", input.topic_arn);
  add_publish(out, "", input);
  return out;
}

Form encode_publish_batch(const std::string& topic_arn, const std::vector<PublishEntry>& entries) {
  auto out = form("PublishBatch");
  out.add("TopicArn", topic_arn);
  int number = 0;
  for (auto& entry : entries) {
    auto prefix = fmt::format("PublishBatchRequestEntries.member.{}.", ++number);
    out.add(prefix + "Id", entry.id);
    add_publish(out, prefix, entry);
  }
  return out;
}

Form encode(const SubscribeInput& input) {
  auto out = form("Subscribe");
  out.add("TopicArn", input.topic_arn).add("Protocol", input.protocol).add("Endpoint", input.endpoint);
  add_map(out, "Attributes", input.attributes);
  out.add("ReturnSubscriptionArn", "true");
  return out;
}

Form encode_create_topic(const std::string& name, const std::map<std::string, std::string>& attributes) {
  auto out = form("CreateTopic");
  out.add("Name", name);
  add_map(out, "Attributes", attributes);
  return out;
}

Result<PublishOutput> decode_publish(std::string_view xml) {
  pugi::xml_document document;
  auto result = result_of(xml, document);
  if (!result) return fail(result.error());
  PublishOutput out{xml_text(*result, "MessageId"), optional_text(*result, "SequenceNumber")};
  if (out.message_id.empty()) return malformed("Publish: no MessageId");
  return out;
}

// <PublishBatchResult><Successful><member><Id/><MessageId/><SequenceNumber/></member></Successful>
// <Failed><member><Id/><Code/><Message/><SenderFault/></member></Failed></PublishBatchResult>
Result<PublishBatchOutput> decode_publish_batch(std::string_view xml) {
  pugi::xml_document document;
  auto result = result_of(xml, document);
  if (!result) return fail(result.error());
  PublishBatchOutput out;
  for (auto entry : result->child("Successful").children("member"))
    out.successful.push_back(
        {xml_text(entry, "Id"), xml_text(entry, "MessageId"), optional_text(entry, "SequenceNumber")});
  for (auto entry : result->child("Failed").children("member"))
    out.failed.push_back({xml_text(entry, "Id"), xml_text(entry, "Code"), xml_text(entry, "Message"),
                          xml_text(entry, "SenderFault") == "true" ? Fault::sender : Fault::service});
  return out;
}

Result<ListSubscriptionsOutput> decode_list_subscriptions(std::string_view xml) {
  pugi::xml_document document;
  auto result = result_of(xml, document);
  if (!result) return fail(result.error());
  ListSubscriptionsOutput out;
  for (auto entry : result->child("Subscriptions").children("member"))
    out.subscriptions.push_back({xml_text(entry, "SubscriptionArn"), xml_text(entry, "Protocol"),
                                 xml_text(entry, "Endpoint"), xml_text(entry, "TopicArn"), xml_text(entry, "Owner")});
  out.next_token = optional_text(*result, "NextToken");
  return out;
}

Result<std::string> decode_text(std::string_view xml, const char* element) {
  pugi::xml_document document;
  auto result = result_of(xml, document);
  if (!result) return fail(result.error());
  auto text = xml_text(*result, element);
  if (text.empty()) return malformed(fmt::format("the answer has no {}", element));
  return text;
}

}  // namespace ads::aws::sns
