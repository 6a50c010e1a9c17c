// SNS's table of operations.
#pragma once
#include "cloud/operations/pipeline.h"

namespace ads::cloud::sns {

class Service;

operations::Pipeline make_pipeline(Environment& environment, Service& sns);

}  // namespace ads::cloud::sns
