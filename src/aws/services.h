// The services that have a client here, as AWS's models name them.
#pragma once
#include <array>

#include "aws/endpoint.h"

namespace ads::aws {

inline constexpr ServiceName kS3{"s3", "s3", "s3"};
inline constexpr ServiceName kDynamoDb{"dynamodb", "dynamodb", "dynamodb"};
inline constexpr ServiceName kSqs{"sqs", "sqs", "sqs"};
inline constexpr ServiceName kSns{"sns", "sns", "sns"};
inline constexpr ServiceName kSesV2{"sesv2", "email", "ses"};
inline constexpr ServiceName kLambda{"lambda", "lambda", "lambda"};
inline constexpr ServiceName kCloudFormation{"cloudformation", "cloudformation", "cloudformation"};
inline constexpr ServiceName kSts{"sts", "sts", "sts"};
inline constexpr ServiceName kLogs{"cloudwatch_logs", "logs", "logs"};

inline constexpr ServiceName kServiceQuotas{"service_quotas", "servicequotas", "servicequotas"};

inline constexpr std::array kServices{kS3,     kDynamoDb,       kSqs, kSns,  kSesV2,
                                      kLambda, kCloudFormation, kSts, kLogs, kServiceQuotas};

}  // namespace ads::aws
