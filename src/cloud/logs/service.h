// CloudWatch Logs: log groups, streams and events, for clients through awsJson1.1 and for Lambda through LogPort.
#pragma once
#include <string>
#include <vector>

#include "cloud/call.h"
#include "cloud/environment.h"
#include "cloud/json_protocol.h"
#include "cloud/logs/actions/actions.h"
#include "cloud/ports.h"

namespace ads::cloud::logs {

class Logs : public Service, public LogPort {
 public:
  explicit Logs(Environment& environment);

  Task<http::Reply> answer(Call& call) override;
  Outcome<void> may_append(const std::string& region, const std::string& group, const std::string& stream,
                           const Source& source) override;
  Task<Outcome<void>> append(std::string region, std::string group, std::string stream,
                             std::vector<LogEvent> events) override;
  ResourceTypes resource_types();

  Scope scope(std::string region) { return {state_, environment_, std::move(region)}; }

 private:
  Environment& environment_;
  State state_;
  Operations operations_;
};

}  // namespace ads::cloud::logs
