// Metrics: samples come in fast and are kept as one aggregate per metric and minute, for 15 days.
#pragma once
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/clock.h"
#include "cloud/cloudwatch/aggregate.h"
#include "cloud/cloudwatch/input.h"
#include "cloud/store.h"

namespace ads::cloud::cloudwatch {

struct Metric {
  std::string metric_namespace, name;
  Dimensions dimensions;
  std::string series() const;  // hex
};

struct Point {
  SystemTime time;  // the start of its period
  Aggregate aggregate;
  std::string unit;
};

class Metrics {
 public:
  Metrics(Store& store, Clock& clock) : store_(store), clock_(clock) {}

  // Takes a sample into memory. Where more than 4,096 minutes of metrics wait there, they are written out at once.
  // Errors: unavailable (the disk): the samples stay in memory.
  Result<void> add(const std::string& region, const Metric& metric, SystemTime time, std::string unit,
                   const Aggregate& samples);
  // Writes what waits in memory to the store, without waiting for the disk.
  Result<void> flush();
  bool is_clean() const { return waiting_.empty(); }

  // Points of [from, to) in periods of `seconds` (a multiple of 60), in order of time. An empty unit takes every unit.
  std::vector<Point> points(const std::string& region, const Metric& metric, SystemTime from, SystemTime to,
                            std::chrono::seconds period, std::string_view unit);

  // Metrics in order, after the key `after`, at most `most`; `next` is the key to go on after (empty: that was all).
  // Empty fields match everything; a filter dimension without a value matches any value.
  std::vector<Metric> list(const std::string& region, const Metric& filter, std::string_view after, std::size_t most,
                           std::string& next);

 private:
  void forget_old(Batch& batch);

  Store& store_;
  Clock& clock_;
  std::map<std::string, Aggregate> waiting_;  // by key
  std::set<std::string> known_;               // series that the store has an entry for; bounded
  std::int64_t swept_day_ = 0;
};

}  // namespace ads::cloud::cloudwatch
