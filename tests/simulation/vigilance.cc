#include "simulation/vigilance.h"

#include <algorithm>

namespace ads::simulation {
namespace {

void watch_retry(Cloud& cloud, const Sandbox& sandbox, const std::string& record_id) {
  auto entry = cloud.ledger.entries().find(record_id);
  if (entry == cloud.ledger.entries().end())
    cloud.ground.violate("{} publishes {}, which nobody has claimed", sandbox.name(), record_id);
}

}  // namespace

void watch_effect(Cloud& cloud, Sandbox& sandbox, const std::string& record_id) {
  Ground& ground = cloud.ground;
  const ExpectedRecord* record = ground.expectations.record(record_id);
  if (!record) return ground.violate("{} sends record {}, which no file has", sandbox.name(), record_id);
  if (sandbox.role == function::Role::retry) return watch_retry(cloud, sandbox, record_id);

  const auto& lines = ground.scenario.uploads[record->upload].lines;
  std::uint64_t offset = lines[record->line].offset;
  std::string run_id;
  for (const auto& [id, run] : ground.expectations.runs())
    if (run.upload == record->upload) run_id = id;
  const function::ShardState* shard = cloud.runs.shard_at(run_id, offset);
  auto fence = shard ? sandbox.fences.find({run_id, shard->range.index}) : sandbox.fences.end();
  if (fence == sandbox.fences.end())
    return ground.violate("{} sends the line at {} of a shard that it never leased", sandbox.name(), offset);
  const function::Settings& settings = ground.scenario.settings;
  std::size_t chunk = settings.chunk_lines * settings.chunk_growth;
  if (fence->second != shard->fence) {
    // It cannot know yet; its next checkpoint tells it. Until then it can be at one chunk.
    auto& stale = sandbox.stale_work[{run_id, shard->range.index}];
    stale.insert(offset);
    if (stale.size() > chunk)
      ground.violate("{} goes on for more than a chunk after its lease on shard {}", sandbox.name(),
                     shard->range.index);
    return;
  }
  auto first = std::lower_bound(lines.begin(), lines.end(), shard->offset,
                                [](const WrittenLine& line, std::uint64_t at) { return line.offset < at; });
  // Blank lines and the header are in the chunk of the next line that is a record or bad: they cost no checkpoint.
  auto self = lines.begin() + static_cast<std::ptrdiff_t>(record->line);
  auto position = self < first
                      ? -1
                      : std::count_if(
                            first, self,
                            [](const WrittenLine& line) {
                              return line.kind == WrittenLine::Kind::record || line.kind == WrittenLine::Kind::bad;
                            });
  if (position < 0)
    ground.violate("{} repeats the line at {}, which is behind the checkpoint at {}", sandbox.name(), offset,
                   shard->offset);
  else if (position >= static_cast<std::ptrdiff_t>(chunk))
    ground.violate("{} sends the line at {}, more than a chunk after the checkpoint at {}", sandbox.name(), offset,
                   shard->offset);
}

}  // namespace ads::simulation
