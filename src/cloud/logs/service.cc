#include "cloud/logs/service.h"

#include "cloud/logs/actions.h"
#include "cloud/logs/operations.h"
#include "cloud/logs/resources.h"

namespace ads::cloud::logs {

Service::Service(Environment& environment)
    : environment_(environment),
      state_(environment.store, environment.clock),
      pipeline_(make_pipeline(environment, state_)) {}

Task<http::Reply> Service::answer(Call& call) {
  return pipeline_.answer(call);
}

operations::Answer Service::perform(std::string region, std::string operation, json::object input) {
  return pipeline_.perform(std::move(region), std::move(operation), std::move(input));
}

Outcome<void> Service::may_append(const std::string& region, const std::string& group_name,
                                  const std::string& stream_name, const Source& source) {
  auto group = state_.find_group(region, group_name);
  std::vector<std::string_view> actions{"PutLogEvents"};
  if (!group) actions.insert(actions.begin(), "CreateLogGroup");
  if (!group || !state_.find_stream(*group, stream_name)) actions.insert(actions.end() - 1, "CreateLogStream");
  for (auto action : actions)
    if (auto allowed = authorize(environment_, source, action, region, group_name, stream_name); !allowed)
      return allowed;
  return {};
}

// Not awaited to the disk: what a function printed survives kill -9 of the cloud, and need not survive loss of power
// before the function may continue.
Task<Outcome<void>> Service::append(std::string region, std::string group_name, std::string stream_name,
                                    std::vector<LogEvent> events) {
  Batch batch;
  auto group = state_.find_group(region, group_name);
  if (!group) {
    group = state_.new_group(group_name);
    state_.put_group(batch, region, *group);
  }
  auto stream = state_.find_stream(*group, stream_name);
  if (!stream) stream = Stream{.name = stream_name, .created = state_.now()};
  if (!batch.empty())
    if (auto applied = environment_.store.apply(std::move(batch)); !applied)
      co_return refuse(internal_failure(applied.error()));
  if (auto stored = state_.append(*group, *stream, events); !stored) co_return refuse(internal_failure(stored.error()));
  forward_metrics(environment_, region, events);
  co_return Outcome<void>{};
}

}  // namespace ads::cloud::logs
