// Where the scheduler keeps what in the store; numbers are milliseconds since 1970.
//   ("scheduler", "group", REGION, NAME)             a Group as JSON (group.cc)
//   ("scheduler", "schedule", REGION, GROUP, NAME)   a Schedule as JSON (schedule.cc)
//   ("scheduler", "due", TIME, REGION, GROUP, NAME)  nothing: that schedule is next due then; one entry per schedule
//   ("scheduler", "delivery", TIME, ID)              a Delivery as JSON (delivery.cc): to be attempted then
#pragma once
#include <initializer_list>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "cloud/store.h"

namespace ads::cloud::scheduler {

inline std::string key(std::initializer_list<std::string_view> fields) {
  std::string out;
  append_text(out, "scheduler");
  for (const auto field : fields) append_text(out, field);
  return out;
}

inline std::uint64_t millis(SystemTime time) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(0, time.time_since_epoch().count()));
}
inline SystemTime time_of(std::uint64_t millis) {
  return SystemTime(std::chrono::milliseconds(static_cast<std::int64_t>(millis)));
}

// "due" and "delivery" entries that come at or before `time` stand before this key.
inline std::string timed_key(std::string_view kind, SystemTime time) {
  auto out = key({kind});
  append_number(out, millis(time));
  return out;
}

}  // namespace ads::cloud::scheduler
