#include "cloud/scheduler/expression.h"

#include <charconv>

namespace ads::cloud::scheduler {
namespace {

std::optional<std::string_view> inside(std::string_view text, std::string_view name) {
  if (!text.starts_with(name) || !text.ends_with(')')) return std::nullopt;
  return text.substr(name.size(), text.size() - name.size() - 1);
}

std::optional<Expression> parse_rate(std::string_view text) {
  const auto space = text.find(' ');
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (space == text.npos || error != std::errc{} || end != text.data() + space) return std::nullopt;
  if (value < 1 || value > 1'000'000'000) return std::nullopt;
  auto unit = text.substr(space + 1);
  if (unit.ends_with('s')) unit.remove_suffix(1);
  if (unit == "minute") return Rate{std::chrono::minutes(value)};
  if (unit == "hour") return Rate{std::chrono::hours(value)};
  if (unit == "day") return Rate{std::chrono::hours(24) * value};
  return std::nullopt;
}

std::optional<Expression> parse_at(std::string_view text) {
  constexpr std::string_view kForm = "dddd-dd-ddTdd:dd:dd";
  const auto fits = [](char form, char c) { return form == 'd' ? c >= '0' && c <= '9' : form == c; };
  if (text.size() != kForm.size() || !std::equal(kForm.begin(), kForm.end(), text.begin(), fits)) return std::nullopt;
  const auto time = parse_iso8601(std::string(text) + "Z");
  if (!time) return std::nullopt;
  return At{LocalSeconds(std::chrono::floor<std::chrono::seconds>(*time).time_since_epoch())};
}

std::optional<SystemTime> next_of(const Rate& rate, const Timing& timing, SystemTime after) {
  const SystemTime first = timing.start.value_or(timing.anchor);
  if (first > after) return first;
  return first + rate.period * ((after - first) / rate.period + 1);
}

std::optional<SystemTime> next_of(const Cron& cron, const Timing& timing, SystemTime after) {
  if (timing.start) after = std::max(after, *timing.start - std::chrono::milliseconds(1));
  for (auto local = cron.next_after(timing.zone.local_at(after)); local; local = cron.next_after(*local)) {
    const auto moment = timing.zone.moment_of(*local);
    if (moment && *moment > after) return moment;
  }
  return std::nullopt;
}

}  // namespace

std::optional<Expression> parse_expression(std::string_view text) {
  if (const auto rate = inside(text, "rate(")) return parse_rate(*rate);
  if (const auto at = inside(text, "at(")) return parse_at(*at);
  if (const auto fields = inside(text, "cron(")) {
    if (auto cron = Cron::parse(*fields)) return *cron;
  }
  return std::nullopt;
}

std::optional<SystemTime> next_after(const Timing& timing, SystemTime after) {
  if (const auto* at = std::get_if<At>(&timing.expression)) {
    const auto moment = timing.zone.moment_at_or_after(at->time);
    return moment > after ? std::optional(moment) : std::nullopt;
  }
  const auto next = std::holds_alternative<Rate>(timing.expression)
                        ? next_of(std::get<Rate>(timing.expression), timing, after)
                        : next_of(std::get<Cron>(timing.expression), timing, after);
  return next && timing.end && *next > *timing.end ? std::nullopt : next;
}

std::optional<SystemTime> last_within(const Timing& timing, SystemTime after, SystemTime until) {
  std::optional<SystemTime> last;
  for (auto next = next_after(timing, after); next && *next <= until; next = next_after(timing, *next)) last = next;
  return last;
}

}  // namespace ads::cloud::scheduler
