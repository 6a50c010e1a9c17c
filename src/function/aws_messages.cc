#include "function/aws_messages.h"

#include "function/batch_answer.h"
#include "function/user_item.h"

namespace ads::function {
namespace {

constexpr std::size_t kSubject = 99;
constexpr std::size_t kOpsMessage = 200'000;  // of SNS's 262,144

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
    for (auto& item : items) found.users.push_back(user_from_item(item));
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

Task<Result<void>> AwsMailer::tell_operators(const batch::Mail& mail) {
  if (settings_.ops_topic_arn.empty()) co_return fail(ErrorKind::invalid, "NoTopic", "OPS_TOPIC_ARN is empty");
  aws::sns::PublishInput input;
  input.topic_arn = settings_.ops_topic_arn;
  // SNS takes up to 100 characters of ASCII.
  std::string subject = mail.subject.substr(0, kSubject);
  for (char& c : subject)
    if (static_cast<unsigned char>(c) >= 0x7f) c = '?';
  input.subject = std::move(subject);
  input.message = mail.text.substr(0, kOpsMessage);
  auto published = co_await sns_.publish(std::move(input));
  if (!published) co_return fail(published.error());
  co_return Result<void>{};
}

}  // namespace ads::function
