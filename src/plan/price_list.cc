#include "plan/price_list.h"

#include <array>

namespace ads::plan {
namespace {

// Prices: aws.amazon.com/{lambda,sns,sqs,dynamodb,s3,cloudwatch,ses}/pricing, USD, as of kPriceListDate. DynamoDB: on
// demand, after the cut of November 2024. SNS and SQS cost the same in all of these regions.
// clang-format off
//                       GB-s x86      GB-s arm      1M    SNS   FIFO  GB     SQS   FIFO  WRU     RRU      PUT     GET      logs  SES
constexpr std::array kPrices{
    Prices{"us-east-1",    0.0000166667, 0.0000133334, 0.20, 0.50, 0.30, 0.017, 0.40, 0.50, 0.625,   0.125,  0.005,  0.0004,  0.50, 0.10},
    Prices{"us-east-2",    0.0000166667, 0.0000133334, 0.20, 0.50, 0.30, 0.017, 0.40, 0.50, 0.625,   0.125,  0.005,  0.0004,  0.50, 0.10},
    Prices{"us-west-2",    0.0000166667, 0.0000133334, 0.20, 0.50, 0.30, 0.017, 0.40, 0.50, 0.625,   0.125,  0.005,  0.0004,  0.50, 0.10},
    Prices{"eu-west-1",    0.0000166667, 0.0000133334, 0.20, 0.50, 0.30, 0.017, 0.40, 0.50, 0.70675, 0.1415, 0.005,  0.0004,  0.57, 0.10},
    Prices{"eu-central-1", 0.0000166667, 0.0000133334, 0.20, 0.50, 0.30, 0.017, 0.40, 0.50, 0.7625,  0.1525, 0.0054, 0.00043, 0.63, 0.10},
    Prices{"sa-east-1",    0.0000166667, 0.0000133334, 0.20, 0.50, 0.30, 0.017, 0.40, 0.50, 0.9375,  0.1875, 0.007,  0.00056, 0.90, 0.10},
};

// clang-format on
struct Quotas {
  std::string_view region;
  double sns_messages, sqs_fifo_calls;
};
// SNS: docs.aws.amazon.com/general/latest/gr/sns.html ("Publish API throttling"). SQS:
// docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html (FIFO, high throughput).
constexpr std::array kQuotas{
    Quotas{"us-east-1", 30'000, 70'000},    Quotas{"us-west-2", 9'000, 70'000},
    Quotas{"eu-west-1", 9'000, 70'000},     Quotas{"us-east-2", 1'500, 19'000},
    Quotas{"eu-central-1", 1'500, 19'000},  Quotas{"us-west-1", 1'500, 2'400},
    Quotas{"ap-south-1", 1'500, 9'000},     Quotas{"ap-southeast-1", 1'500, 9'000},
    Quotas{"ap-southeast-2", 1'500, 9'000}, Quotas{"ap-northeast-1", 1'500, 9'000},
    Quotas{"ap-northeast-2", 1'500, 2'400}, Quotas{"eu-west-2", 300, 4'500},
    Quotas{"sa-east-1", 300, 4'500},
};
constexpr Quotas kOtherRegions{"", 300, 2'400};
constexpr double kFifoTopic = 3'000;

}  // namespace

RegionFacts facts_of_region(std::string_view region) {
  Quotas quotas = kOtherRegions;
  for (const Quotas& known : kQuotas)
    if (known.region == region) quotas = known;
  Prices prices = kPrices.front();
  for (const Prices& known : kPrices)
    if (known.region == region) prices = known;
  return {std::string(region), quotas.sns_messages, kFifoTopic, quotas.sqs_fifo_calls, prices};
}

}  // namespace ads::plan
