// Publish and PublishBatch. https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html
#include "cloud/sns/actions.h"
#include "cloud/sns/errors.h"

namespace ads::cloud::sns {
namespace {

Outcome<Draft> draft_of(const json::object& input) {
  Draft draft;
  draft.message = text(input, "Message");
  draft.has_subject = input.contains("Subject");
  draft.subject = text(input, "Subject");
  draft.structure = text(input, "MessageStructure");
  auto attributes = read_attributes(input);
  if (!attributes) return refuse(attributes.error());
  draft.attributes = std::move(*attributes);
  draft.group_id = text(input, "MessageGroupId");
  draft.deduplication_id = text(input, "MessageDeduplicationId");
  return draft;
}

bool is_entry_id(std::string_view id) {
  return !id.empty() && id.size() <= 80 && std::all_of(id.begin(), id.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_';
  });
}

json::object to_json(const Service::Accepted& accepted) {
  json::object answer{{"MessageId", accepted.message_id}};
  if (!accepted.sequence_number.empty()) answer["SequenceNumber"] = accepted.sequence_number;
  return answer;
}

}  // namespace

Answer publish(Context& context, const json::object& input) {
  if (!text(input, "PhoneNumber").empty()) co_return refuse(not_implemented("Publish to a PhoneNumber"));
  const std::string parameter = text(input, "TopicArn").empty() ? "TargetArn" : "TopicArn";
  const std::string arn = text(input, parameter);
  if (arn.empty()) co_return refuse(invalid_parameter("TopicArn or TargetArn Reason: no value for required parameter"));
  auto topic = context.topics().find_arn(arn, parameter);
  if (!topic) co_return refuse(topic.error());
  auto draft = draft_of(input);
  if (!draft) co_return refuse(draft.error());
  auto publication = check((*topic)->topic, std::move(*draft));
  if (!publication) co_return refuse(publication.error());
  std::vector<Publication> publications;
  publications.push_back(std::move(*publication));
  auto accepted = co_await context.sns.publish(*topic, std::move(publications));
  if (!accepted) co_return refuse(accepted.error());
  co_return to_json(accepted->front());
}

Answer publish_batch(Context& context, const json::object& input) {
  auto topic = context.topics().find_arn(text(input, "TopicArn"));
  if (!topic) co_return refuse(topic.error());
  const auto& entries = list(input, "PublishBatchRequestEntries");
  if (entries.empty()) co_return refuse(empty_batch());
  if (entries.size() > 10) co_return refuse(too_many_entries());
  std::set<std::string> ids;
  std::vector<std::pair<std::string, Outcome<Draft>>> drafts;
  std::size_t size = 0;
  for (const auto& entry : entries) {
    const std::string id = text(entry.get_object(), "Id");
    if (!is_entry_id(id)) co_return refuse(invalid_batch_entry_id());
    if (!ids.insert(id).second) co_return refuse(ids_not_distinct());
    auto draft = draft_of(entry.get_object());
    if (draft) size += size_of(*draft);
    drafts.emplace_back(id, std::move(draft));
  }
  if (size > kLargestMessage) co_return refuse(batch_too_long());
  std::vector<Publication> publications;
  std::vector<std::string> accepted_ids;
  json::array failed;
  for (auto& [id, draft] : drafts) {
    auto publication = draft ? check((*topic)->topic, std::move(*draft)) : Outcome<Publication>(refuse(draft.error()));
    if (publication) {
      accepted_ids.push_back(id);
      publications.push_back(std::move(*publication));
    } else {
      const WireError& error = publication.error();
      failed.push_back(json::object{
          {"Id", id}, {"Code", error.code}, {"Message", error.message}, {"SenderFault", error.status < 500}});
    }
  }
  auto accepted = co_await context.sns.publish(*topic, std::move(publications));
  if (!accepted) co_return refuse(accepted.error());
  json::array successful;
  for (std::size_t i = 0; i < accepted->size(); ++i) {
    json::object one = to_json((*accepted)[i]);
    one["Id"] = accepted_ids[i];
    successful.push_back(std::move(one));
  }
  co_return json::object{{"Successful", std::move(successful)}, {"Failed", std::move(failed)}};
}

}  // namespace ads::cloud::sns
