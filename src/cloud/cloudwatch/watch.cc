#include "cloud/cloudwatch/watch.h"

#include "base/ids.h"
#include "cloud/cloudwatch/alarm_message.h"
#include "cloud/cloudwatch/keys.h"
#include "cloud/operations/timestamp.h"

namespace ads::cloud::cloudwatch {
namespace {

constexpr int kMostAtOnce = 64;
constexpr std::size_t kMostQuiet = 16'384;
constexpr std::chrono::minutes kMinute{1};
// Samples of a minute that come right after its end still count: services write theirs then.
constexpr std::chrono::seconds kGrace{3};
constexpr std::chrono::seconds kLateDelay{1};  // what comes late seldom comes alone
constexpr std::chrono::hours kMostAhead{3};    // PutMetricData takes samples of the next two hours

std::string evaluate_key(SystemTime time, std::string_view region, std::string_view name) {
  auto out = key({"evaluate"});
  append_number(out, static_cast<std::uint64_t>(std::max<std::int64_t>(0, time.time_since_epoch().count())));
  append_text(out, region);
  append_text(out, name);
  return out;
}

Metric metric_of(const Alarm& alarm) {
  auto named = dimensions(alarm.shown);
  return {text(alarm.shown, "Namespace"), text(alarm.shown, "MetricName"), named ? *std::move(named) : Dimensions{}};
}

std::string watch_key(std::string_view region, const Alarm& alarm) {
  return key({"watch", region, metric_of(alarm).series(), alarm.name});
}

// The next time that a whole minute is looked at, once its grace is over; alarms that look back more than a day are
// looked at once an hour.
SystemTime next_look(const AlarmRule& rule, SystemTime now) {
  const bool is_long = rule.period * static_cast<std::int64_t>(rule.periods) > std::chrono::days(1);
  const std::chrono::milliseconds step = is_long ? std::chrono::milliseconds(std::chrono::hours(1)) : kMinute;
  const SystemTime last(now.time_since_epoch() - now.time_since_epoch() % step);
  return last + kGrace > now ? last + kGrace : last + step + kGrace;
}

json::object state_of(const Alarm& alarm) {
  json::object out{{"stateValue", text(alarm.shown, "StateValue")}, {"stateReason", text(alarm.shown, "StateReason")}};
  if (auto data = parse_json(text(alarm.shown, "StateReasonData")); data && data->is_object())
    out["stateReasonData"] = *std::move(data);
  return out;
}

}  // namespace

void Watch::plan(Batch& batch, std::string_view region, Alarm& alarm, std::optional<SystemTime> at) const {
  if (alarm.evaluate_at) batch.remove(evaluate_key(*alarm.evaluate_at, region, alarm.name));
  alarm.evaluate_at = at;
  if (at) batch.put(evaluate_key(*at, region, alarm.name), "");
  alarms_.put(batch, region, alarm);
}

void Watch::put(Batch& batch, std::string_view region, Alarm alarm, const Alarm* before) {
  const auto now = environment_.clock.now();
  if (before != nullptr) batch.remove(watch_key(region, *before));
  batch.put(watch_key(region, alarm), "");
  if (before != nullptr) alarm.evaluate_at = before->evaluate_at;
  plan(batch, region, alarm, now);
  quiet_.clear();
  json::object data{{"version", "1.0"}, {"type", before == nullptr ? "Create" : "Update"}};
  data[before == nullptr ? "createdAlarm" : "updatedAlarm"] = alarm.shown;
  history_.add(batch, region,
               {now, alarm.name, "ConfigurationUpdate",
                fmt::format("Alarm \"{}\" {}", alarm.name, before == nullptr ? "created" : "updated"), data});
}

void Watch::remove(Batch& batch, std::string_view region, const Alarm& alarm) {
  batch.remove(watch_key(region, alarm));
  if (alarm.evaluate_at) batch.remove(evaluate_key(*alarm.evaluate_at, region, alarm.name));
  alarms_.remove(batch, region, alarm.name);
  history_.add(batch, region,
               {environment_.clock.now(),
                alarm.name,
                "ConfigurationUpdate",
                fmt::format("Alarm \"{}\" deleted", alarm.name),
                {{"version", "1.0"}, {"type", "Delete"}}});
}

bool Watch::touched(const std::string& region, const Metric& metric, SystemTime time) {
  const auto prefix = key({"watch", region, metric.series()});
  if (quiet_.contains(prefix)) return false;
  if (quiet_.size() >= kMostQuiet) quiet_.clear();
  quiet_.insert(prefix);
  const auto now = environment_.clock.now();
  Batch batch;
  for (auto cursor = environment_.store.scan_prefix(prefix); cursor.valid(); cursor.next()) {
    auto rest = cursor.key().substr(prefix.size());
    const auto name = take_text(rest);
    auto alarm = name ? alarms_.find(region, *name) : std::nullopt;
    if (!alarm) continue;
    const bool is_late = time < std::chrono::floor<std::chrono::minutes>(now);
    // Within the grace of the last minute, that minute is not looked at yet: no sooner than that.
    const auto grace_over = SystemTime(std::chrono::floor<std::chrono::minutes>(now)) + kGrace;
    const auto at = is_late ? std::max(now + kLateDelay, grace_over) : next_look(rule_of(alarm->shown), now);
    if (!alarm->evaluate_at || *alarm->evaluate_at > at) plan(batch, region, *alarm, at);
  }
  if (batch.empty()) return false;
  if (auto applied = environment_.store.apply(std::move(batch)); !applied) quiet_.erase(prefix);
  return true;
}

std::optional<SystemTime> Watch::next_due() const {
  const auto prefix = key({"evaluate"});
  const auto cursor = environment_.store.scan_prefix(prefix);
  if (!cursor.valid()) return std::nullopt;
  auto rest = cursor.key().substr(prefix.size());
  return SystemTime(std::chrono::milliseconds(static_cast<std::int64_t>(take_number(rest).value_or(0))));
}

Result<bool> Watch::turn(SystemTime now) {
  quiet_.clear();
  const auto prefix = key({"evaluate"});
  auto cursor = environment_.store.scan(prefix, evaluate_key(now + std::chrono::milliseconds(1), "", ""));
  Batch batch;
  for (int turned = 0; cursor.valid() && turned < kMostAtOnce; cursor.next(), ++turned) {
    auto rest = cursor.key().substr(prefix.size());
    const auto time = take_number(rest);
    const auto region = take_text(rest), name = take_text(rest);
    auto alarm = name ? alarms_.find(*region, *name) : std::nullopt;
    if (!alarm || !alarm->evaluate_at ||
        alarm->evaluate_at->time_since_epoch().count() != static_cast<std::int64_t>(*time)) {
      batch.remove(cursor.key());
      continue;
    }
    evaluate_alarm(batch, *region, *std::move(alarm), now);
  }
  const bool has_more = cursor.valid();
  if (batch.empty()) return has_more;
  if (auto applied = environment_.store.apply(std::move(batch)); !applied) return fail(applied.error());
  return has_more;
}

void Watch::evaluate_alarm(Batch& batch, std::string_view region, Alarm alarm, SystemTime now) {
  const auto rule = rule_of(alarm.shown);
  // Windows end with the last whole minute, and slide with it, as AWS's do.
  const SystemTime end(std::chrono::floor<std::chrono::minutes>(now - kGrace));
  std::vector<Aggregate> windows(evaluation_range(rule));
  const auto from = end - rule.period * static_cast<std::int64_t>(windows.size());
  const auto samples = metrics_.points(std::string(region), metric_of(alarm), from, now + kMostAhead, kMinute,
                                       text(alarm.shown, "Unit"));
  for (const auto& point : samples) {
    if (point.time >= end) continue;
    const auto age = (end - std::chrono::milliseconds(1) - point.time) / rule.period;
    windows[std::min(static_cast<std::size_t>(age), windows.size() - 1)].add(point.aggregate);
  }
  std::vector<std::optional<Datapoint>> newest_first(windows.size());
  for (std::size_t i = 0; i < windows.size(); ++i) {
    if (windows[i].count == 0) continue;
    newest_first[i] = Datapoint{end - rule.period * static_cast<std::int64_t>(i + 1),
                                windows[i].statistic(rule.statistic).value_or(0), windows[i].count};
  }
  const auto verdict = evaluate(rule, newest_first, text(alarm.shown, "StateValue"), now);
  if (!verdict.state.empty() && verdict.state != text(alarm.shown, "StateValue"))
    change_state(batch, region, alarm, verdict, now);
  plan(batch, region, alarm, samples.empty() ? std::nullopt : std::optional(next_look(rule, now)));
}

void Watch::set_state(Batch& batch, std::string_view region, Alarm alarm, const Verdict& verdict) {
  const auto now = environment_.clock.now();
  change_state(batch, region, alarm, verdict, now);
  plan(batch, region, alarm, next_look(rule_of(alarm.shown), now));
}

void Watch::change_state(Batch& batch, std::string_view region, Alarm& alarm, const Verdict& verdict, SystemTime now) {
  auto& shown = alarm.shown;
  const auto before = state_of(alarm);
  const auto old_state = text(shown, "StateValue");
  shown["StateValue"] = verdict.state;
  shown["StateReason"] = verdict.reason;
  shown.erase("StateReasonData");
  if (!verdict.data.empty()) shown["StateReasonData"] = verdict.data;
  shown["StateUpdatedTimestamp"] = operations::timestamp(now.time_since_epoch().count());
  if (old_state == verdict.state) return;
  shown["StateTransitionedTimestamp"] = operations::timestamp(now.time_since_epoch().count());
  history_.add(batch, region,
               {now,
                alarm.name,
                "StateUpdate",
                fmt::format("Alarm updated from {} to {}", old_state, verdict.state),
                {{"version", "1.0"}, {"oldState", before}, {"newState", state_of(alarm)}}});
  if (!get_bool(shown, "ActionsEnabled").value_or(true)) return;
  const auto* member = verdict.state == "ALARM" ? "AlarmActions"
                       : verdict.state == "OK"  ? "OKActions"
                                                : "InsufficientDataActions";
  for (const auto& action : texts(shown, member)) {
    auto at = key({"notice"});
    append_number(at, static_cast<std::uint64_t>(now.time_since_epoch().count()));
    append_text(at, random_hex(16));
    batch.put(at, json::serialize(
                      json::object{{"region", region},
                                   {"alarm", alarm.name},
                                   {"action", action},
                                   {"subject", alarm_subject(alarm, region)},
                                   {"message", alarm_message(alarm, environment_.account, region, old_state, now)}}));
  }
}

std::optional<Watch::Pending> Watch::first_notice() const {
  const auto cursor = environment_.store.scan_prefix(key({"notice"}));
  if (!cursor.valid()) return std::nullopt;
  Pending pending{.key = std::string(cursor.key())};
  if (const auto stored = parse_json_object(cursor.value())) {
    pending.notice = {text(*stored, "region"), text(*stored, "alarm"), text(*stored, "action"),
                      text(*stored, "subject"), text(*stored, "message")};
  }
  return pending;
}

Result<void> Watch::settle(const Pending& pending, const std::optional<WireError>& failure) {
  const auto& notice = pending.notice;
  Batch batch;
  batch.remove(pending.key);
  json::object data{{"actionState", failure ? "Failed" : "Succeeded"}, {"notificationResource", notice.action}};
  if (failure) data["error"] = failure->message;
  if (auto message = parse_json(notice.message)) data["publishedMessage"] = *std::move(message);
  history_.add(batch, notice.region,
               {environment_.clock.now(), notice.alarm, "Action",
                fmt::format("{} action {}", failure ? "Failed to execute" : "Successfully executed", notice.action),
                std::move(data)});
  return environment_.store.apply(std::move(batch));
}

}  // namespace ads::cloud::cloudwatch
