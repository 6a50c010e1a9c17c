#include "function/aws_runs.h"

#include <fmt/core.h>

#include "base/digest.h"
#include "base/encoding.h"
#include "function/run_item.h"

namespace ads::function {
namespace {

using aws::dynamodb::AttributeValue;
using aws::dynamodb::Consistency;
using aws::dynamodb::Item;
using aws::dynamodb::ReturnValues;
using aws::dynamodb::UpdateItemInput;

Item key_of(std::string id) {
  return {{std::string(kItemKey), AttributeValue(std::move(id))}};
}

// Writes an update expression; each attribute's name gets a placeholder, since many are reserved words.
class Update {
 public:
  Update(std::string table, std::string id) {
    input_.table = std::move(table);
    input_.key = key_of(std::move(id));
  }
  Update& set(std::string_view name, AttributeValue value) {
    return assign(fmt::format("{} = {}", place(name), place(name, std::move(value))));
  }
  Update& set_if_absent(std::string_view name, AttributeValue value) {
    std::string attribute = place(name);
    return assign(fmt::format("{0} = if_not_exists({0}, {1})", attribute, place(name, std::move(value))));
  }
  Update& add(std::string_view name, std::uint64_t number) {
    add_ += fmt::format("{}{} {}", add_.empty() ? "" : ", ", place(name), place(name, AttributeValue(number)));
    return *this;
  }
  // `text` names attributes as #name and the values given by with() as :name.
  Update& only_if(std::string text) {
    input_.condition = std::move(text);
    return *this;
  }
  Update& named(std::string_view name) {
    place(name);
    return *this;
  }
  Update& with(std::string_view name, AttributeValue value) {
    input_.values.insert_or_assign(fmt::format(":{}", name), std::move(value));
    return *this;
  }
  UpdateItemInput build(ReturnValues return_values = ReturnValues::none) {
    if (!set_.empty()) input_.update = "SET " + set_;
    if (!add_.empty()) input_.update += (input_.update.empty() ? "ADD " : " ADD ") + add_;
    input_.return_values = return_values;
    return std::move(input_);
  }

 private:
  Update& assign(std::string text) {
    set_ += (set_.empty() ? "" : ", ") + std::move(text);
    return *this;
  }
  std::string place(std::string_view name) {
    std::string placeholder = fmt::format("#{}", name);
    input_.names.insert_or_assign(placeholder, std::string(name));
    return placeholder;
  }
  std::string place(std::string_view name, AttributeValue value) {
    std::string placeholder = fmt::format(":new_{}", name);
    input_.values.insert_or_assign(placeholder, std::move(value));
    return placeholder;
  }

