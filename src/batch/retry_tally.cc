#include "batch/retry_tally.h"

namespace ads::batch {

std::string_view to_string(RetryEnd end) {
  switch (end) {
    case RetryEnd::processed:
      return "processed";
    case RetryEnd::not_active:
      return "notActive";
    case RetryEnd::not_found:
      return "notFound";
    case RetryEnd::quarantined:
      return "quarantined";
    case RetryEnd::dead:
      break;
  }
  return "dead";
}

RetryEnd retry_end(Outcome outcome) {
  switch (outcome) {
    case Outcome::processed:
      return RetryEnd::processed;
    case Outcome::not_active:
      return RetryEnd::not_active;
    case Outcome::not_found:
      break;
  }
  return RetryEnd::not_found;
}

RetryTally& RetryTally::operator+=(const RetryTally& other) {
  processed += other.processed;
  not_active += other.not_active;
  not_found += other.not_found;
  quarantined += other.quarantined;
  dead += other.dead;
  reordered += other.reordered;
  return *this;
}

std::uint64_t& RetryTally::of(RetryEnd end) {
  switch (end) {
    case RetryEnd::processed:
      return processed;
    case RetryEnd::not_active:
      return not_active;
    case RetryEnd::not_found:
      return not_found;
    case RetryEnd::quarantined:
      return quarantined;
    case RetryEnd::dead:
      break;
  }
  return dead;
}

}  // namespace ads::batch
