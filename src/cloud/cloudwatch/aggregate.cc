#include "cloud/cloudwatch/aggregate.h"

#include <charconv>
#include <cmath>

#include "base/json.h"

namespace ads::cloud::cloudwatch {
namespace {

constexpr std::size_t kMostValues = 128;

double two_digits(double value) {
  if (value == 0 || !std::isfinite(value)) return value;
  const double scale = std::pow(10, std::floor(std::log10(std::fabs(value))) - 1);
  return std::round(value / scale) * scale;
}

// Rounds the whole map once: values of several decades stay above the limit, and a sample must not cost all of them.
void add_value(Aggregate& to, double value, double times) {
  to.values[to.is_rounded ? two_digits(value) : value] += times;
  if (to.is_rounded || to.values.size() <= kMostValues) return;
  std::map<double, double> rounded;
  for (const auto& [exact, count_of] : to.values) rounded[two_digits(exact)] += count_of;
  to.values = std::move(rounded);
  to.is_rounded = true;
}

std::optional<double> percentile(std::string_view name) {
  if (!name.starts_with('p')) return std::nullopt;
  name.remove_prefix(1);
  double out = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), out);
  if (error != std::errc{} || end != name.data() + name.size() || out < 0 || out > 100) return std::nullopt;
  return out;
}

}  // namespace

void Aggregate::add(double value, double times) {
  add(times, value * times, value, value);
  add_value(*this, value, times);
}

void Aggregate::add(double other_count, double other_sum, double other_least, double other_most) {
  least = count == 0 ? other_least : std::min(least, other_least);
  most = count == 0 ? other_most : std::max(most, other_most);
  count += other_count;
  sum += other_sum;
}

void Aggregate::add(const Aggregate& other) {
  if (other.count == 0) return;
  add(other.count, other.sum, other.least, other.most);
  for (const auto& [value, times] : other.values) add_value(*this, value, times);
}

std::optional<double> Aggregate::statistic(std::string_view name) const {
  if (name == "Average") return count == 0 ? 0 : sum / count;
  if (name == "Sum") return sum;
  if (name == "Minimum") return least;
  if (name == "Maximum") return most;
  if (name == "SampleCount") return count;
  const auto percent = percentile(name);
  if (!percent) return std::nullopt;
  double total = 0, passed = 0;
  for (const auto& [_, times] : values) total += times;
  for (const auto& [value, times] : values) {
    passed += times;
    if (passed >= total * *percent / 100) return value;
  }
  return most;
}

bool is_statistic(std::string_view name) {
  return Aggregate{}.statistic(name).has_value();
}

std::string write(const Aggregate& a) {
  json::array values;
  for (const auto& [value, times] : a.values) values.push_back(json::array{value, times});
  return json::serialize(
      json::object{{"n", a.count}, {"s", a.sum}, {"l", a.least}, {"m", a.most}, {"v", std::move(values)}});
}

std::optional<Aggregate> read_aggregate(std::string_view text) {
  const auto o = parse_json_object(text);
  if (!o) return std::nullopt;
  const auto member = [&](std::string_view name) {
    const auto* value = o->if_contains(name);
    return value != nullptr && value->is_number() ? value->to_number<double>() : 0.0;
  };
  Aggregate a{.count = member("n"), .sum = member("s"), .least = member("l"), .most = member("m")};
  if (const auto* values = get_array(*o, "v")) {
    for (const auto& entry : *values) {
      const auto* pair = entry.if_array();
      if (pair == nullptr || pair->size() != 2) return std::nullopt;
      a.values[(*pair)[0].to_number<double>()] = (*pair)[1].to_number<double>();
    }
  }
  return a;
}

}  // namespace ads::cloud::cloudwatch
