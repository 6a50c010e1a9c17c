#include "function/aws_runs.h"

#include <fmt/core.h>

#include "base/digest.h"
#include "base/encoding.h"
#include "function/item_update.h"

namespace ads::function {
namespace {

using aws::dynamodb::AttributeValue;
using aws::dynamodb::Consistency;
using aws::dynamodb::Item;
using aws::dynamodb::ReturnValues;

AttributeValue milliseconds_of(SystemTime time) {
  return AttributeValue(to_milliseconds(time));
}

template <class Output>
Result<void> only_errors(const Result<Output>& output) {
  if (!output) return fail(output.error());
  return {};
}

}  // namespace

Task<Result<std::optional<Item>>> AwsRuns::get(std::string id) {
  auto output = co_await dynamodb_.get_item(
      {.table = settings_.runs_table, .key = item_key(std::move(id)), .consistency = Consistency::strong});
  if (!output) co_return fail(output.error());
  co_return std::move(output->item);
}

Task<Result<std::optional<StoredRun>>> AwsRuns::find(std::string run_id) {
  auto item = co_await get(run_item_id(run_id));
  if (!item) co_return fail(item.error());
  if (!*item) co_return std::optional<StoredRun>{};
  auto run = run_from_item(**item);
  if (!run) co_return fail(run.error());
  co_return std::move(*run);
}

Task<Result<void>> AwsRuns::create(const StoredRun& run) {
  co_return only_errors(co_await dynamodb_.put_item({.table = settings_.runs_table,
                                                     .item = run_item(run, clock_.now()),
                                                     .condition = "attribute_not_exists(#id)",
                                                     .names = {{"#id", std::string(kItemKey)}}}));
}

Task<Result<void>> AwsRuns::save(const StoredRun& run) {
  StoredRun next = run;
  ++next.revision;
  co_return only_errors(co_await dynamodb_.put_item({.table = settings_.runs_table,
                                                     .item = run_item(next, clock_.now()),
                                                     .condition = "#revision = :revision",
                                                     .names = {{"#revision", "revision"}},
                                                     .values = {{":revision", AttributeValue(run.revision)}}}));
}

Task<Result<OpenRuns>> AwsRuns::open_runs(std::string after) {
  aws::dynamodb::QueryInput input{.table = settings_.runs_table,
                                  .index = std::string(kOpenIndex),
                                  .key_condition = "#open = :open",
                                  .names = {{"#open", std::string(kOpenIndexKey)}},
                                  .values = {{":open", AttributeValue(kRunKind)}}};
  if (auto colon = after.find(':'); colon != after.npos) {
    input.start_key = item_key(after.substr(colon + 1));
    input.start_key.emplace(kOpenIndexKey, AttributeValue(kRunKind));
    input.start_key.emplace("start",
                            AttributeValue(static_cast<std::int64_t>(std::strtoll(after.c_str(), nullptr, 10))));
  }
  auto page = co_await dynamodb_.query(std::move(input));
  if (!page) co_return fail(page.error());
  OpenRuns out;
  for (const Item& item : page->items)
    if (auto id = aws::dynamodb::get_string(item, kItemKey)) out.run_ids.push_back(run_id_of(*id));
  if (page->last_evaluated_key) {
    auto id = aws::dynamodb::get_string(*page->last_evaluated_key, kItemKey);
    auto start = aws::dynamodb::get_integer(*page->last_evaluated_key, "start");
    if (id && start) out.next = fmt::format("{}:{}", *start, *id);
  }
  co_return out;
}

Task<Result<std::optional<ShardState>>> AwsRuns::find_shard(std::string run_id, std::uint32_t shard) {
  auto item = co_await get(shard_item_id(run_id, shard));
  if (!item) co_return fail(item.error());
  if (!*item) co_return std::optional<ShardState>{};
  auto state = shard_from_item(**item);
  if (!state) co_return fail(state.error());
  co_return std::move(*state);
}

Task<Result<ShardState>> AwsRuns::take_lease(LeaseRequest request) {
  ItemUpdate update(settings_.runs_table, shard_item_id(request.run_id, request.range.index));
  update.set_if_absent("start", AttributeValue(request.range.start))
      .set_if_absent("offset", AttributeValue(request.range.start))
      .set_if_absent("status", AttributeValue(kShardOpen))
      .set("leaseOwner", AttributeValue(request.owner))
      .set("leaseUntil", milliseconds_of(request.until))
      .set(kExpires, AttributeValue(expiry_seconds(request.now)))
      .add("fence", 1)
      .add("stalls", 1)
      .named(kItemKey)
      .only_if(
          "attribute_not_exists(#id) OR "
          "(#status <> :dead AND (#leaseOwner = :new_leaseOwner OR #leaseUntil < :now))")
      .with("dead", AttributeValue(kShardDead))
      .with("now", milliseconds_of(request.now));
  if (request.range.end != batch::kToEnd) update.set_if_absent("end", AttributeValue(request.range.end));
  auto output = co_await dynamodb_.update_item(update.build(ReturnValues::all_new));
  if (!output) co_return fail(output.error());
  if (!output->attributes) co_return fail(ErrorKind::corrupt, "MalformedAnswer", "UpdateItem gave no attributes");
  co_return shard_from_item(*output->attributes);
}

Task<Result<void>> AwsRuns::checkpoint(Lease lease, const Checkpoint& checkpoint) {
  ItemUpdate update(settings_.runs_table, shard_item_id(lease.run_id, lease.shard));
  update.set("offset", AttributeValue(checkpoint.to))
      .set("counters", counters_value(checkpoint.counters))
      .set("layout", AttributeValue(to_string(checkpoint.layout)))
      .set("compression", AttributeValue(to_string(checkpoint.compression)))
      .set("leaseUntil", milliseconds_of(checkpoint.lease_until))
      .set("stalls", AttributeValue(0))
      .remove("trouble")
      .named("fence")
      .only_if("#fence = :fence AND #offset = :from")
      .with("fence", AttributeValue(lease.fence))
      .with("from", AttributeValue(checkpoint.from));
  co_return only_errors(co_await dynamodb_.update_item(update.build()));
}

Task<Result<void>> AwsRuns::renew(Lease lease, SystemTime until) {
  ItemUpdate update(settings_.runs_table, shard_item_id(lease.run_id, lease.shard));
  update.set("leaseUntil", milliseconds_of(until))
      .named("fence")
      .only_if("#fence = :fence")
      .with("fence", AttributeValue(lease.fence));
  co_return only_errors(co_await dynamodb_.update_item(update.build()));
}

Task<Result<void>> AwsRuns::finish_shard(Lease lease, const ShardEnding& ending) {
  bool is_done = ending.status == ShardStatus::done;
  ItemUpdate shard(settings_.runs_table, shard_item_id(lease.run_id, lease.shard));
  shard.set("status", AttributeValue(is_done ? kShardDone : kShardDead))
      .set("bytesRead", AttributeValue(ending.bytes_read))
      .named("fence")
      .only_if("#fence = :fence AND #status = :open")
      .with("fence", AttributeValue(lease.fence))
      .with("open", AttributeValue(kShardOpen));
  if (!ending.trouble.empty()) shard.set("trouble", AttributeValue(ending.trouble));
  ItemUpdate run(settings_.runs_table, run_item_id(lease.run_id));
  run.add(is_done ? "shardsDone" : "shardsDead", 1)
      .add("revision", 1)
      .set("touched", milliseconds_of(clock_.now()))
      .named(kItemKey)
      .only_if("attribute_exists(#id)");
  if (!ending.run_sentence.empty()) run.set_if_absent("sentence", AttributeValue(ending.run_sentence));
  co_return co_await transact(std::move(shard), std::move(run),
                              fmt::format("{}:{}:{}", lease.run_id, lease.shard, lease.fence));
}

Task<Result<void>> AwsRuns::release(Lease lease, std::string trouble) {
  ItemUpdate update(settings_.runs_table, shard_item_id(lease.run_id, lease.shard));
  update.set("leaseUntil", AttributeValue(0))
      .named("fence")
      .only_if("#fence = :fence")
      .with("fence", AttributeValue(lease.fence));
  if (!trouble.empty()) update.set("trouble", AttributeValue(trouble));
  co_return only_errors(co_await dynamodb_.update_item(update.build()));
}

Task<Result<void>> AwsRuns::reopen_shard(std::string run_id, std::uint32_t index) {
  ItemUpdate shard(settings_.runs_table, shard_item_id(run_id, index));
  shard.set("status", AttributeValue(kShardOpen))
      .set("leaseUntil", AttributeValue(0))
      .set("stalls", AttributeValue(0))
      .only_if("#status = :dead")
      .with("dead", AttributeValue(kShardDead));
  ItemUpdate run(settings_.runs_table, run_item_id(run_id));
  run.add("shardsDead", -1).add("revision", 1).named(kItemKey).only_if("attribute_exists(#id)");
  co_return co_await transact(std::move(shard), std::move(run), {});
}

// A repetition with the same token, because the first answer got lost, is answered as the first.
Task<Result<void>> AwsRuns::transact(ItemUpdate one, ItemUpdate other, std::string token) {
  aws::dynamodb::TransactWriteItemsInput input;
  input.items.push_back(one.build());
  input.items.push_back(other.build());
  if (!token.empty()) input.client_request_token = to_hex(sha256(token)).substr(0, 36);
  co_return co_await dynamodb_.transact_write_items(std::move(input));
}

}  // namespace ads::function