  UpdateItemInput input_;
  std::string set_, add_;
};

AttributeValue milliseconds_of(SystemTime time) {
  return AttributeValue(to_milliseconds(time));
}

template <class Output>
Result<void> only_errors(const Result<Output>& output) {
  if (!output) return fail(output.error());
  return {};
}

constexpr std::string_view kPending = "PENDING", kDone = "DONE";

}  // namespace

Task<Result<std::optional<Item>>> AwsRuns::get(std::string id) {
  auto output = co_await dynamodb_.get_item(
      {.table = settings_.runs_table, .key = key_of(std::move(id)), .consistency = Consistency::strong});
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

Task<Result<std::optional<ShardState>>> AwsRuns::find_shard(std::string run_id, std::uint32_t shard) {
  auto item = co_await get(shard_item_id(run_id, shard));
  if (!item) co_return fail(item.error());
  if (!*item) co_return std::optional<ShardState>{};
  auto state = shard_from_item(**item);
  if (!state) co_return fail(state.error());
  co_return std::move(*state);
}

Task<Result<ShardState>> AwsRuns::take_lease(LeaseRequest request) {
  Update update(settings_.runs_table, shard_item_id(request.run_id, request.range.index));
  update.set_if_absent("start", AttributeValue(request.range.start))
      .set_if_absent("offset", AttributeValue(request.range.start))
      .set_if_absent("status", AttributeValue(kShardOpen))
      .set("leaseOwner", AttributeValue(request.owner))
      .set("leaseUntil", milliseconds_of(request.until))
      .set(kExpires, AttributeValue(expiry_seconds(request.now)))
      .add("fence", 1)
      .named(kItemKey)
      .only_if("attribute_not_exists(#id) OR #leaseOwner = :new_leaseOwner OR #leaseUntil < :now")
      .with("now", milliseconds_of(request.now));
  if (request.range.end != batch::kToEnd) update.set_if_absent("end", AttributeValue(request.range.end));
  auto output = co_await dynamodb_.update_item(update.build(ReturnValues::all_new));
  if (!output) co_return fail(output.error());
  if (!output->attributes) co_return fail(ErrorKind::corrupt, "MalformedAnswer", "UpdateItem gave no attributes");
  co_return shard_from_item(*output->attributes);
}

Task<Result<void>> AwsRuns::checkpoint(Lease lease, const Checkpoint& checkpoint) {
  Update update(settings_.runs_table, shard_item_id(lease.run_id, lease.shard));
  update.set("offset", AttributeValue(checkpoint.to))
      .set("counters", counters_value(checkpoint.counters))
      .set("layout", AttributeValue(to_string(checkpoint.layout)))
      .set("compression", AttributeValue(to_string(checkpoint.compression)))
      .set("leaseUntil", milliseconds_of(checkpoint.lease_until))
      .named("fence")
      .only_if("#fence = :fence AND #offset = :from")
      .with("fence", AttributeValue(lease.fence))
      .with("from", AttributeValue(checkpoint.from));
  co_return only_errors(co_await dynamodb_.update_item(update.build()));
}

Task<Result<void>> AwsRuns::finish_shard(Lease lease, std::uint64_t bytes_read) {
  Update shard(settings_.runs_table, shard_item_id(lease.run_id, lease.shard));
  shard.set("status", AttributeValue(kShardDone))
      .set("bytesRead", AttributeValue(bytes_read))
      .named("fence")
      .only_if("#fence = :fence AND #status = :open")
      .with("fence", AttributeValue(lease.fence))
      .with("open", AttributeValue(kShardOpen));
  Update run(settings_.runs_table, run_item_id(lease.run_id));
  run.add("shardsDone", 1).add("revision", 1).named(kItemKey).only_if("attribute_exists(#id)");
  aws::dynamodb::TransactWriteItemsInput input;
  input.items = {shard.build(), run.build()};
  input.client_request_token =
      to_hex(sha256(fmt::format("{}:{}:{}", lease.run_id, lease.shard, lease.fence))).substr(0, 36);
  co_return co_await dynamodb_.transact_write_items(std::move(input));
}

Task<Result<void>> AwsRuns::release(Lease lease) {
  Update update(settings_.runs_table, shard_item_id(lease.run_id, lease.shard));
  update.set("leaseUntil", AttributeValue(0))
      .named("fence")
      .only_if("#fence = :fence")
      .with("fence", AttributeValue(lease.fence));
  co_return only_errors(co_await dynamodb_.update_item(update.build()));
}

// A claim: {id: "REC#...", status PENDING|DONE, leaseOwner, leaseUntil (ms), expiresAt}.
Task<Result<RetryLedger::Claim>> AwsRuns::claim(std::string record_id, std::string owner, SystemTime now,
                                                SystemTime until) {
  Update update(settings_.runs_table, retry_item_id(record_id));
  update.set("status", AttributeValue(kPending))
      .set("leaseOwner", AttributeValue(owner))
      .set("leaseUntil", milliseconds_of(until))
      .set(kExpires, AttributeValue(expiry_seconds(now)))
      .named(kItemKey)
      .only_if(
          "attribute_not_exists(#id) OR "
          "(#status = :new_status AND (#leaseOwner = :new_leaseOwner OR #leaseUntil < :now))")
      .with("now", milliseconds_of(now));
  auto claimed = co_await dynamodb_.update_item(update.build());
  if (claimed) co_return Claim::granted;
  if (claimed.error().kind != ErrorKind::conflict) co_return fail(claimed.error());
  auto item = co_await get(retry_item_id(record_id));
  if (!item) co_return fail(item.error());
  bool is_done = *item && aws::dynamodb::get_string(**item, "status") == kDone;
  co_return is_done ? Claim::done : Claim::held;
}

Task<Result<void>> AwsRuns::settle(std::string record_id, std::string owner) {
  Update update(settings_.runs_table, retry_item_id(record_id));
  update.set("status", AttributeValue(kDone))
      .named("leaseOwner")
      .only_if("#leaseOwner = :owner")
      .with("owner", AttributeValue(owner));
  co_return only_errors(co_await dynamodb_.update_item(update.build()));
}

Task<Result<void>> AwsRuns::release(std::string record_id, std::string owner) {
  Update update(settings_.runs_table, retry_item_id(record_id));
  update.set("leaseUntil", AttributeValue(0))
      .named("leaseOwner")
      .named("status")
      .only_if("#leaseOwner = :owner AND #status = :pending")
      .with("owner", AttributeValue(owner))
      .with("pending", AttributeValue(kPending));
  co_return only_errors(co_await dynamodb_.update_item(update.build()));
}

}  // namespace ads::function
