// What AWS allows and charges, region by region: the data behind `ads plan`. Change figures here and nowhere else.
#pragma once
#include <string>
#include <string_view>

namespace ads::plan {

inline constexpr std::string_view kPriceListDate = "2026-11";

// USD; first tier, without free tiers, taxes and discounts.
struct Prices {
  std::string_view region;  // whose price list it is
  double lambda_gb_second_x86, lambda_gb_second_arm, lambda_million_requests;
  double sns_million_requests, sns_fifo_million_requests, sns_fifo_gigabyte;
  double sqs_million_requests, sqs_fifo_million_requests;
  double dynamodb_million_writes, dynamodb_million_reads;
  double s3_thousand_writes, s3_thousand_reads;
  double logs_gigabyte;
  double ses_thousand_mails;
};

// Quotas of an account that has asked for no more.
struct RegionFacts {
  std::string region;
  double sns_messages;       // per second, standard topics; PublishBatch counts its messages
  double sns_fifo_messages;  // per second and topic, FifoThroughputScope Topic (as the template's)
  double sqs_fifo_calls;     // per second and operation, high throughput; a batch is one
  Prices prices;
};

// A region that the list does not have gets the quotas of AWS's "all other regions", and us-east-1's prices.
RegionFacts facts_of_region(std::string_view region);

// The same everywhere.
inline constexpr double kNewTableReads = 12'000;  // read units per second of a new on-demand table
inline constexpr double kNewTableWrites = 4'000;  // write units
inline constexpr double kTableQuota = 40'000;     // of either, per table; asked for, it grows
inline constexpr double kLambdaConcurrency = 1'000;

}  // namespace ads::plan
