// CloudWatch's actions, in the model's JSON shapes.
#pragma once
#include "base/json.h"
#include "cloud/call.h"
#include "cloud/cloudwatch/alarms.h"
#include "cloud/cloudwatch/metrics.h"
#include "cloud/cloudwatch/watch.h"
#include "cloud/environment.h"

namespace ads::cloud::cloudwatch {

struct Desk {
  Environment& environment;
  Metrics& metrics;
  Alarms& alarms;
  History& history;
  Watch& watch;
  Bell& bell;  // to be rung when an alarm may be due earlier, or has something to tell
};

using Answer = Task<Outcome<json::object>>;
using Action = Answer (*)(Desk&, Call&, json::object);

// metric_data.cc
Answer put_metric_data(Desk&, Call&, json::object);
Answer get_metric_statistics(Desk&, Call&, json::object);
Answer get_metric_data(Desk&, Call&, json::object);
Answer list_metrics(Desk&, Call&, json::object);

// alarms.cc
Answer put_metric_alarm(Desk&, Call&, json::object);
Answer describe_alarms(Desk&, Call&, json::object);
Answer describe_alarms_for_metric(Desk&, Call&, json::object);
Answer describe_alarm_history(Desk&, Call&, json::object);
Answer delete_alarms(Desk&, Call&, json::object);
Answer set_alarm_state(Desk&, Call&, json::object);
Answer enable_alarm_actions(Desk&, Call&, json::object);
Answer disable_alarm_actions(Desk&, Call&, json::object);
Answer tag_resource(Desk&, Call&, json::object);
Answer untag_resource(Desk&, Call&, json::object);
Answer list_tags_for_resource(Desk&, Call&, json::object);

// dashboards.cc
Answer put_dashboard(Desk&, Call&, json::object);
Answer get_dashboard(Desk&, Call&, json::object);
Answer list_dashboards(Desk&, Call&, json::object);
Answer delete_dashboards(Desk&, Call&, json::object);

// Applies the batch, waits for the disk, and answers `result`.
Answer commit(Desk& desk, Batch batch, json::object result = {});

}  // namespace ads::cloud::cloudwatch
