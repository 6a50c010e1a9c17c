#include "cloud/logs/service.h"

#include "cloud/logs/access.h"
#include "cloud/logs/errors.h"

namespace ads::cloud::logs {

namespace {

// Whether an answer waits for the disk.
enum class Effect { reads, writes };
struct Row {
  std::string_view name;
  Effect effect;
  Resource resource;
  Reply (*action)(Scope&, const json::object&);
};

constexpr JsonProtocol kProtocol{"application/x-amz-json-1.1", "Logs_20140328.", "", 16u << 20};

constexpr Row kActions[] = {
    {"CreateLogGroup", Effect::writes, {On::group, "logGroupName"}, create_log_group},
    {"DeleteLogGroup", Effect::writes, {On::group, "logGroupName"}, delete_log_group},
    {"DescribeLogGroups", Effect::reads, On::every_group, describe_log_groups},
    {"PutRetentionPolicy", Effect::writes, {On::group, "logGroupName"}, put_retention_policy},
    {"DeleteRetentionPolicy", Effect::writes, {On::group, "logGroupName"}, delete_retention_policy},
    {"CreateLogStream", Effect::writes, {On::group, "logGroupName"}, create_log_stream},
    {"DeleteLogStream", Effect::writes, {On::stream, "logGroupName"}, delete_log_stream},
    {"DescribeLogStreams", Effect::reads, {On::group_or_identifier, "logGroupName"}, describe_log_streams},
    {"PutLogEvents", Effect::writes, {On::stream, "logGroupName"}, put_log_events},
    {"GetLogEvents", Effect::reads, {On::stream_or_identifier, "logGroupName"}, get_log_events},
    {"FilterLogEvents", Effect::reads, {On::group_or_identifier, "logGroupName"}, filter_log_events},
    {"TagLogGroup", Effect::writes, {On::group, "logGroupName"}, tag_log_group},
    {"UntagLogGroup", Effect::writes, {On::group, "logGroupName"}, untag_log_group},
    {"ListTagsLogGroup", Effect::reads, {On::group, "logGroupName"}, list_tags_log_group},
    {"TagResource", Effect::writes, {On::tagged_group, "resourceArn"}, tag_resource},
    {"UntagResource", Effect::writes, {On::tagged_group, "resourceArn"}, untag_resource},
    {"ListTagsForResource", Effect::reads, {On::tagged_group, "resourceArn"}, list_tags_for_resource},
};

}  // namespace

Logs::Logs(Environment& environment) : environment_(environment), state_(environment.store, environment.clock) {
  for (const Row& row : kActions) {
    operations_[std::string(row.name)] = [this, &row](Call& call, json::object input) -> Task<Outcome<json::object>> {
      if (auto allowed = authorize(call, row.name, row.resource, input); !allowed) co_return refuse(allowed.error());
      Scope where = scope(call.region);
      auto reply = row.action(where, input);
      if (reply && row.effect == Effect::writes)
        if (auto durable = co_await environment_.store.durable(); !durable)
          co_return refuse(internal_failure(durable.error()));
      co_return reply;
    };
  }
  for (std::string name : {"AssociateKmsKey",
                           "CreateExportTask",
                           "DeleteMetricFilter",
                           "DeleteSubscriptionFilter",
                           "DescribeMetricFilters",
                           "DescribeQueries",
                           "DescribeResourcePolicies",
                           "DescribeSubscriptionFilters",
                           "DisassociateKmsKey",
                           "GetLogRecord",
                           "GetQueryResults",
                           "ListLogGroups",
                           "PutMetricFilter",
                           "PutResourcePolicy",
                           "PutSubscriptionFilter",
                           "StartLiveTail",
                           "StartQuery",
                           "StopQuery",
                           "TestMetricFilter",
                           "PutDataProtectionPolicy",
                           "PutAccountPolicy",
                           "PutDestination"})
    operations_[name] = [name](Call&, json::object) -> Task<Outcome<json::object>> {
      co_return refuse(not_implemented(name));
    };
}

Task<http::Reply> Logs::answer(Call& call) {
  co_return co_await answer_json(call, kProtocol, operations_);
}

Outcome<void> Logs::may_append(const std::string& region, const std::string& group_name, const std::string& stream_name,
                               const Source& source) {
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
// before the function may go on.
Task<Outcome<void>> Logs::append(std::string region, std::string group_name, std::string stream_name,
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
