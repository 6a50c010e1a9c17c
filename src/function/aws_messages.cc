#include "function/aws_messages.h"

#include <algorithm>

#include "base/log.h"
#include "function/batch_answer.h"
#include "function/user_item.h"

namespace ads::function {
namespace {

constexpr std::size_t kSubject = 99;
constexpr std::size_t kMostRecipients = 50;   // of a message, SES's limit
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
    : sns_(connection), settings_(settings), kind_(settings.has_fifo_topic() ? Kind::fifo : Kind::standard) {}

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
  for (std::size_t at = 0; at < settings_.mail_to.size(); at += kMostRecipients) {
    auto count = std::min(kMostRecipients, settings_.mail_to.size() - at);
    auto to = std::span(settings_.mail_to).subspan(at, count);
    auto sent = co_await send_to(mail, to);
    if (sent) continue;
    // SES refuses a message for one bad recipient: without it the others get theirs. Where the answer leaves open
    // whether the message went out, it is not sent again.
    if (is_retryable(sent.error()) || to.size() == 1) co_return fail(sent.error());
    if (auto singly = co_await send_singly(mail, to); !singly) co_return fail(singly.error());
  }
  co_return Result<void>{};
}

Task<Result<void>> AwsMailer::send_to(const batch::Mail& mail, std::span<const std::string> to) {
  aws::sesv2::SimpleContent content;
  content.subject = mail.subject;
  content.text = mail.text;
  content.html = mail.html;
  aws::sesv2::SendEmailInput input;
  input.from = settings_.mail_from;
  input.to.assign(to.begin(), to.end());
  input.content = std::move(content);
  auto sent = co_await ses_.send_email(std::move(input));
  if (!sent) co_return fail(sent.error());
  co_return Result<void>{};
}

// An error only where none of them got it.
Task<Result<void>> AwsMailer::send_singly(const batch::Mail& mail, std::span<const std::string> to) {
  std::optional<Error> error;
  std::size_t sent_count = 0;
  for (std::size_t i = 0; i < to.size(); ++i) {
    auto sent = co_await send_to(mail, to.subspan(i, 1));
    if (sent) {
      ++sent_count;
      continue;
    }
    error = sent.error();
    log(LogLevel::error, "report recipient refused",
        {{"recipient", i + 1}, {"of", to.size()}, {"code", sent.error().code}, {"error", sent.error().message}});
  }
  if (sent_count == 0 && error) co_return fail(*error);
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
