// The parameters of the stack that decide about records, read from environment variables.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "batch/active_status.h"
#include "batch/batch_name.h"
#include "batch/time_zone.h"
#include "batch/user_key.h"

namespace ads::batch {

// Parameter / environment variable / meaning.
struct Config {
  int max_retries = 1;                             // MaxRetries / MAX_RETRIES: 0-1,000
  ActiveStatuses active_statuses;                  // ActiveStatus / ACTIVE_STATUS: a list with commas
  AcceptDates accept_dates = AcceptDates::today;   // AcceptDates / ACCEPT_DATES: today | any
  TimeZone time_zone;                              // TimeZone / TIME_ZONE: see parse_time_zone
  int max_bad_percent = 50;                        // MaxBadPercent / MAX_BAD_PERCENT: 0-100, 100 never stops
  UserKeyForm user_key_form = UserKeyForm::as_is;  // UserKeyForm / USER_KEY_FORM: as-is | uuid-lower | uuid-upper
  int max_expansion = 1000;                        // MaxExpansion / MAX_EXPANSION: 1-1,000,000; see kMaxExpansion
  int publish_rate = 0;  // PublishRate / PUBLISH_RATE: notifications per second, all workers; 0 no limit
  enum class Ordering {
    by_shard,
    by_file
  } ordering = Ordering::by_shard;  // StrictOrdering / STRICT_ORDERING: true | false
};

// The value of an environment variable, or nothing.
using GetVariable = std::function<std::optional<std::string>(std::string_view name)>;

// Absent and empty variables mean the default. Errors: invalid / "InvalidParameter", naming variable, parameter, value
// and what is accepted.
Result<Config> parse_config(const GetVariable& get, const ReadZone& read_zone = {});

}  // namespace ads::batch
