#include "function/send_shards.h"

#include <numeric>

#include "function/deliver.h"

namespace ads::function {
namespace {

Task<Result<batch::BatchAnswer>> send(World& world, const std::vector<batch::ShardMessage>& messages,
                                      std::vector<std::size_t> positions) {
  std::vector<batch::ShardMessage> entries;
  for (std::size_t position : positions) entries.push_back(messages[position]);
  co_return co_await world.shard_queue.send(std::move(entries));
}

Task<Result<void>> send_messages(World& world, Flow& flow, std::vector<batch::ShardMessage> messages) {
  std::vector<std::string> ids, bodies;
  for (const auto& message : messages) {
    ids.push_back(message.id());
    bodies.push_back(message.body());
  }
  std::vector<BatchEntry> entries;
  for (std::size_t i = 0; i < messages.size(); ++i) entries.push_back({ids[i], ids[i], bodies[i].size()});
  auto delivered =
      co_await deliver(world, flow, flow.shard_queue, entries,
                       [&](const std::vector<std::size_t>& positions) { return send(world, messages, positions); });
  if (!delivered) co_return fail(delivered.error());
  if (!delivered->refused.empty())
    co_return fail(ErrorKind::invalid, "ShardMessageRefused", delivered->refused.front().detail);
  co_return Result<void>{};
}

}  // namespace

Task<Result<void>> send_shards(World& world, Flow& flow, std::string run_id, std::vector<std::uint32_t> shards) {
  std::vector<batch::ShardMessage> messages;
  messages.reserve(shards.size());
  for (std::uint32_t shard : shards) messages.push_back({run_id, shard});
  co_return co_await send_messages(world, flow, std::move(messages));
}

Task<Result<void>> send_all_shards(World& world, Flow& flow, const StoredRun& run) {
  std::vector<std::uint32_t> shards(run.run.shard_count);
  std::iota(shards.begin(), shards.end(), 0u);
  co_return co_await send_shards(world, flow, run.run.id, std::move(shards));
}

Task<Result<void>> send_finalise(World& world, Flow& flow, std::string run_id) {
  std::vector<batch::ShardMessage> message{{std::move(run_id), std::nullopt}};
  co_return co_await send_messages(world, flow, std::move(message));
}

}  // namespace ads::function
