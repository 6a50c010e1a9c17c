#include "cloud/cloudwatch/metrics.h"

#include "base/digest.h"
#include "base/encoding.h"
#include "cloud/cloudwatch/keys.h"

namespace ads::cloud::cloudwatch {
namespace {

constexpr std::size_t kMostWaiting = 4096, kMostKnown = 16'384;
constexpr std::chrono::days kKept{15};

std::uint64_t minute_of(SystemTime time) {
  return static_cast<std::uint64_t>(
      std::max<std::int64_t>(0, std::chrono::floor<std::chrono::minutes>(time).time_since_epoch().count()));
}

std::string data_key(std::string_view region, std::string_view series, std::uint64_t minute) {
  auto out = key({"data", region, series});
  append_number(out, minute);
  return out;
}

bool matches(const Dimensions& filter, const Dimensions& actual) {
  return std::ranges::all_of(filter, [&](const auto& wanted) {
    const auto found = actual.find(wanted.first);
    return found != actual.end() && (wanted.second.empty() || wanted.second == found->second);
  });
}

}  // namespace

std::string Metric::series() const {
  std::string identity;
  append_text(identity, metric_namespace);
  append_text(identity, name);
  for (const auto& [dimension, value] : dimensions) {
    append_text(identity, dimension);
    append_text(identity, value);
  }
  return to_hex(sha1(identity));
}

Result<void> Metrics::add(const std::string& region, const Metric& metric, SystemTime time, std::string unit,
                          const Aggregate& samples) {
  const auto series = metric.series();
  const auto entry = key({"metric", region, metric.metric_namespace, metric.name, series});
  if (!known_.contains(entry)) {
    if (known_.size() >= kMostKnown) known_.clear();
    if (!store_.get(entry)) {
      Batch batch;
      batch.put(entry, json::serialize(json::object{{"dimensions", write_dimensions(metric.dimensions)}}));
      if (auto applied = store_.apply(std::move(batch)); !applied) return applied;
    }
    known_.insert(entry);
  }
  auto at = data_key(region, series, minute_of(time));
  append_text(at, unit.empty() ? "None" : unit);
  waiting_[at].add(samples);
  return waiting_.size() > kMostWaiting ? flush() : Result<void>{};
}

Result<void> Metrics::flush() {
  if (waiting_.empty()) return {};
  Batch batch;
  for (auto& [at, samples] : waiting_) {
    auto merged = samples;
    if (const auto before = store_.get(at)) {
      if (auto stored = read_aggregate(*before)) {
        stored->add(samples);
        merged = *std::move(stored);
      }
    }
    batch.put(at, write(merged));
  }
  forget_old(batch);
  auto applied = store_.apply(std::move(batch));
  if (applied) waiting_.clear();
  return applied;
}

void Metrics::forget_old(Batch& batch) {
  const auto day = std::chrono::floor<std::chrono::days>(clock_.now()).time_since_epoch().count();
  if (day == swept_day_) return;
  swept_day_ = day;
  const auto limit = minute_of(clock_.now() - kKept);
  const auto prefix = key({"metric"});
  for (auto cursor = store_.scan_prefix(prefix); cursor.valid(); cursor.next()) {
    auto rest = cursor.key().substr(prefix.size());
    const auto region = take_text(rest), metric_namespace = take_text(rest), name = take_text(rest),
               series = take_text(rest);
    if (!series) continue;
    batch.remove_range(data_key(*region, *series, 0), data_key(*region, *series, limit));
  }
}

std::vector<Point> Metrics::points(const std::string& region, const Metric& metric, SystemTime from, SystemTime to,
                                   std::chrono::seconds period, std::string_view unit) {
  if (auto flushed = flush(); !flushed) return {};
  std::map<std::pair<std::int64_t, std::string>, Aggregate> periods;
  const auto series = metric.series();
  const auto prefix = key({"data", region, series});
  for (auto cursor = store_.scan(data_key(region, series, minute_of(from)),
                                 data_key(region, series, minute_of(to - std::chrono::milliseconds(1)) + 1));
       cursor.valid(); cursor.next()) {
    auto rest = cursor.key().substr(prefix.size());
    const auto minute = take_number(rest);
    const auto stored_unit = take_text(rest);
    const auto aggregate = read_aggregate(cursor.value());
    if (!minute || !stored_unit || !aggregate || (!unit.empty() && unit != *stored_unit)) continue;
    const auto seconds = static_cast<std::int64_t>(*minute) * 60;
    periods[{seconds - seconds % period.count(), *stored_unit}].add(*aggregate);
  }
  std::vector<Point> out;
  for (auto& [at, aggregate] : periods) {
    out.push_back({SystemTime(std::chrono::seconds(at.first)), std::move(aggregate), at.second});
  }
  return out;
}

std::vector<Metric> Metrics::list(const std::string& region, const Metric& filter, std::string_view after,
                                  std::size_t most, std::string& next) {
  std::vector<Metric> out;
  next.clear();
  const auto all = key({"metric", region});
  auto prefix = all;
  if (!filter.metric_namespace.empty()) append_text(prefix, filter.metric_namespace);
  if (!filter.metric_namespace.empty() && !filter.name.empty()) append_text(prefix, filter.name);
  const auto from = after.empty() ? prefix : std::string(after) + '\0';
  std::string last;
  for (auto cursor = store_.scan(from, after_prefix(prefix)); cursor.valid(); cursor.next()) {
    auto rest = cursor.key().substr(all.size());
    auto metric_namespace = take_text(rest), name = take_text(rest);
    const auto stored = parse_json_object(cursor.value());
    if (!metric_namespace || !name || !stored) continue;
    auto dimensions_of = stored->if_contains("dimensions") != nullptr
                             ? dimensions({{"Dimensions", stored->at("dimensions")}})
                             : Outcome<Dimensions>(Dimensions{});
    if (!dimensions_of) continue;
    if ((!filter.name.empty() && filter.name != *name) || !matches(filter.dimensions, *dimensions_of)) continue;
    if (out.size() == most) {
      next = last;
      break;
    }
    last = cursor.key();
    out.push_back({*std::move(metric_namespace), *std::move(name), *std::move(dimensions_of)});
  }
  return out;
}

}  // namespace ads::cloud::cloudwatch
