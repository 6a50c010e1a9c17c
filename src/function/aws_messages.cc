#include "function/aws_messages.h"

namespace ads::function {
namespace {

// `status` is one of DynamoDB's reserved words, and others may become one: every name has a placeholder.
struct Projection {
  std::string expression;
  aws::dynamodb::Names names;
};
const Projection& user_projection() {
  static const Projection projection = [] {
    Projection out;
    for (std::string_view attribute : batch::kUserAttributes) {
      std::string name = "#" + std::string(attribute);
      if (!out.expression.empty()) out.expression += ", ";
      out.expression += name;
      out.names.emplace(std::move(name), std::string(attribute));
    }
    return out;
  }();
  return projection;
}

template <class Output>
batch::BatchAnswer to_answer(Output& output) {
  batch::BatchAnswer answer;
  answer.successful.reserve(output.successful.size());
  for (auto& entry : output.successful) answer.successful.push_back(std::move(entry.id));
  for (auto& entry : output.failed)
    answer.failed.push_back({std::move(entry.id), std::move(entry.code), std::move(entry.message),
                             entry.fault == std::remove_reference_t<decltype(entry.fault)>::sender});
  return answer;
}

template <class Attribute, class Message>
std::map<std::string, Attribute> attributes_of(const Message& message) {
  std::map<std::string, Attribute> out;
  for (auto& attribute : message.attributes())
    out.emplace(std::string(attribute.name), Attribute{std::string(attribute.type), std::move(attribute.value)});
  return out;
}

}  // namespace

Task<Result<FoundUsers>> AwsUsers::look_up(std::vector<std::string> service_uuids) {
  const Projection& projection = user_projection();
  aws::dynamodb::KeysOfTable wanted{.keys = {}, .projection = projection.expression, .names = projection.names};
  wanted.keys.reserve(service_uuids.size());
  for (std::string& uuid : service_uuids)
    wanted.keys.push_back({{std::string(batch::kUserKey), aws::dynamodb::AttributeValue(std::move(uuid))}});
  aws::dynamodb::BatchGetItemInput input;
  input.tables.emplace(settings_.users_table, std::move(wanted));
  auto output = co_await dynamodb_.batch_get_item(std::move(input));
  if (!output) co_return fail(output.error());

  FoundUsers found;
  for (auto& [table, items] : output->items)
    for (auto& item : items) {
      batch::User user;
      for (auto& [name, value] : item)
        if (auto* text = std::get_if<std::string>(&value.value)) user.set(name, std::move(*text));
      found.users.push_back(std::move(user));
    }
  for (auto& [table, keys] : output->unprocessed)
    for (auto& key : keys.keys)
      if (auto uuid = aws::dynamodb::get_string(key, batch::kUserKey)) found.unprocessed.emplace_back(*uuid);
  co_return found;
}

AwsTopic::AwsTopic(aws::Connection& connection, const Settings& settings)
    : sns_(connection),
      settings_(settings),
      kind_(settings.topic_arn.ends_with(".fifo") ? Kind::fifo : Kind::standard) {}

Task<Result<batch::BatchAnswer>> AwsTopic::publish(std::span<const batch::Notification* const> notifications) {
  std::vector<aws::sns::PublishEntry> entries;
  entries.reserve(notifications.size());
  for (const batch::Notification* notification : notifications) {
    aws::sns::PublishEntry& entry = entries.emplace_back();
    entry.id = notification->record_id;
    entry.message = notification->body;
    entry.attributes = attributes_of<aws::sns::MessageAttribute>(*notification);
    if (kind_ == Kind::fifo) {
      entry.group_id = notification->service_uuid;
      entry.deduplication_id = notification->record_id;
    }
  }
  auto output = co_await sns_.publish_batch(settings_.topic_arn, std::move(entries));
  if (!output) co_return fail(output.error());
  co_return to_answer(*output);
}

AwsRetryQueue::AwsRetryQueue(aws::Connection& connection, const Settings& settings)
    : sqs_(connection), settings_(settings) {}

Task<Result<batch::BatchAnswer>> AwsRetryQueue::send(std::span<const batch::RetryMessage* const> messages) {
  std::vector<aws::sqs::SendEntry> entries;
  entries.reserve(messages.size());
  for (const batch::RetryMessage* message : messages) {
    aws::sqs::SendEntry& entry = entries.emplace_back();
    entry.id = message->record_id;
    entry.body = message->body();
    entry.attributes = attributes_of<aws::sqs::MessageAttribute>(*message);
    entry.group_id = message->service_uuid;
    entry.deduplication_id = message->record_id;
  }
  auto output = co_await sqs_.send_message_batch(settings_.retry_queue_url, std::move(entries));
  if (!output) co_return fail(output.error());
  co_return to_answer(*output);
}

Task<Result<void>> AwsMailer::send(const batch::Mail& mail) {
  if (settings_.mail_from.empty() || settings_.mail_to.empty())
    co_return fail(ErrorKind::invalid, "NoRecipient", "MAIL_FROM or MAIL_TO is empty");
  aws::sesv2::SimpleContent content;
  content.subject = mail.subject;
  content.text = mail.text;
  content.html = mail.html;
  aws::sesv2::SendEmailInput input;
  input.from = settings_.mail_from;
  input.to = settings_.mail_to;
  input.content = std::move(content);
  auto sent = co_await ses_.send_email(std::move(input));
  if (!sent) co_return fail(sent.error());
  co_return Result<void>{};
}

}  // namespace ads::function
