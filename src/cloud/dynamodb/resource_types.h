// DynamoDB's CloudFormation type.
#pragma once
#include <memory>

#include "cloud/dynamodb/service.h"

namespace ads::cloud::dynamodb {

// AWS::DynamoDB::Table; both must outlive it.
std::unique_ptr<ResourceType> make_table_type(DynamoDb& service, Environment& environment);

}  // namespace ads::cloud::dynamodb
