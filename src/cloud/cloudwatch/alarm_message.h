// What an alarm tells its topics, as AWS writes it.
#pragma once
#include <string>

#include "cloud/cloudwatch/alarms.h"

namespace ads::cloud::cloudwatch {

// `ALARM: "name" in EU (Frankfurt)`
std::string alarm_subject(const Alarm& alarm, std::string_view region);
// {"AlarmName", "NewStateValue", "OldStateValue", "Trigger": {...}, ...}, with the alarm's new state in it.
std::string alarm_message(const Alarm& alarm, std::string_view account, std::string_view region,
                          std::string_view old_state, SystemTime now);

}  // namespace ads::cloud::cloudwatch
