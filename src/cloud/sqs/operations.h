// SQS's table of operations.
#pragma once
#include "cloud/operations/pipeline.h"

namespace ads::cloud::sqs {

class Service;

operations::Pipeline make_pipeline(Environment& environment, Service& sqs);

}  // namespace ads::cloud::sqs
