#include "base/encoding.h"
#include "cloud/cloudwatch/actions/actions.h"
#include "cloud/cloudwatch/cbor.h"
#include "cloud/cloudwatch/errors.h"

namespace ads::cloud::cloudwatch {
namespace {

constexpr std::size_t kPage = 100;

// "arn:aws:cloudwatch:region:account:alarm:NAME" -> the alarm.
Outcome<Alarm> alarm_of_arn(const Desk& desk, const Call& call, const json::object& input) {
  const auto arn = text(input, "ResourceARN");
  const auto prefix = fmt::format("arn:aws:cloudwatch:{}:{}:alarm:", call.region, desk.environment.account);
  auto found = arn.starts_with(prefix) ? desk.alarms.find(call.region, arn.substr(prefix.size())) : std::nullopt;
  if (!found) return refuse(404, "ResourceNotFoundException", fmt::format("{} does not exist.", arn));
  return *std::move(found);
}

Answer set_actions(Desk& desk, Call& call, json::object input, json::value enabled) {
  Batch batch;
  for (const auto& name : texts(input, "AlarmNames")) {
    auto alarm = desk.alarms.find(call.region, name);
    if (!alarm) continue;  // AWS says nothing about names it does not know
    alarm->shown["ActionsEnabled"] = enabled;
    desk.alarms.put(batch, call.region, *alarm);
  }
  co_return co_await commit(desk, std::move(batch));
}

}  // namespace

Answer commit(Desk& desk, Batch batch, json::object result) {
  if (auto written = co_await desk.environment.store.commit(std::move(batch)); !written) {
    co_return refuse(internal_failure(written.error()));
  }
  co_return result;
}

Answer put_metric_alarm(Desk& desk, Call& call, json::object input) {
  const auto existing = desk.alarms.find(call.region, text(input, "AlarmName"));
  auto alarm = make_alarm(input, desk.environment.account, call.region, call.now, existing ? &*existing : nullptr);
  if (!alarm) co_return refuse(alarm.error());
  Batch batch;
  desk.watch.put(batch, call.region, *std::move(alarm), existing ? &*existing : nullptr);
  auto written = co_await commit(desk, std::move(batch));
  desk.bell.ring_all();
  co_return written;
}

Answer describe_alarms(Desk& desk, Call& call, json::object input) {
  auto most = number(input, "MaxRecords");
  if (!most) co_return refuse(most.error());
  const auto page = most->value_or(kPage);
  if (page < 1 || page > 100) co_return refuse(validation("MaxRecords must be from 1 to 100."));
  const auto state = text(input, "StateValue"), action = text(input, "ActionPrefix");
  const auto names = texts(input, "AlarmNames");
  const auto types = texts(input, "AlarmTypes");
  json::object result{{"CompositeAlarms", json::array{}}};
  json::array shown;
  if (types.empty() || std::ranges::find(types, "MetricAlarm") != types.end()) {
    std::vector<Alarm> alarms;
    if (!names.empty()) {
      for (const auto& name : names) {
        if (auto alarm = desk.alarms.find(call.region, name)) alarms.push_back(*std::move(alarm));
      }
    } else {
      const auto after = from_base64(text(input, "NextToken"));
      if (!after) co_return refuse(invalid_token());
      alarms = desk.alarms.list(call.region, *after, text(input, "AlarmNamePrefix"), static_cast<std::size_t>(page));
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
  co_return result;
}

Answer describe_alarms_for_metric(Desk& desk, Call& call, json::object input) {
  auto named = dimensions(input);
  if (!named) co_return refuse(named.error());
  const auto wanted = write_dimensions(*named);
  json::array shown;
  std::string after;
  for (auto page = desk.alarms.list(call.region, after, "", kPage); !page.empty();
       page = desk.alarms.list(call.region, after, "", kPage)) {
    after = page.back().name;
    for (auto& alarm : page) {
      if (text(alarm.shown, "MetricName") != text(input, "MetricName")) continue;
      if (text(alarm.shown, "Namespace") != text(input, "Namespace")) continue;
      if (*alarm.shown.if_contains("Dimensions") == json::value(wanted)) shown.push_back(std::move(alarm.shown));
    }
  }
  co_return json::object{{"MetricAlarms", std::move(shown)}};
}

Answer delete_alarms(Desk& desk, Call& call, json::object input) {
  const auto names = texts(input, "AlarmNames");
  if (names.size() > 100) co_return refuse(validation("AlarmNames can have up to 100 entries."));
  std::string unknown;
  Batch batch;
  for (const auto& name : names) {
    const auto alarm = desk.alarms.find(call.region, name);
    if (alarm)
      desk.watch.remove(batch, call.region, *alarm);
    else
      unknown += (unknown.empty() ? "" : ", ") + name;
  }
  if (!unknown.empty()) co_return refuse(not_found(fmt::format("Alarm(s) not found: {}", unknown)));
  co_return co_await commit(desk, std::move(batch));
}

Answer set_alarm_state(Desk& desk, Call& call, json::object input) {
  const auto state = text(input, "StateValue");
  if (state != "OK" && state != "ALARM" && state != "INSUFFICIENT_DATA") {
    co_return refuse(
        validation(fmt::format("1 validation error detected: Value '{}' at 'stateValue' failed to satisfy "
                               "constraint: Member must satisfy enum value set: [INSUFFICIENT_DATA, ALARM, OK]",
                               state)));
  }
  if (!input.contains("StateReason")) co_return refuse(missing("StateReason"));
  auto alarm = desk.alarms.find(call.region, text(input, "AlarmName"));
  if (!alarm) co_return refuse(not_found("Alarm not found"));
  const auto reason_data = text(input, "StateReasonData");
  if (!reason_data.empty() && !parse_json(reason_data))
    co_return refuse(invalid_format("StateReasonData is not JSON."));
  Batch batch;
  desk.watch.set_state(batch, call.region, *std::move(alarm),
                       {.state = state, .reason = text(input, "StateReason"), .data = reason_data});
  auto written = co_await commit(desk, std::move(batch));
  desk.bell.ring_all();
  co_return written;
}

Answer describe_alarm_history(Desk& desk, Call& call, json::object input) {
  auto most = number(input, "MaxRecords");
  if (!most) co_return refuse(most.error());
  History::Page page{.from = SystemTime{}, .to = call.now, .most = static_cast<std::size_t>(most->value_or(kPage))};
  if (page.most < 1 || page.most > 100) co_return refuse(validation("MaxRecords must be from 1 to 100."));
  auto from = time(input, "StartDate"), to = time(input, "EndDate");
  if (!from) co_return refuse(from.error());
  if (!to) co_return refuse(to.error());
  page.from = from->value_or(page.from);
  page.to = to->value_or(page.to);
  auto after = from_base64(text(input, "NextToken"));
  if (!after) co_return refuse(invalid_token());
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
  for (const auto& item : desk.history.list(call.region, wanted, page, next)) {
    items.push_back(json::object{{"AlarmName", item.alarm},
                                 {"AlarmType", "MetricAlarm"},
                                 {"Timestamp", timestamp(item.time.time_since_epoch().count())},
                                 {"HistoryItemType", item.type},
                                 {"HistorySummary", item.summary},
                                 {"HistoryData", json::serialize(item.data)}});
  }
  json::object result{{"AlarmHistoryItems", std::move(items)}};
  if (!next.empty()) result["NextToken"] = to_base64(next);
  co_return result;
}

Answer enable_alarm_actions(Desk& desk, Call& call, json::object input) {
  return set_actions(desk, call, std::move(input), true);
}
Answer disable_alarm_actions(Desk& desk, Call& call, json::object input) {
  return set_actions(desk, call, std::move(input), false);
}

Answer tag_resource(Desk& desk, Call& call, json::object input) {
  auto alarm = alarm_of_arn(desk, call, input);
  if (!alarm) co_return refuse(alarm.error());
  for (const auto& tag : objects(input, "Tags")) alarm->tags[text(tag, "Key")] = text(tag, "Value");
  if (alarm->tags.size() > 50) co_return refuse(validation("An alarm can have up to 50 tags."));
  Batch batch;
  desk.alarms.put(batch, call.region, *alarm);
  co_return co_await commit(desk, std::move(batch));
}

Answer untag_resource(Desk& desk, Call& call, json::object input) {
  auto alarm = alarm_of_arn(desk, call, input);
  if (!alarm) co_return refuse(alarm.error());
  for (const auto& name : texts(input, "TagKeys")) alarm->tags.erase(name);
  Batch batch;
  desk.alarms.put(batch, call.region, *alarm);
  co_return co_await commit(desk, std::move(batch));
}

Answer list_tags_for_resource(Desk& desk, Call& call, json::object input) {
  auto alarm = alarm_of_arn(desk, call, input);
  if (!alarm) co_return refuse(alarm.error());
  json::array tags;
  for (const auto& [name, value] : alarm->tags) tags.push_back(json::object{{"Key", name}, {"Value", value}});
  co_return json::object{{"Tags", std::move(tags)}};
}

}  // namespace ads::cloud::cloudwatch
