// What an alarm's state is, given its datapoints: AWS's rules as a pure function.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
#pragma once
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/json.h"

namespace ads::cloud::cloudwatch {

// What PutMetricAlarm asked for, as numbers.
struct AlarmRule {
  enum class Missing { missing, ignore, breaching, not_breaching };
  std::string statistic;  // "Sum", "p99"
  std::string comparison;
  double threshold = 0;
  std::size_t periods = 1, to_alarm = 1;  // N and M of "M out of N"
  std::chrono::seconds period{60};
  Missing missing = Missing::missing;
  bool ignores_few_samples = false;  // EvaluateLowSampleCountPercentile is "ignore"

  bool is_breaching(double value) const;
};

AlarmRule rule_of(const json::object& shown);

struct Datapoint {
  SystemTime time;  // the start of its period
  double value = 0, samples = 0;
};

// How many periods an evaluation looks at: the alarm's, and some more for those that have no datapoint.
std::size_t evaluation_range(const AlarmRule& rule);

struct Verdict {
  std::string state;   // "OK", "ALARM", "INSUFFICIENT_DATA"; empty: it stays what it was
  std::string reason;  // as AWS words it
  std::string data;    // StateReasonData: JSON
};

// `newest_first`: one entry per period of the evaluation range, nothing where the period has no datapoint.
Verdict evaluate(const AlarmRule& rule, std::span<const std::optional<Datapoint>> newest_first,
                 const std::string& current, SystemTime now);

}  // namespace ads::cloud::cloudwatch
