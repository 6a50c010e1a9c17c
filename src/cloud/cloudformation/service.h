// CloudFormation: templates in, resources out, and a record of every step.
#pragma once
#include "cloud/call.h"
#include "cloud/cloudformation/actions/actions.h"
#include "cloud/environment.h"
#include "cloud/query_service.h"

namespace ads::cloud::cloudformation {

class CloudFormation : public Service {
 public:
  // `types` are those of every service; a template may use these and no others.
  CloudFormation(Environment& environment, ResourceTypes types);

  Task<http::Reply> answer(Call& call) override;
  // Goes on with the operations that the last process left unfinished.
  Task<void> start() override;
  Task<void> stop() override;

 private:
  ResourceTypes owned_types_;
  TypeTable types_;
  StackStore stacks_;
  Engine engine_;
  Desk desk_;
  QueryOperations operations_;
};

}  // namespace ads::cloud::cloudformation
