// CloudWatch: metrics that are recorded and asked for, alarms that watch them, dashboards that are kept.
#pragma once
#include "base/task.h"
#include "cloud/call.h"
#include "cloud/cloudwatch/state.h"
#include "cloud/environment.h"
#include "cloud/operations/pipeline.h"

namespace ads::cloud::cloudwatch {

class Service : public cloud::Service, public MetricPort {
 public:
  explicit Service(Environment& environment);

  Task<http::Reply> answer(Call& call) override;
  Task<void> start() override;
  Task<void> stop() override;

  // Kept in memory for up to a second, then in the store: a crash may lose that second of the services' own counters.
  void record(const std::string& region, std::vector<MetricDatum> data) override;

  // AWS::CloudWatch::Alarm, AWS::CloudWatch::Dashboard.
  ResourceTypes resource_types();

 private:
  Task<void> flush_soon();
  // Evaluates alarms when they are due and notifies their topics; waits in between.
  Task<void> watch_alarms();
  Task<void> tell(Watch::Pending pending);

  Environment& environment_;
  Metrics metrics_;
  Alarms alarms_;
  History history_;
  Watch watch_;
  Bell notifier_;
  State state_;
  operations::Pipeline pipeline_;
  TaskGroup tasks_;
  bool is_flushing_ = false;
};

}  // namespace ads::cloud::cloudwatch
