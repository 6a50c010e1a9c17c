// Lambda: functions run as child processes, for clients through rest-json and for other services through FunctionPort.
#pragma once
#include <string>

#include "cloud/call.h"
#include "cloud/environment.h"
#include "cloud/lambda/actions/actions.h"
#include "cloud/lambda/limits.h"
#include "cloud/ports.h"

namespace ads::cloud::lambda {

class Lambda : public Service, public FunctionPort {
 public:
  explicit Lambda(Environment& environment, Limits limits = {});

  Task<http::Reply> answer(Call& call) override;
  Task<void> start() override;
  Task<void> stop() override;
  void bring_deadlines_forward(Batch& batch, std::chrono::milliseconds by) override;

  Task<Outcome<void>> invoke_async(std::string function_arn, std::string payload, Source source) override;
  Outcome<void> may_invoke(const std::string& function_arn, const Source& source) override;

  ResourceTypes resource_types();
  Parts& parts() { return parts_; }

 private:
  Task<Outcome<http::Reply>> run(Call& call);

  Parts parts_;
};

}  // namespace ads::cloud::lambda
