// CloudWatch Logs: log groups, streams and events, for clients through awsJson1.1 and for Lambda through LogPort.
#pragma once
#include <string>
#include <vector>

#include "cloud/call.h"
#include "cloud/environment.h"
#include "cloud/logs/state.h"
#include "cloud/operations/pipeline.h"
#include "cloud/ports.h"

namespace ads::cloud::logs {

class Service : public cloud::Service, public LogPort {
 public:
  explicit Service(Environment& environment);

  Task<http::Reply> answer(Call& call) override;
  Outcome<void> may_append(const std::string& region, const std::string& group, const std::string& stream,
                           const Source& source) override;
  Task<Outcome<void>> append(std::string region, std::string group, std::string stream,
                             std::vector<LogEvent> events) override;
  // One of the operations, for a stack.
  operations::Answer perform(std::string region, std::string operation, json::object input);
  ResourceTypes resource_types();

  State& state() { return state_; }

 private:
  Environment& environment_;
  State state_;
  operations::Pipeline pipeline_;
};

}  // namespace ads::cloud::logs
