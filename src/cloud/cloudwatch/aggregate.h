// What is left of a metric's samples within a minute, or within several.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace ads::cloud::cloudwatch {

struct Aggregate {
  double count = 0, sum = 0, least = 0, most = 0;
  // How often which value came, for percentiles: exact up to 128 different values, then rounded to two digits,
  // as is every value that comes later.
  std::map<double, double> values;
  bool is_rounded = false;

  void add(double value, double times = 1);
  // A statistic set without its values.
  void add(double count, double sum, double least, double most);
  void add(const Aggregate& other);

  // "Average", "Sum", "Minimum", "Maximum", "SampleCount", "p99", "p99.9". Nothing for another name.
  std::optional<double> statistic(std::string_view name) const;
};

// Stored as {"n", "s", "l", "m", "v": [[value, times]]}. Nothing where the bytes are not that.
std::string write(const Aggregate& aggregate);
std::optional<Aggregate> read_aggregate(std::string_view text);

bool is_statistic(std::string_view name);

}  // namespace ads::cloud::cloudwatch
