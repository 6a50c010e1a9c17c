// Where CloudWatch keeps what in the store. SERIES is the hex SHA-1 of a metric's namespace, name and dimensions.
//   ("cloudwatch", "metric", REGION, NAMESPACE, NAME, SERIES)   {"dimensions": [{"Name", "Value"}]}
//   ("cloudwatch", "data", REGION, SERIES, MINUTE, UNIT)        Aggregate of one minute (aggregate.h); MINUTE is a
//   number
//   ("cloudwatch", "alarm", REGION, NAME)                       the alarm as DescribeAlarms shows it, with its tags
//   ("cloudwatch", "watch", REGION, SERIES, NAME)               nothing: that alarm watches that series
//   ("cloudwatch", "evaluate", TIME, REGION, NAME)              nothing: that alarm is evaluated then; TIME in
//   milliseconds
//   ("cloudwatch", "notice", TIME, ID)                          what an alarm still has to tell a topic (watch.cc)
//   ("cloudwatch", "history", REGION, TIME, NUMBER)             what became of an alarm (history.cc)
//   ("cloudwatch", "dashboard", REGION, NAME)                   {"body", "modified": milliseconds}
#pragma once
#include <initializer_list>
#include <string>
#include <string_view>

#include "cloud/store.h"

namespace ads::cloud::cloudwatch {

inline std::string key(std::initializer_list<std::string_view> fields) {
  std::string out;
  append_text(out, "cloudwatch");
  for (const auto field : fields) append_text(out, field);
  return out;
}

}  // namespace ads::cloud::cloudwatch
