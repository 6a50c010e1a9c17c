#include "cloud/logs/service.h"

#include "cloud/logs/access.h"
#include "cloud/logs/errors.h"

namespace ads::cloud::logs {

namespace {
constexpr JsonProtocol kProtocol{"application/x-amz-json-1.1", "Logs_20140328.", "", 16u << 20};
}

Logs::Logs(Environment& environment) : environment_(environment), state_(environment.store, environment.clock) {
  add("CreateLogGroup", create_log_group);
  add("DeleteLogGroup", delete_log_group);
  add("DescribeLogGroups", describe_log_groups);
  add("PutRetentionPolicy", put_retention_policy);
  add("DeleteRetentionPolicy", delete_retention_policy);
  add("CreateLogStream", create_log_stream);
  add("DeleteLogStream", delete_log_stream);
  add("DescribeLogStreams", describe_log_streams);
  add("PutLogEvents", put_log_events);
  add("GetLogEvents", get_log_events);
  add("FilterLogEvents", filter_log_events);
  add("TagLogGroup", tag_log_group);
  add("UntagLogGroup", untag_log_group);
  add("ListTagsLogGroup", list_tags_log_group);
  add("TagResource", tag_resource);
  add("UntagResource", untag_resource);
  add("ListTagsForResource", list_tags_for_resource);
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

void Logs::add(std::string name, Reply (*action)(Scope&, const json::object&)) {
  bool is_read =
      name.starts_with("Get") || name.starts_with("Describe") || name.starts_with("List") || name.starts_with("Filter");
  operations_[name] = [this, name, action, is_read](Call& call, json::object input) -> Task<Outcome<json::object>> {
    if (auto allowed = authorize(call, name, input); !allowed) co_return refuse(allowed.error());
    Scope where = scope(call.region);
    auto reply = action(where, input);
    if (reply && !is_read)
      if (auto durable = co_await environment_.store.durable(); !durable)
        co_return refuse(internal_failure(durable.error()));
    co_return reply;
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
