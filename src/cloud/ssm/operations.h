// The parameter store's table of operations.
#pragma once
#include "cloud/operations/pipeline.h"
#include "cloud/ssm/context.h"

namespace ads::cloud::ssm {

operations::Pipeline make_pipeline(Environment& environment, Parameters& parameters);

}  // namespace ads::cloud::ssm
