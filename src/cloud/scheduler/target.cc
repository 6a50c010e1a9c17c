#include "cloud/scheduler/target.h"

#include "cloud/scheduler/errors.h"

namespace ads::cloud::scheduler {
namespace {

constexpr std::string_view kPrincipal = "scheduler.amazonaws.com";
constexpr std::chrono::minutes kSession{15};

Source source_of(const Environment& environment, std::string_view region, const Schedule& schedule) {
  return {.principal = std::string(kPrincipal),
          .arn = schedule_arn(environment.account, region, schedule.group, schedule.name),
          .role_arn = std::string(get_string(schedule.target(), "RoleArn").value_or(""))};
}

}  // namespace

std::string payload_of(const Schedule& schedule, const InvocationContext& context, std::string_view account,
                       std::string_view region) {
  if (const auto input = get_string(schedule.target(), "Input")) return fill_in(*input, context);
  return json::serialize(json::object{{"version", "0"},
                                      {"id", context.execution_id},
                                      {"detail-type", "Scheduled Event"},
                                      {"source", "aws.scheduler"},
                                      {"account", account},
                                      {"time", context.scheduled_time},
                                      {"region", region},
                                      {"resources", json::array{json::value(context.schedule_arn)}},
                                      {"detail", "{}"}});
}

Task<Outcome<void>> check_role(Environment& environment, std::string region, std::string group, std::string name,
                               std::string role_arn) {
  // A trust policy that names a source names the group.
  // https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
  Source source{.principal = std::string(kPrincipal), .arn = group_arn(environment.account, region, group)};
  auto assumed = co_await environment.identities->assume(std::move(role_arn), name, source, kSession);
  if (!assumed) co_return refuse(assumed.error());
  co_return Outcome<void>{};
}

Task<Outcome<void>> invoke_target(Environment& environment, std::string region, Schedule schedule,
                                  std::string payload) {
  const auto source = source_of(environment, region, schedule);
  if (auto checked = co_await check_role(environment, region, schedule.group, schedule.name, source.role_arn); !checked)
    co_return checked;
  const auto arn = schedule.target_arn();
  if (arn.starts_with("arn:aws:lambda:"))
    co_return co_await environment.functions->invoke_async(arn, std::move(payload), source);
  OutgoingMessage message{.body = std::move(payload)};
  if (arn.starts_with("arn:aws:sns:")) {
    auto published = co_await environment.topics->publish(arn, "", std::move(message), source);
    if (!published) co_return refuse(published.error());
    co_return Outcome<void>{};
  }
  if (const auto* sqs = get_object(schedule.target(), "SqsParameters"))
    message.group_id = std::string(get_string(*sqs, "MessageGroupId").value_or(""));
  auto sent = co_await environment.queues->send(arn, std::move(message), source);
  if (!sent) co_return refuse(sent.error());
  co_return Outcome<void>{};
}

Task<Outcome<void>> bury(Environment& environment, std::string region, Schedule schedule, DeadLetter letter) {
  const auto* dead = get_object(schedule.target(), "DeadLetterConfig");
  const auto queue = std::string(dead ? get_string(*dead, "Arn").value_or("") : "");
  if (queue.empty()) co_return Outcome<void>{};
  OutgoingMessage message{.body = std::move(letter.payload)};
  const auto add = [&](const char* name, std::string value) {
    if (!value.empty()) message.attributes[name] = {"String", std::move(value)};
  };
  add("ERROR_CODE", letter.error.code);
  add("ERROR_MESSAGE", letter.error.message);
  add("EXECUTION_ID", letter.execution_id);
  add("EXHAUSTED_RETRY_CONDITION", letter.condition);
  add("IS_PAYLOAD_TRUNCATED", "false");
  add("RETRY_ATTEMPTS", std::to_string(letter.retries));
  add("SCHEDULED_TIME", letter.scheduled_time);
  add("SCHEDULE_ARN", schedule_arn(environment.account, region, schedule.group, schedule.name));
  add("TARGET_ARN", schedule.target_arn());
  auto sent = co_await environment.queues->send(queue, std::move(message), source_of(environment, region, schedule));
  if (!sent) co_return refuse(sent.error());
  co_return Outcome<void>{};
}

}  // namespace ads::cloud::scheduler
