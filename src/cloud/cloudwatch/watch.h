// Which alarms have to be looked at and when: at the end of a minute in which their metric got data, and of every one
// after it until what they saw has left their range; at once where an alarm is new, or the data belongs to a minute
// that is over. An alarm without data sleeps: an idle cloud looks at none.
#pragma once
#include <optional>
#include <set>
#include <string>

#include "cloud/cloudwatch/alarms.h"
#include "cloud/cloudwatch/evaluation.h"
#include "cloud/cloudwatch/history.h"
#include "cloud/cloudwatch/metrics.h"
#include "cloud/environment.h"

namespace ads::cloud::cloudwatch {

// What an alarm tells a topic, on its way: kept until it was said, so that kill -9 repeats it and never loses it.
struct Notice {
  std::string region, alarm, action;  // `action` is the topic's ARN
  std::string subject, message;
};

class Watch {
 public:
  Watch(Environment& environment, Metrics& metrics, Alarms& alarms, History& history)
      : environment_(environment), metrics_(metrics), alarms_(alarms), history_(history) {}

  // Writes an alarm that was made or changed (nullptr: made), to be evaluated at once.
  void put(Batch& batch, std::string_view region, Alarm alarm, const Alarm* before);
  void remove(Batch& batch, std::string_view region, const Alarm& alarm);
  // A sample of that metric and time came. True where that made an alarm due that was not.
  bool touched(const std::string& region, const Metric& metric, SystemTime time);
  // Goes over to a state by request, until the next evaluation finds another.
  void set_state(Batch& batch, std::string_view region, Alarm alarm, const Verdict& verdict);

  std::optional<SystemTime> next_due() const;
  // Evaluates what is due; true where more is due than one turn takes.
  Result<bool> turn(SystemTime now);

  struct Pending {
    std::string key;
    Notice notice;
  };
  std::optional<Pending> first_notice() const;
  // It was said, or could not be: takes it away and writes that down.
  Result<void> settle(const Pending& pending, const std::optional<WireError>& failure);

 private:
  void evaluate_alarm(Batch& batch, std::string_view region, Alarm alarm, SystemTime now);
  void change_state(Batch& batch, std::string_view region, Alarm& alarm, const Verdict& verdict, SystemTime now);
  void plan(Batch& batch, std::string_view region, Alarm& alarm, std::optional<SystemTime> at) const;

  Environment& environment_;
  Metrics& metrics_;
  Alarms& alarms_;
  History& history_;
  std::set<std::string> quiet_;  // series of which a sample changes nothing before the next turn; bounded
};

}  // namespace ads::cloud::cloudwatch
