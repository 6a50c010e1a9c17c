// Why a file is not taken as a batch file. A refused file stays where it is, and somebody is told.
#pragma once
#include <string>
#include <string_view>

#include "base/clock.h"
#include "batch/mail.h"
#include "batch/time_zone.h"

namespace ads::batch {

enum class RefusalReason {
  bad_name,   // not DES_ or ADS_Manually_Process_DD-MM-YYYY with a known extension
  bad_date,   // no such day in the calendar
  wrong_day,  // not today's, and AcceptDates is today
};

// "BAD_NAME", "BAD_DATE", "WRONG_DAY".
std::string_view to_string(RefusalReason reason);

struct Refusal {
  RefusalReason reason;
  std::string sentence;  // for a person: what was found, what is expected, what to do

  bool operator==(const Refusal&) const = default;
};

// Tells the operators that `key` in `bucket` was left untouched.
Mail refusal_mail(const Refusal& refusal, std::string_view bucket, std::string_view key, SystemTime when,
                  const TimeZone& zone = {});

}  // namespace ads::batch
