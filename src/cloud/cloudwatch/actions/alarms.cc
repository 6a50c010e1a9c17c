#include "base/encoding.h"
#include "cloud/cloudwatch/actions.h"
#include "cloud/cloudwatch/errors.h"

namespace ads::cloud::cloudwatch {
namespace {

constexpr std::int64_t kPage = 100;

// "arn:aws:cloudwatch:region:account:alarm:NAME" -> the alarm.
Outcome<Alarm> alarm_of_arn(const Context& context, const json::object& input) {
  const auto arn = text(input, "ResourceARN");
  const auto prefix = fmt::format("arn:aws:cloudwatch:{}:{}:alarm:", context.region(), context.environment().account);
  auto found =
      arn.starts_with(prefix) ? context.state.alarms.find(context.region(), arn.substr(prefix.size())) : std::nullopt;
  if (!found) return refuse(404, "ResourceNotFoundException", fmt::format("{} does not exist.", arn));
  return *std::move(found);
}

Reply set_actions(Context& context, const json::object& input, const json::value& enabled) {
  Batch batch;
  for (const auto& name : texts(input, "AlarmNames")) {
    auto alarm = context.state.alarms.find(context.region(), name);
    if (!alarm) continue;  // AWS says nothing about names it does not know
    alarm->shown["ActionsEnabled"] = enabled;
    context.state.alarms.put(batch, context.region(), *alarm);
  }
  return apply(context, std::move(batch));
}

}  // namespace

Reply apply(Context& context, Batch batch, json::object result) {
  if (auto applied = context.environment().store.apply(std::move(batch)); !applied)
    return refuse(internal_failure(applied.error()));
  return result;
}

Reply put_metric_alarm(Context& context, const json::object& input) {
  const auto existing = context.state.alarms.find(context.region(), text(input, "AlarmName"));
  auto alarm = make_alarm(input, context.environment().account, context.region(), context.call.now,
                          existing ? &*existing : nullptr);
  if (!alarm) return refuse(alarm.error());
  Batch batch;
  context.state.watch.put(batch, context.region(), *std::move(alarm), existing ? &*existing : nullptr);
  auto written = apply(context, std::move(batch));
  context.state.notifier.ring_all();
  return written;
}

Reply describe_alarms(Context& context, const json::object& input) {
  const auto page = whole(input, "MaxRecords", kPage);
  const auto state = text(input, "StateValue"), action = text(input, "ActionPrefix");
  const auto names = texts(input, "AlarmNames");
  const auto types = texts(input, "AlarmTypes");
  json::object result{{"CompositeAlarms", json::array{}}};
  json::array shown;
  if (types.empty() || std::ranges::find(types, "MetricAlarm") != types.end()) {
    std::vector<Alarm> alarms;
    if (!names.empty()) {
      for (const auto& name : names) {
        if (auto alarm = context.state.alarms.find(context.region(), name)) alarms.push_back(*std::move(alarm));
      }
    } else {
      const auto after = from_base64(text(input, "NextToken"));
      if (!after) return refuse(invalid_token());
      alarms = context.state.alarms.list(context.region(), *after, text(input, "AlarmNamePrefix"),
                                         static_cast<std::size_t>(page));
      if (alarms.size() == static_cast<std::size_t>(page)) result["NextToken"] = to_base64(alarms.back().name);
    }
    for (auto& alarm : alarms) {
      if (!state.empty() && text(alarm.shown, "StateValue") != state) continue;
      const auto has_action = [&](const char* member) {
        return std::ranges::any_of(texts(alarm.shown, member),
                                   [&](const auto& arn) { return arn.starts_with(action); });
      };
      if (!action.empty() && !has_action("AlarmActions") && !has_action("OKActions") &&
          !has_action("InsufficientDataActions"))
        continue;
      shown.push_back(std::move(alarm.shown));
    }
  }
  result["MetricAlarms"] = std::move(shown);
  return result;
}

Reply describe_alarms_for_metric(Context& context, const json::object& input) {
  auto named = dimensions(input);
  if (!named) return refuse(named.error());
  const auto wanted = write_dimensions(*named);
  json::array shown;
  std::string after;
  for (auto page = context.state.alarms.list(context.region(), after, "", kPage); !page.empty();
       page = context.state.alarms.list(context.region(), after, "", kPage)) {
    after = page.back().name;
    for (auto& alarm : page) {
      if (text(alarm.shown, "MetricName") != text(input, "MetricName")) continue;
      if (text(alarm.shown, "Namespace") != text(input, "Namespace")) continue;
      if (*alarm.shown.if_contains("Dimensions") == json::value(wanted)) shown.push_back(std::move(alarm.shown));
    }
  }
  return json::object{{"MetricAlarms", std::move(shown)}};
}

Reply delete_alarms(Context& context, const json::object& input) {
  const auto names = texts(input, "AlarmNames");
  std::string unknown;
  Batch batch;
  for (const auto& name : names) {
    const auto alarm = context.state.alarms.find(context.region(), name);
    if (alarm)
      context.state.watch.remove(batch, context.region(), *alarm);
    else
      unknown += (unknown.empty() ? "" : ", ") + name;
  }
  if (!unknown.empty()) return refuse(not_found(fmt::format("Alarm(s) not found: {}", unknown)));
  return apply(context, std::move(batch));
}

Reply set_alarm_state(Context& context, const json::object& input) {
  const auto state = text(input, "StateValue");
  auto alarm = context.state.alarms.find(context.region(), text(input, "AlarmName"));
  if (!alarm) return refuse(not_found("Alarm not found"));
  const auto reason_data = text(input, "StateReasonData");
  if (!reason_data.empty() && !parse_json(reason_data)) return refuse(invalid_format("StateReasonData is not JSON."));
  Batch batch;
  context.state.watch.set_state(batch, context.region(), *std::move(alarm),
                                {.state = state, .reason = text(input, "StateReason"), .data = reason_data});
  auto written = apply(context, std::move(batch));
  context.state.notifier.ring_all();
  return written;
}

Reply describe_alarm_history(Context& context, const json::object& input) {
  History::Page page{.from = SystemTime{},
                     .to = context.call.now,
                     .most = static_cast<std::size_t>(whole(input, "MaxRecords", kPage))};
  auto from = time(input, "StartDate"), to = time(input, "EndDate");
  if (!from) return refuse(from.error());
  if (!to) return refuse(to.error());
  page.from = from->value_or(page.from);
  page.to = to->value_or(page.to);
  auto after = from_base64(text(input, "NextToken"));
  if (!after) return refuse(invalid_token());
  page.after = *std::move(after);
  if (text(input, "ScanBy") == "TimestampAscending") page.order = ScanOrder::ascending;
  const auto name = text(input, "AlarmName"), type = text(input, "HistoryItemType");
  const auto types = texts(input, "AlarmTypes");
  const bool wants_metric_alarms = types.empty() || std::ranges::find(types, "MetricAlarm") != types.end();
  const auto wanted = [&](const HistoryItem& item) {
    return wants_metric_alarms && (name.empty() || item.alarm == name) && (type.empty() || item.type == type);
  };
  std::string next;
  json::array items;
  for (const auto& item : context.state.history.list(context.region(), wanted, page, next)) {
    items.push_back(json::object{{"AlarmName", item.alarm},
                                 {"AlarmType", "MetricAlarm"},
                                 {"Timestamp", timestamp(item.time.time_since_epoch().count())},
                                 {"HistoryItemType", item.type},
                                 {"HistorySummary", item.summary},
                                 {"HistoryData", json::serialize(item.data)}});
  }
  json::object result{{"AlarmHistoryItems", std::move(items)}};
  if (!next.empty()) result["NextToken"] = to_base64(next);
  return result;
}

Reply enable_alarm_actions(Context& context, const json::object& input) {
  return set_actions(context, input, true);
}
Reply disable_alarm_actions(Context& context, const json::object& input) {
  return set_actions(context, input, false);
}

Reply tag_resource(Context& context, const json::object& input) {
  auto alarm = alarm_of_arn(context, input);
  if (!alarm) return refuse(alarm.error());
  for (const auto& tag : objects(input, "Tags")) alarm->tags[text(tag, "Key")] = text(tag, "Value");
  if (alarm->tags.size() > 50) return refuse(validation("An alarm can have up to 50 tags."));
  Batch batch;
  context.state.alarms.put(batch, context.region(), *alarm);
  return apply(context, std::move(batch));
}

Reply untag_resource(Context& context, const json::object& input) {
  auto alarm = alarm_of_arn(context, input);
  if (!alarm) return refuse(alarm.error());
  for (const auto& name : texts(input, "TagKeys")) alarm->tags.erase(name);
  Batch batch;
  context.state.alarms.put(batch, context.region(), *alarm);
  return apply(context, std::move(batch));
}

Reply list_tags_for_resource(Context& context, const json::object& input) {
  auto alarm = alarm_of_arn(context, input);
  if (!alarm) return refuse(alarm.error());
  json::array tags;
  for (const auto& [name, value] : alarm->tags) tags.push_back(json::object{{"Key", name}, {"Value", value}});
  return json::object{{"Tags", std::move(tags)}};
}

}  // namespace ads::cloud::cloudwatch
