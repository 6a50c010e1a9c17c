// SQS as the other services of the city see it.
#include "base/encoding.h"
#include "cloud/sqs/errors.h"
#include "cloud/sqs/resources.h"
#include "cloud/sqs/service.h"
#include "cloud/sqs/system_attributes.h"

namespace ads::cloud::sqs {
namespace {

// Other services know the older names.
WireError told(WireError error) {
  return for_query(std::move(error));
}

}  // namespace

std::vector<Outcome<std::string>> Service::enqueue(const std::string& queue_arn, std::vector<OutgoingMessage> messages,
                                                   const Source& source) {
  std::vector<Outcome<std::string>> outcomes;
  const auto queue = queues_.find_arn(queue_arn);
  if (!queue) {
    outcomes.resize(messages.size(), Outcome<std::string>(refuse(told(queue_does_not_exist()))));
    return outcomes;
  }
  if (auto allowed = authorize(*this, *queue, "SendMessage", source); !allowed) {
    outcomes.resize(messages.size(), Outcome<std::string>(refuse(allowed.error())));
    return outcomes;
  }
  metrics_.used(queue);
  Changes changes;
  for (OutgoingMessage& message : messages) {
    auto checked = check(*queue, {std::move(message.body),
                                  std::move(message.attributes),
                                  {},
                                  std::move(message.group_id),
                                  std::move(message.deduplication_id),
                                  "",
                                  source.principal});
    if (!checked) {
      outcomes.push_back(refuse(told(checked.error())));
    } else {
      outcomes.push_back(queue->append(changes, std::move(*checked), {}, now()).message_id);
    }
  }
  if (auto applied = changes.apply(environment_.store); !applied) {
    outcomes.assign(outcomes.size(), Outcome<std::string>(refuse(internal_failure(applied.error()))));
  }
  return outcomes;
}

Task<Outcome<std::string>> Service::send(std::string queue_arn, OutgoingMessage message, Source source) {
  std::vector<OutgoingMessage> messages;
  messages.push_back(std::move(message));
  auto outcome = std::move(enqueue(queue_arn, std::move(messages), source).front());
  if (!outcome) co_return outcome;
  if (auto durable = co_await environment_.store.durable(); !durable)
    co_return refuse(internal_failure(durable.error()));
  co_return outcome;
}

Task<Outcome<std::vector<ReceivedMessage>>> Service::receive(std::string queue_arn, int most,
                                                             std::chrono::milliseconds wait) {
  const auto queue = queues_.find_arn(queue_arn);
  if (!queue) co_return refuse(told(queue_does_not_exist()));
  auto received =
      co_await receive(queue, {.most = static_cast<std::size_t>(std::clamp(most, 1, 10)), .wait = wait.count()});
  if (!received) co_return refuse(told(received.error()));
  std::vector<ReceivedMessage> messages;
  for (Received& one : *received) {
    ReceivedMessage message;
    message.system_attributes = system_attributes(one);
    message.message_id = std::move(one.message.id);
    message.receipt_handle = std::move(one.handle);
    message.md5_of_body = to_hex(one.message.body_md5);
    if (!one.message.attributes.empty()) message.md5_of_attributes = md5_of_attributes(one.message.attributes);
    message.body = std::move(one.message.body);
    message.attributes = std::move(one.message.attributes);
    messages.push_back(std::move(message));
  }
  co_return messages;
}

Task<Outcome<void>> Service::remove(std::string queue_arn, std::vector<std::string> receipt_handles) {
  const auto queue = queues_.find_arn(queue_arn);
  if (!queue) co_return refuse(told(queue_does_not_exist()));
  Changes changes;
  std::optional<WireError> first_error;
  for (const std::string& handle : receipt_handles) {
    auto removed = remove_one(*queue, changes, handle);
    if (!removed && !first_error) first_error = told(removed.error());
  }
  if (auto committed = co_await commit(std::move(changes)); !committed) co_return refuse(committed.error());
  if (first_error) co_return refuse(*first_error);
  co_return Outcome<void>();
}

Task<Outcome<void>> Service::change_visibility(std::string queue_arn, std::string receipt_handle,
                                               std::chrono::seconds timeout) {
  const auto queue = queues_.find_arn(queue_arn);
  if (!queue) co_return refuse(told(queue_does_not_exist()));
  Changes changes;
  auto changed = change_one(*queue, changes, receipt_handle, timeout.count() * 1000);
  if (!changed) co_return refuse(told(changed.error()));
  if (auto applied = changes.apply(environment_.store); !applied) co_return refuse(internal_failure(applied.error()));
  co_return Outcome<void>();
}

Outcome<void> Service::may(const std::string& queue_arn, std::string_view action, const Source& source) {
  const auto queue = queues_.find_arn(queue_arn);
  if (!queue) return refuse(told(queue_does_not_exist()));
  return authorize(*this, *queue, action, source);
}

Outcome<std::map<std::string, std::string>> Service::attributes(const std::string& queue_arn) {
  const auto queue = queues_.find_arn(queue_arn);
  if (!queue) return refuse(told(queue_does_not_exist()));
  const Attributes all = all_attributes(*queue);
  return std::map<std::string, std::string>(all.begin(), all.end());
}

}  // namespace ads::cloud::sqs
