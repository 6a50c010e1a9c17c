#include "cloud/logs/operations.h"

#include "cloud/logs/actions.h"
#include "cloud/logs/errors.h"
#include "cloud/logs/resources.h"

namespace ads::cloud::logs {
namespace {

using operations::Effect;

constexpr std::string_view kModel =
#include "cloud/logs/model.inc"
    ;

const operations::Api kApi{
    .model = kModel,
    .permission = "logs",
    .json = {.content_type = "application/x-amz-json-1.1", .target_prefix = "Logs_20140328."},
    .denied = access::kJsonStyle,
    .invalid = [](std::string_view, const operations::Violations& found) -> std::optional<WireError> {
      return invalid_parameter(operations::describe(found));
    },
};

constexpr operations::Row<Context> kOperations[] = {
    {"CreateLogGroup", Effect::write, {group, "logGroupName"}, create_log_group},
    {"DeleteLogGroup", Effect::write, {group, "logGroupName"}, delete_log_group},
    {"DescribeLogGroups", Effect::read, every_group, describe_log_groups},
    {"PutRetentionPolicy", Effect::write, {group, "logGroupName"}, put_retention_policy},
    {"DeleteRetentionPolicy", Effect::write, {group, "logGroupName"}, delete_retention_policy},
    {"CreateLogStream", Effect::write, {group, "logGroupName"}, create_log_stream},
    {"DeleteLogStream", Effect::write, {stream, "logGroupName"}, delete_log_stream},
    {"DescribeLogStreams", Effect::read, {group_or_identifier, "logGroupName"}, describe_log_streams},
    {"PutLogEvents", Effect::write, {stream, "logGroupName"}, put_log_events, 16u << 20},
    {"GetLogEvents", Effect::read, {stream_or_identifier, "logGroupName"}, get_log_events},
    {"FilterLogEvents", Effect::read, {group_or_identifier, "logGroupName"}, filter_log_events},
    {"TagLogGroup", Effect::write, {group, "logGroupName"}, tag_log_group},
    {"UntagLogGroup", Effect::write, {group, "logGroupName"}, untag_log_group},
    {"ListTagsLogGroup", Effect::read, {group, "logGroupName"}, list_tags_log_group},
    {"TagResource", Effect::write, {tagged_group, "resourceArn"}, tag_resource},
    {"UntagResource", Effect::write, {tagged_group, "resourceArn"}, untag_resource},
    {"ListTagsForResource", Effect::read, {tagged_group, "resourceArn"}, list_tags_for_resource},
};

}  // namespace

operations::Pipeline make_pipeline(Environment& environment, State& state) {
  return {environment, kApi, kOperations, [&](const Call& call) { return Context{environment, state, call}; }};
}

}  // namespace ads::cloud::logs
