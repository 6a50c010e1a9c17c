// What CloudWatch's operations and its stacks' resources work on.
#pragma once
#include "base/task.h"
#include "cloud/cloudwatch/alarms.h"
#include "cloud/cloudwatch/metrics.h"
#include "cloud/cloudwatch/watch.h"
#include "cloud/environment.h"

namespace ads::cloud::cloudwatch {

struct State {
  Environment& environment;
  Metrics& metrics;
  Alarms& alarms;
  History& history;
  Watch& watch;
  Bell& notifier;  // notified when an alarm may be due earlier, or has something to send
};

}  // namespace ads::cloud::cloudwatch
