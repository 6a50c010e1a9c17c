// The stack and what it has been doing: its state and template, dead letters, runs, and the functions' errors.
#include <fmt/core.h>

#include <algorithm>

#include "aws/cloudformation/client.h"
#include "aws/lambda/client.h"
#include "aws/logs/client.h"
#include "aws/sqs/client.h"
#include "cli/builtin_template.h"
#include "cli/doctor.h"
#include "cli/run_table.h"

namespace ads::cli {
namespace {

namespace cfn = aws::cloudformation;

constexpr int kRunsLookedAt = 50;
constexpr int kMostLogPages = 10;

// What says error in some way; is_error_line decides.
constexpr std::string_view kErrorPattern = R"(?error ?ERROR ?"timed out" ?exited ?killed)";

std::uint64_t number(const aws::sqs::Attributes& attributes, const std::string& name) {
  auto found = attributes.find(name);
  return found == attributes.end() ? 0 : std::strtoull(found->second.c_str(), nullptr, 10);
}

// Either queues say whose dead letters they take, or their name does.
bool is_for_dead_letters(const cfn::StackResource& queue, const aws::sqs::Attributes& attributes) {
  return attributes.contains("RedriveAllowPolicy") || queue.logical_id.find("DeadLetter") != std::string::npos ||
         queue.logical_id.find("Failed") != std::string::npos || queue.physical_id.find("dlq") != std::string::npos;
}

Task<void> examine_queues(Examination& examination) {
  aws::sqs::Client client(examination.connection);
  for (const auto& resource : examination.resources) {
    if (resource.resource_type != "AWS::SQS::Queue" || resource.physical_id.empty()) continue;
    auto attributes = co_await client.get_queue_attributes(resource.physical_id, {"All"});
    if (!attributes) {
      examination.add(unseen("dead letters", attributes.error()));
    } else if (is_for_dead_letters(resource, *attributes)) {
      auto count = number(*attributes, "ApproximateNumberOfMessages") +
                   number(*attributes, "ApproximateNumberOfMessagesNotVisible");
      examination.add(judge_dead_letters({resource.logical_id, resource.physical_id, count}));
    }
  }
}

Task<void> examine_runs(Examination& examination) {
  auto runs = co_await newest_runs(examination.session, kRunsLookedAt);
  if (!runs) {
    examination.add(unseen("runs", runs.error()));
    co_return;
  }
  std::vector<RunSeen> seen;
  for (const auto& stored : *runs)
    seen.push_back({stored.run.id, stored.run.object.key, std::string(batch::to_string(stored.run.status)),
                    stored.run.sentence, stored.run.start, batch::is_final(stored.run.status), stored.run.is_canceled});
  examination.add(judge_runs(seen, examination.connection.clock().now()));
}

Task<void> examine_function(Examination& examination, cfn::StackResource resource) {
  FunctionSeen seen{
      .name = resource.physical_id, .logical_id = resource.logical_id, .state = {}, .reason = {}, .errors = {}};
  auto configuration =
      co_await aws::lambda::Client(examination.connection).get_function_configuration(resource.physical_id);
  if (!configuration) {
    examination.add(unseen("function", configuration.error()));
    co_return;
  }
  seen.state = configuration->last_update_status == "Failed" ? "Failed" : configuration->state;
  seen.reason =
      configuration->state_reason.empty() ? configuration->last_update_status_reason : configuration->state_reason;
  aws::logs::FilterLogEventsInput input;
  input.group = "/aws/lambda/" + resource.physical_id;
  input.pattern = std::string(kErrorPattern);
  input.start = examination.connection.clock().now() - std::chrono::hours(24);
  for (int page_number = 0; page_number < kMostLogPages; ++page_number) {
    auto page = co_await aws::logs::Client(examination.connection).filter_log_events(input);
    if (!page && page.error().kind == ErrorKind::not_found) break;  // it has not run yet
    if (!page) {
      examination.add(unseen("function", page.error()));
      co_return;
    }
    for (const auto& event : page->events)
      if (is_error_line(event.message)) seen.errors.emplace_back(event.time, event.message);
    input.next_token = page->next_token;
    if (!input.next_token) break;
  }
  examination.add(judge_function(seen));
}

}  // namespace

Task<void> examine_stack(Examination& examination) {
  cfn::Client client(examination.connection);
  const auto& name = examination.session.stack_name;
  auto described = co_await client.describe_stacks(name);
  if (!described && !cfn::is_no_stack(described.error())) {
    examination.add(unseen("stack", described.error()));
    co_return;
  }
  if (!described || described->stacks.empty()) {
    examination.add({"stack", Level::warning, fmt::format("there is no stack '{}' here yet", name),
                     fmt::format("`ads deploy --stack-name {}` makes it; or name another with --stack-name", name)});
    co_return;
  }
  examination.stack = std::move(described->stacks.front());
  examination.add(judge_stack(*examination.stack));
  auto resources = co_await client.describe_stack_resources(name);
  if (resources)
    examination.resources = std::move(*resources);
  else
    examination.add(unseen("stack", resources.error()));
  auto text = co_await client.get_template(name);
  auto ours = parse_template(std::string(builtin_template()), "resources.yaml");
  if (text && ours)
    examination.add(judge_template(*ours, *text, examination.stack->parameters));
  else if (!text)
    examination.add(unseen("template", text.error()));
}

Task<void> examine_work(Examination& examination) {
  co_await examine_queues(examination);
  co_await examine_runs(examination);
  for (const auto& resource : examination.resources)
    if (resource.resource_type == "AWS::Lambda::Function" && !resource.physical_id.empty())
      co_await examine_function(examination, resource);
}

}  // namespace ads::cli
