#include "cli/plan_view.h"

#include <fmt/core.h>

#include <cmath>

#include "batch/mail.h"

namespace ads::cli {
namespace {

double rounded(double value, double step) {
  return std::round(value / step) * step;
}

json::array stages_json(const std::vector<plan::Stage>& stages) {
  json::array list;
  for (const auto& stage : stages)
    list.push_back(json::object{{"name", stage.name},
                                {"perSecond", rounded(stage.per_second, 0.1)},
                                {"seconds", rounded(stage.seconds, 0.01)},
                                {"movedBy", stage.moved_by}});
  return list;
}

std::string stages_text(const std::vector<plan::Stage>& stages, std::size_t limit, std::string_view unit) {
  std::string text;
  for (std::size_t i = 0; i < stages.size(); ++i)
    text += fmt::format("  {} {:<16} {:>10} {}/s  {:>8}   moved by {}\n", i == limit ? ">" : " ", stages[i].name,
                        batch::with_thousands(static_cast<std::uint64_t>(stages[i].per_second)), unit,
                        duration_text(stages[i].seconds), stages[i].moved_by);
  return text;
}

std::string thousands(double count) {
  return batch::with_thousands(static_cast<std::uint64_t>(std::llround(count)));
}

}  // namespace

std::string duration_text(double seconds) {
  if (seconds < 10) return fmt::format("{:.1f} s", seconds);
  if (seconds < 120) return fmt::format("{:.0f} s", seconds);
  if (seconds < 7200) return fmt::format("{:.1f} min", seconds / 60);
  if (seconds < 48 * 3600) return fmt::format("{:.1f} h", seconds / 3600);
  return fmt::format("{:.1f} d", seconds / 86'400);
}

std::string dollars(double usd) {
  if (usd < 0.995) return fmt::format("${:.4f}", usd);
  if (usd < 1000) return fmt::format("${:.2f}", usd);
  return "$" + thousands(usd);
}

json::object plan_json(const plan::Workload& workload, const plan::RegionFacts& region,
                       const plan::Estimate& estimate) {
  json::array calls, costs;
  for (const auto& call : estimate.calls)
    calls.push_back(
        json::object{{"service", call.service}, {"operation", call.operation}, {"calls", std::llround(call.calls)}});
  for (const auto& cost : estimate.costs)
    costs.push_back(json::object{{"service", cost.service}, {"what", cost.what}, {"usd", rounded(cost.usd, 0.0001)}});
  const plan::Stage& limit = estimate.stages[estimate.limit];
  plan::UserSpread spread = workload.spread_within(static_cast<double>(estimate.chunk_lines));
  json::object object{{"region", region.region},
                      {"records", workload.records},
                      {"bytes", workload.bytes},
                      {"retryShare", workload.retry_share},
                      {"badShare", workload.bad_share},
                      {"usersInAChunk", rounded(spread.users, 0.1)},
                      {"mostOfAUserInAChunk", rounded(spread.most_of_a_user, 0.1)},
                      {"shards", estimate.shards},
                      {"workers", estimate.workers},
                      {"chunkLines", estimate.chunk_lines},
                      {"chunkSeconds", rounded(estimate.chunk_seconds, 0.0001)},
                      {"recordsPerSecondOfAWorker", std::llround(estimate.worker_rate)},
                      {"stages", stages_json(estimate.stages)},
                      {"limit", limit.name},
                      {"movedBy", limit.moved_by},
                      {"seconds", rounded(estimate.seconds, 0.1)},
                      {"retryStages", stages_json(estimate.retry_stages)},
                      {"settledSeconds", rounded(estimate.settled_seconds, 0.1)},
                      {"calls", std::move(calls)},
                      {"callsPerRecord", rounded(estimate.calls_per_record, 0.0001)},
                      {"costs", std::move(costs)},
                      {"usd", rounded(estimate.usd, 0.0001)},
                      {"pricesOf", region.prices.region},
                      {"priceListDate", plan::kPriceListDate},
                      {"warnings", json::value_from(estimate.warnings)}};
  if (!estimate.retry_stages.empty()) object["retryLimit"] = estimate.retry_stages[estimate.retry_limit].name;
  return object;
}

std::string plan_text(const plan::Workload& workload, const plan::RegionFacts& region, const plan::Estimate& estimate) {
  std::string text = fmt::format(
      "{} records, {} bytes, in {}: {:.3g} % to the retry queue, {:.3g} % bad, the rest looked up and published\n\n",
      batch::with_thousands(workload.records), batch::with_thousands(workload.bytes), region.region,
      workload.retry_share * 100, workload.bad_share * 100);
  text += fmt::format("  shards {}, workers at once {}, {} records/s each ({:.0f} ms for a chunk of {})\n\n",
                      estimate.shards, estimate.workers, thousands(estimate.worker_rate), estimate.chunk_seconds * 1000,
                      estimate.chunk_lines);
  text += "what the file has to pass (> limits)\n" + stages_text(estimate.stages, estimate.limit, "records");
  if (!estimate.retry_stages.empty())
    text += "\nwhat its retries have to pass, at the same time\n" +
            stages_text(estimate.retry_stages, estimate.retry_limit, "retries");
  text += fmt::format("\nreport after {}", duration_text(estimate.seconds));
  if (!estimate.retry_stages.empty())
    text += fmt::format(", all retries settled after {} (the sweep says so within five minutes)",
                        duration_text(estimate.settled_seconds));
  text += fmt::format("\n\ncalls ({:.4f} per record in the report's apiCalls)\n", estimate.calls_per_record);
  for (const auto& call : estimate.calls)
    text += fmt::format("  {:<9} {:<44} {:>16}\n", call.service, call.operation, thousands(call.calls));
  text += fmt::format("\ncost, prices of {} as of {}\n", region.prices.region, plan::kPriceListDate);
  for (const auto& cost : estimate.costs)
    text += fmt::format("  {:<16} {:>10}  {}\n", cost.service, dollars(cost.usd), cost.what);
  text += fmt::format("  {:<16} {:>10}  {} for a million records\n", "together", dollars(estimate.usd),
                      dollars(estimate.usd / static_cast<double>(workload.records) * 1e6));
  if (!estimate.warnings.empty()) text += "\n";
  for (const auto& warning : estimate.warnings) text += "  ! " + warning + "\n";
  return text;
}

}  // namespace ads::cli
