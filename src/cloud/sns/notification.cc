#include "cloud/sns/notification.h"

#include "base/encoding.h"

namespace ads::cloud::sns {
namespace {

json::object attributes_of(const Publication& publication) {
  json::object attributes;
  for (const auto& [name, attribute] : publication.attributes) {
    const bool is_binary = attribute.data_type.starts_with("Binary");
    attributes[name] = json::object{{"Type", attribute.data_type},
                                    {"Value", is_binary ? to_base64(attribute.value) : attribute.value}};
  }
  return attributes;
}

std::string unsubscribe_url(const Subscription& subscription, std::string_view endpoint) {
  return fmt::format("{}/?Action=Unsubscribe&SubscriptionArn={}", endpoint, subscription.arn());
}

}  // namespace

const std::string& Publication::message_for(const std::string& protocol) const {
  const auto found = per_protocol.find(protocol);
  return found == per_protocol.end() ? message : found->second;
}

std::string envelope(const Publication& publication, const Subscription& subscription, std::string_view endpoint) {
  json::object body{{"Type", "Notification"}, {"MessageId", publication.message_id}};
  if (!publication.sequence_number.empty()) body["SequenceNumber"] = publication.sequence_number;
  body["TopicArn"] = publication.topic_arn;
  if (!publication.subject.empty()) body["Subject"] = publication.subject;
  body["Message"] = publication.message_for(subscription.protocol);
  body["Timestamp"] = iso8601(publication.time);
  body["SignatureVersion"] = "1";
  body["Signature"] = "";
  body["SigningCertURL"] = "";
  body["UnsubscribeURL"] = unsubscribe_url(subscription, endpoint);
  if (!publication.attributes.empty()) body["MessageAttributes"] = attributes_of(publication);
  return json::serialize(body);
}

std::string lambda_event(const Publication& publication, const Subscription& subscription, std::string_view endpoint) {
  json::object sns{{"Type", "Notification"},
                   {"MessageId", publication.message_id},
                   {"TopicArn", publication.topic_arn},
                   {"Subject", publication.subject.empty() ? json::value(nullptr) : json::value(publication.subject)},
                   {"Message", publication.message_for("lambda")},
                   {"Timestamp", iso8601(publication.time)},
                   {"SignatureVersion", "1"},
                   {"Signature", ""},
                   {"SigningCertUrl", ""},
                   {"UnsubscribeUrl", unsubscribe_url(subscription, endpoint)},
                   {"MessageAttributes", attributes_of(publication)}};
  json::object record{{"EventSource", "aws:sns"},
                      {"EventVersion", "1.0"},
                      {"EventSubscriptionArn", subscription.arn()},
                      {"Sns", std::move(sns)}};
  return json::serialize(json::object{{"Records", json::array{std::move(record)}}});
}

}  // namespace ads::cloud::sns
