// Systems Manager's Parameter Store: named values with versions, labels and tags. A SecureString is sealed under
// the key of the data directory.
#pragma once
#include "cloud/call.h"
#include "cloud/environment.h"
#include "cloud/operations/pipeline.h"
#include "cloud/ssm/parameters.h"

namespace ads::cloud::ssm {

class Service : public cloud::Service, public ParameterPort {
 public:
  explicit Service(Environment& environment);

  Task<http::Reply> answer(Call& call) override;
  Task<void> start() override;
  Outcome<std::string> value(const std::string& region, const std::string& name) override;

  // AWS::SSM::Parameter.
  ResourceTypes resource_types();

 private:
  Environment& environment_;
  Parameters parameters_;
  operations::Pipeline pipeline_;
};

}  // namespace ads::cloud::ssm
