// Alarms: what was asked for, and the state that was last set.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "cloud/store.h"
#include "cloud/wire_error.h"

namespace ads::cloud::cloudwatch {

// An alarm is kept as DescribeAlarms shows it (times by operations::timestamp()), and its tags beside it.
struct Alarm {
  std::string name;
  json::object shown;
  std::map<std::string, std::string> tags;
  std::string client_token;               // of the stack operation that made it
  std::optional<SystemTime> evaluate_at;  // watch.h; nothing: no data to look at
};

// PutMetricAlarm's input, or a template's properties with the same names, checked and typed. A new alarm's state is
// INSUFFICIENT_DATA; an existing one's stays. Errors: ValidationError, MissingParameter, InvalidParameterValue,
// InvalidParameterCombination; metric math, anomaly detection and periods below a minute are refused by name.
Outcome<Alarm> make_alarm(const json::object& input, std::string_view account, std::string_view region, SystemTime now,
                          const Alarm* existing);

class Alarms {
 public:
  explicit Alarms(Store& store) : store_(store) {}
  std::optional<Alarm> find(std::string_view region, std::string_view name) const;
  // In order of the names, after `after`.
  std::vector<Alarm> list(std::string_view region, std::string_view after, std::string_view prefix,
                          std::size_t most) const;
  void put(Batch& batch, std::string_view region, const Alarm& alarm) const;
  void remove(Batch& batch, std::string_view region, std::string_view name) const;

 private:
  Store& store_;
};

}  // namespace ads::cloud::cloudwatch
