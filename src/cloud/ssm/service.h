// Systems Manager's Parameter Store: named values with versions, labels and tags. A SecureString is sealed under
// the key of the data directory.
#pragma once
#include "cloud/call.h"
#include "cloud/environment.h"
#include "cloud/json_protocol.h"
#include "cloud/ssm/actions/actions.h"

namespace ads::cloud::ssm {

class ParameterStore : public Service, public ParameterPort {
 public:
  explicit ParameterStore(Environment& environment);

  Task<http::Reply> answer(Call& call) override;
  Task<void> start() override;
  Outcome<std::string> value(const std::string& region, const std::string& name) override;

  // AWS::SSM::Parameter.
  ResourceTypes resource_types();

 private:
  Environment& environment_;
  Parameters parameters_;
  Desk desk_;
  Operations operations_;
};

}  // namespace ads::cloud::ssm
