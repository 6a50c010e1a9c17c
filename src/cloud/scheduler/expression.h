// When a schedule is due: rate, cron or at, in a time zone, between two dates. Pure: decides over values alone.
#pragma once
#include <optional>
#include <string_view>
#include <variant>

#include "cloud/scheduler/cron.h"
#include "cloud/scheduler/time_zone.h"

namespace ads::cloud::scheduler {

struct Rate {
  std::chrono::milliseconds period;
};
struct At {
  LocalSeconds time;
};
using Expression = std::variant<Rate, At, Cron>;

// "rate(5 minutes)", "cron(0 8 * * ? *)", "at(2026-11-22T16:20:05)". Nothing for other text.
std::optional<Expression> parse_expression(std::string_view text);

struct Timing {
  Expression expression;
  TimeZone zone;
  SystemTime anchor;  // where a rate without a start counts from: it is due at once, then every period
  std::optional<SystemTime> start, end;  // of a recurring schedule; one-time schedules ignore both, as AWS says
};

// The first time after `after` at which it is due. Nothing where it never is again. A cron expression skips an hour
// that does not come in spring, and is due once in an hour that comes twice.
std::optional<SystemTime> next_after(const Timing& timing, SystemTime after);
// The last time at which it was due within (after, until].
std::optional<SystemTime> last_within(const Timing& timing, SystemTime after, SystemTime until);

}  // namespace ads::cloud::scheduler
