#include "cloud/scheduler/book.h"

#include "base/ids.h"
#include "cloud/scheduler/keys.h"

namespace ads::cloud::scheduler {
namespace {

constexpr int kMostAtOnce = 256;
constexpr std::chrono::milliseconds kTick{1};

std::string due_key(SystemTime time, std::string_view region, std::string_view group, std::string_view name) {
  auto out = timed_key("due", time);
  for (const auto field : {region, group, name}) append_text(out, field);
  return out;
}

std::string new_delivery_key(SystemTime due) {
  auto out = timed_key("delivery", due);
  append_text(out, random_hex(16));
  return out;
}

// The number behind ("scheduler", kind) of a key.
std::optional<SystemTime> time_in_key(std::string_view key_of_entry, const std::string& prefix) {
  auto rest = key_of_entry.substr(prefix.size());
  const auto time = take_number(rest);
  return time ? std::optional(time_of(*time)) : std::nullopt;
}

}  // namespace

std::string write(const Delivery& delivery) {
  return json::serialize(json::object{{"region", delivery.region},
                                      {"group", delivery.group},
                                      {"name", delivery.name},
                                      {"scheduled", millis(delivery.scheduled)},
                                      {"since", millis(delivery.since)},
                                      {"anchor", millis(delivery.anchor)},
                                      {"attempts", delivery.attempts}});
}

std::optional<Delivery> read_delivery(std::string_view stored) {
  const auto object = parse_json_object(stored);
  if (!object) return std::nullopt;
  const auto text = [&](std::string_view member) { return std::string(get_string(*object, member).value_or("")); };
  const auto time = [&](std::string_view member) {
    return time_of(static_cast<std::uint64_t>(get_integer(*object, member).value_or(0)));
  };
  return Delivery{.region = text("region"),
                  .group = text("group"),
                  .name = text("name"),
                  .scheduled = time("scheduled"),
                  .since = time("since"),
                  .anchor = time("anchor"),
                  .attempts = static_cast<int>(get_integer(*object, "attempts").value_or(0))};
}

std::optional<Group> Book::find_group(std::string_view region, std::string_view name) const {
  if (const auto stored = store_.get(key({"group", region, name}))) return read_stored_group(name, *stored);
  if (name == "default") return Group{.name = "default"};
  return std::nullopt;
}

void Book::put(Batch& batch, std::string_view region, const Group& group) const {
  batch.put(key({"group", region, group.name}), write(group));
}

void Book::remove_group(Batch& batch, std::string_view region, std::string_view name) const {
  batch.remove(key({"group", region, name}));
}

std::vector<Group> Book::groups(std::string_view region, std::string_view prefix, const Page& page,
                                std::string& next) const {
  std::vector<Group> out;
  const auto all = key({"group", region});
  std::string last;
  next.clear();
  // The default group is written down only once it has tags.
  const auto own = key({"group", region, "default"});
  const bool shows_default = std::string_view("default").starts_with(prefix) && page.after < own && !store_.get(own);
  bool has_default = !shows_default;
  const auto add = [&](Group group, std::string key_of_group) {
    if (out.size() == page.most) {
      next = last;
      return false;
    }
    last = std::move(key_of_group);
    out.push_back(std::move(group));
    return true;
  };
  const auto from = page.after.empty() ? all : page.after + '\0';
  for (auto cursor = store_.scan(from, after_prefix(all)); cursor.valid(); cursor.next()) {
    auto rest = cursor.key().substr(all.size());
    const auto name = take_text(rest);
    if (!name || !name->starts_with(prefix)) continue;
    if (!has_default && cursor.key() > own) {
      has_default = true;
      if (!add(Group{.name = "default"}, own)) return out;
    }
    if (auto group = read_stored_group(*name, cursor.value()))
      if (!add(*std::move(group), std::string(cursor.key()))) return out;
  }
  if (!has_default) add(Group{.name = "default"}, own);
  return out;
}

std::vector<std::pair<std::string, std::string>> Book::groups_in_removal() const {
  std::vector<std::pair<std::string, std::string>> out;
  const auto all = key({"group"});
  for (auto cursor = store_.scan_prefix(all); cursor.valid(); cursor.next()) {
    auto rest = cursor.key().substr(all.size());
    const auto region = take_text(rest), name = take_text(rest);
    if (!region || !name) continue;
    const auto group = read_stored_group(*name, cursor.value());
    if (group && group->is_deleting) out.emplace_back(*region, *name);
  }
  return out;
}

std::optional<Schedule> Book::find(std::string_view region, std::string_view group, std::string_view name) const {
  const auto stored = store_.get(key({"schedule", region, group, name}));
  return stored ? read_stored_schedule(group, name, *stored) : std::nullopt;
}

std::vector<Schedule> Book::list(std::string_view region, std::string_view group,
                                 const std::function<bool(const Schedule&)>& wanted, const Page& page,
                                 std::string& next) const {
  std::vector<Schedule> out;
  const auto all = key({"schedule", region});
  const auto prefix = group.empty() ? all : key({"schedule", region, group});
  std::string last;
  next.clear();
  const auto from = page.after.empty() ? prefix : page.after + '\0';
  for (auto cursor = store_.scan(from, after_prefix(prefix)); cursor.valid(); cursor.next()) {
    auto rest = cursor.key().substr(all.size());
    const auto group_of = take_text(rest), name = take_text(rest);
    auto schedule = group_of && name ? read_stored_schedule(*group_of, *name, cursor.value()) : std::nullopt;
    if (!schedule || !wanted(*schedule)) continue;
    if (out.size() == page.most) {
      next = last;
      break;
    }
    last = cursor.key();
    out.push_back(*std::move(schedule));
  }
  return out;
}

void Book::plan(Schedule& schedule, const Schedule* before, SystemTime now) {
  schedule.modified = now;
  schedule.created = before ? before->created : now;
  const auto same = [&](std::string_view member) {
    const auto *mine = schedule.shown.if_contains(member), *old = before->shown.if_contains(member);
    return mine == nullptr || old == nullptr ? mine == old : *mine == *old;
  };
  // A change that leaves the timing alone must not make a rate begin anew, nor a past time come again.
  const bool goes_on = before != nullptr && before->is_enabled() && same("ScheduleExpression") &&
                       same("ScheduleExpressionTimezone") && same("StartDate");
  schedule.anchor = goes_on ? before->anchor : now;
  schedule.next.reset();
  const auto timing = timing_of(schedule, zones_);
  if (!schedule.is_enabled() || !timing) return;
  if (std::holds_alternative<At>(timing->expression)) {
    // A time that has passed already is made up for, once.
    if (goes_on)
      schedule.next = before->next;
    else
      schedule.next = next_after(*timing, SystemTime(std::chrono::milliseconds(-1)));
    return;
  }
  schedule.next = next_after(*timing, goes_on ? now : now - kTick);
}

void Book::put(Batch& batch, std::string_view region, const Schedule& schedule, const Schedule* before) const {
  if (before != nullptr && before->next) batch.remove(due_key(*before->next, region, before->group, before->name));
  batch.put(key({"schedule", region, schedule.group, schedule.name}), write(schedule));
  if (schedule.next) batch.put(due_key(*schedule.next, region, schedule.group, schedule.name), "");
}

void Book::remove(Batch& batch, std::string_view region, const Schedule& schedule) const {
  batch.remove(key({"schedule", region, schedule.group, schedule.name}));
  if (schedule.next) batch.remove(due_key(*schedule.next, region, schedule.group, schedule.name));
}

void Book::bring_forward(Batch& batch, std::chrono::milliseconds by) {
  const auto all = key({"schedule"});
  for (auto cursor = store_.scan_prefix(all); cursor.valid(); cursor.next()) {
    auto rest = cursor.key().substr(all.size());
    const auto region = take_text(rest), group = take_text(rest), name = take_text(rest);
    const auto before = name ? read_stored_schedule(*group, *name, cursor.value()) : std::nullopt;
    const auto timing = before ? timing_of(*before, zones_) : std::nullopt;
    // One with a start date counts from there, a calendar time.
    if (!timing || !std::holds_alternative<Rate>(timing->expression) || timing->start || !before->next) continue;
    auto schedule = *before;
    schedule.anchor -= by;
    *schedule.next -= by;
    put(batch, *region, schedule, &*before);
  }
  const auto deliveries = key({"delivery"});
  for (auto cursor = store_.scan_prefix(deliveries); cursor.valid(); cursor.next()) {
    auto rest = cursor.key().substr(deliveries.size());
    const auto due = take_number(rest);
    auto delivery = read_delivery(cursor.value());
    if (!due || !delivery) continue;
    delivery->since -= by;
    batch.remove(cursor.key());
    batch.put(timed_key("delivery", time_of(*due) - by) + std::string(rest), write(*delivery));
  }
}

std::optional<SystemTime> Book::next_due() const {
  const auto prefix = key({"due"});
  const auto cursor = store_.scan_prefix(prefix);
  return cursor.valid() ? time_in_key(cursor.key(), prefix) : std::nullopt;
}

Result<bool> Book::turn(SystemTime now) {
  const auto prefix = key({"due"});
  Batch batch;
  int turned = 0;
  auto cursor = store_.scan(prefix, timed_key("due", now + kTick));
  for (; cursor.valid() && turned < kMostAtOnce; cursor.next(), ++turned) {
    auto rest = cursor.key().substr(prefix.size());
    const auto due = take_number(rest);
    const auto region = take_text(rest), group = take_text(rest), name = take_text(rest);
    auto schedule = name ? find(*region, *group, *name) : std::nullopt;
    const auto timing = schedule ? timing_of(*schedule, zones_) : std::nullopt;
    if (!timing || !schedule->next || millis(*schedule->next) != *due) {
      batch.remove(cursor.key());
      continue;
    }
    const Schedule before = *schedule;
    // What is older than the target wants to hear of need not be looked at one by one.
    const auto oldest = std::max(*before.next, now - schedule->maximum_age()) - kTick;
    const auto scheduled = last_within(*timing, oldest, now).value_or(*before.next);
    schedule->next = next_after(*timing, now);
    put(batch, *region, *schedule, &before);
    const auto since =
        scheduled + (schedule->window().count() > 0 ? draw_(schedule->window()) : std::chrono::milliseconds(0));
    batch.put(new_delivery_key(since), write(Delivery{*region, *group, *name, scheduled, since, schedule->anchor}));
  }
  const bool has_more = cursor.valid();
  if (batch.empty()) return has_more;
  if (auto applied = store_.apply(std::move(batch)); !applied) return fail(applied.error());
  return has_more;
}

std::optional<Book::Pending> Book::first_delivery(const std::set<std::string>& in_flight) const {
  const auto prefix = key({"delivery"});
  for (auto cursor = store_.scan_prefix(prefix); cursor.valid(); cursor.next()) {
    if (in_flight.contains(std::string(cursor.key()))) continue;
    const auto due = time_in_key(cursor.key(), prefix);
    auto delivery = read_delivery(cursor.value());
    return Pending{std::string(cursor.key()), due.value_or(SystemTime{}), delivery ? *std::move(delivery) : Delivery{}};
  }
  return std::nullopt;
}

Result<void> Book::settle(const Pending& pending) {
  Batch batch;
  batch.remove(pending.key);
  const auto& made = pending.delivery;
  const auto schedule = find(made.region, made.group, made.name);
  // Not one that was made anew, or given another time, meanwhile.
  const bool is_over =
      schedule && schedule->is_enabled() && !schedule->next && millis(schedule->anchor) == millis(made.anchor);
  if (is_over && schedule->is_deleted_after_completion()) remove(batch, made.region, *schedule);
  return store_.apply(std::move(batch));
}

Result<void> Book::put_back(const Pending& pending, SystemTime due) {
  Batch batch;
  batch.remove(pending.key);
  batch.put(new_delivery_key(due), write(pending.delivery));
  return store_.apply(std::move(batch));
}

}  // namespace ads::cloud::scheduler
