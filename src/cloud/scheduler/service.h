// EventBridge Scheduler: schedules that invoke functions, queues and topics when they are due.
// Due times are an index in the store, so that a million schedules cost no memory; a timer waits for the first of them.
// A time that passed while the cloud was down catches up once at the next start, as far as the target's
// MaximumEventAgeInSeconds allows.
#pragma once
#include "cloud/call.h"
#include "cloud/environment.h"
#include "cloud/operations/pipeline.h"
#include "cloud/scheduler/state.h"

namespace ads::cloud::scheduler {

class Service : public cloud::Service {
 public:
  explicit Service(Environment& environment);

  Task<http::Reply> answer(Call& call) override;
  Task<void> start() override;
  Task<void> stop() override;
  void bring_deadlines_forward(Batch& batch, std::chrono::milliseconds by) override;

  // AWS::Scheduler::Schedule, AWS::Scheduler::ScheduleGroup.
  ResourceTypes resource_types();

 private:
  Environment& environment_;
  Book book_;
  Dispatcher dispatcher_;
  State state_;
  operations::Pipeline pipeline_;
};

}  // namespace ads::cloud::scheduler
