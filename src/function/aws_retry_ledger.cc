#include "function/aws_retry_ledger.h"

#include <algorithm>
#include <array>
#include <map>

#include "base/digest.h"
#include "base/encoding.h"
#include "batch/utf8.h"
#include "function/item_update.h"

namespace ads::function {
namespace {

using aws::dynamodb::AttributeValue;
using aws::dynamodb::Item;
using batch::RetryEnd;

constexpr std::string_view kPending = "PENDING", kDone = "DONE", kDead = "DEAD";
constexpr std::string_view kFailed = "failed_";
constexpr std::size_t kLongestError = 500;
constexpr std::array kErrorKinds{ErrorKind::invalid,   ErrorKind::not_found,   ErrorKind::conflict,
                                 ErrorKind::throttled, ErrorKind::unavailable, ErrorKind::denied,
                                 ErrorKind::corrupt};

std::string_view status_of(RetryEnd end) {
  return end == RetryEnd::dead ? kDead : kDone;
}

constexpr std::string_view kReordered = "reordered";

int slot_of(std::string_view owner) {
  return static_cast<unsigned char>(sha256(owner)[0]) % kTallySlots;
}

AttributeValue milliseconds_of(SystemTime time) {
  return AttributeValue(to_milliseconds(time));
}

}  // namespace

Task<Result<Item>> AwsRetryLedger::get(std::string record_id) {
  auto output = co_await dynamodb_.get_item({.table = settings_.runs_table,
                                             .key = item_key(retry_item_id(record_id)),
                                             .consistency = aws::dynamodb::Consistency::strong});
  if (!output) co_return fail(output.error());
  co_return output->item ? std::move(*output->item) : Item{};
}

aws::dynamodb::UpdateItemInput AwsRetryLedger::claim_update(const RetryKey& key, const Claiming& claiming) const {
  ItemUpdate update(settings_.runs_table, retry_item_id(key.record_id));
  update.set("status", AttributeValue(kPending))
      .set("runId", AttributeValue(key.run_id))
      .set("leaseOwner", AttributeValue(claiming.owner))
      .set("leaseUntil", milliseconds_of(claiming.until))
      .set(kExpires, AttributeValue(expiry_seconds(claiming.now)))
      .named(kItemKey)
      .only_if(
          "attribute_not_exists(#id) OR "
          "(#status = :new_status AND (#leaseOwner = :new_leaseOwner OR #leaseUntil < :now))")
      .with("now", milliseconds_of(claiming.now));
  return update.build();
}

Task<Result<std::vector<RetryLedger::Claim>>> AwsRetryLedger::claim(std::vector<RetryKey> keys, std::string owner,
                                                                    SystemTime now, SystemTime until) {
  Claiming claiming{std::move(owner), now, until};
  if (keys.size() > 1) {
    aws::dynamodb::TransactWriteItemsInput input;
    for (const RetryKey& key : keys) input.items.push_back(claim_update(key, claiming));
    auto claimed = co_await dynamodb_.transact_write_items(std::move(input));
    if (claimed) co_return std::vector<Claim>(keys.size(), Claim::granted);
    if (claimed.error().kind != ErrorKind::conflict) co_return fail(claimed.error());
  }
  std::vector<Claim> claims;
  for (const RetryKey& key : keys) {
    auto claimed = co_await claim_one(key, claiming);
    if (!claimed) co_return fail(claimed.error());
    claims.push_back(*claimed);
  }
  co_return claims;
}

Task<Result<RetryLedger::Claim>> AwsRetryLedger::claim_one(RetryKey key, Claiming claiming) {
  auto claimed = co_await dynamodb_.update_item(claim_update(key, claiming));
  if (claimed) co_return Claim::granted;
  if (claimed.error().kind != ErrorKind::conflict) co_return fail(claimed.error());
  auto item = co_await get(key.record_id);
  if (!item) co_return fail(item.error());
  std::string_view status = aws::dynamodb::get_string(*item, "status").value_or("");
  if (status == kDone) co_return Claim::done;
  if (status == kDead) co_return co_await revive(std::move(key), std::move(claiming));
  co_return Claim::held;
}

// It comes from the dead-letter queue: it is pending again, and counted as dead no longer.
Task<Result<RetryLedger::Claim>> AwsRetryLedger::revive(RetryKey key, Claiming claiming) {
  ItemUpdate record(settings_.runs_table, retry_item_id(key.record_id));
  record.set("status", AttributeValue(kPending))
      .set("leaseOwner", AttributeValue(claiming.owner))
      .set("leaseUntil", milliseconds_of(claiming.until))
      .only_if("#status = :dead")
      .with("dead", AttributeValue(kDead));
  ItemUpdate tally(settings_.runs_table, tally_item_id(key.run_id, slot_of(claiming.owner)));
  tally.add(to_string(RetryEnd::dead), -1);
  aws::dynamodb::TransactWriteItemsInput input;
  input.items.push_back(record.build());
  input.items.push_back(tally.build());
  auto revived = co_await dynamodb_.transact_write_items(std::move(input));
  if (revived) co_return Claim::granted;
  if (revived.error().kind != ErrorKind::conflict) co_return fail(revived.error());
  co_return Claim::held;
}

aws::dynamodb::TransactWriteItemsInput AwsRetryLedger::settle_transaction(
    const std::vector<RetrySettlement>& settlements, const std::string& owner) const {
  aws::dynamodb::TransactWriteItemsInput input;
  std::map<std::string, std::map<std::string_view, std::int64_t>> tallies;  // by run and counter
  std::string token = owner;
  for (const RetrySettlement& settlement : settlements) {
    ItemUpdate record(settings_.runs_table, retry_item_id(settlement.key.record_id));
    record.set("status", AttributeValue(status_of(settlement.end)))
        .set("end", AttributeValue(to_string(settlement.end)))
        .named("leaseOwner")
        .only_if("#leaseOwner = :owner AND #status = :pending")
        .with("owner", AttributeValue(owner))
        .with("pending", AttributeValue(kPending));
    input.items.push_back(record.build());
    ++tallies[settlement.key.run_id][to_string(settlement.end)];
    if (settlement.reordered > 0)
      tallies[settlement.key.run_id][kReordered] += static_cast<std::int64_t>(settlement.reordered);
    token += fmt::format(":{}={}+{}", settlement.key.record_id, to_string(settlement.end), settlement.reordered);
  }
  for (const auto& [run_id, counts] : tallies) {
    ItemUpdate tally(settings_.runs_table, tally_item_id(run_id, slot_of(owner)));
    for (const auto& [counter, count] : counts) tally.add(counter, count);
    tally.set(kExpires, AttributeValue(expiry_seconds(clock_.now())));
    input.items.push_back(tally.build());
  }
  input.client_request_token = to_hex(sha256(token)).substr(0, 36);
  return input;
}

Task<Result<std::vector<RetryLedger::Settled>>> AwsRetryLedger::settle(std::vector<RetrySettlement> settlements,
                                                                       std::string owner) {
  auto settled = co_await dynamodb_.transact_write_items(settle_transaction(settlements, owner));
  if (settled) co_return std::vector<Settled>(settlements.size(), Settled::settled);
  if (settled.error().kind != ErrorKind::conflict) co_return fail(settled.error());
  std::vector<Settled> answers;
  for (const RetrySettlement& settlement : settlements) {
    auto one = co_await settle_one(settlement, owner);
    if (!one) co_return fail(one.error());
    answers.push_back(*one);
  }
  co_return answers;
}

Task<Result<RetryLedger::Settled>> AwsRetryLedger::settle_one(RetrySettlement settlement, std::string owner) {
  auto settled = co_await dynamodb_.transact_write_items(settle_transaction({settlement}, owner));
  if (settled) co_return Settled::settled;
  if (settled.error().kind != ErrorKind::conflict) co_return fail(settled.error());
  auto item = co_await get(settlement.key.record_id);
  if (!item) co_return fail(item.error());
  bool is_ours = aws::dynamodb::get_string(*item, "leaseOwner") == owner &&
                 aws::dynamodb::get_string(*item, "status") == status_of(settlement.end);
  co_return is_ours ? Settled::settled : Settled::lost;  // ours: the answer got lost
}

Task<Result<void>> AwsRetryLedger::release(std::vector<RetryKey> keys, std::string owner) {
  std::optional<Error> error;
  for (const RetryKey& key : keys) {
    ItemUpdate update(settings_.runs_table, retry_item_id(key.record_id));
    update.set("leaseUntil", AttributeValue(0))
        .named("leaseOwner")
        .named("status")
        .only_if("#leaseOwner = :owner AND #status = :pending")
        .with("owner", AttributeValue(owner))
        .with("pending", AttributeValue(kPending));
    auto released = co_await dynamodb_.update_item(update.build());
    if (!released && released.error().kind != ErrorKind::conflict) error = released.error();
  }
  if (error) co_return fail(*error);
  co_return Result<void>{};
}

Task<Result<std::vector<Item>>> AwsRetryLedger::tally_items(std::string run_id) {
  aws::dynamodb::KeysOfTable wanted{.keys = {}, .consistency = aws::dynamodb::Consistency::strong};
  for (int slot = 0; slot < kTallySlots; ++slot) wanted.keys.push_back(item_key(tally_item_id(run_id, slot)));
  aws::dynamodb::BatchGetItemInput input;
  input.tables.emplace(settings_.runs_table, std::move(wanted));
  auto output = co_await dynamodb_.batch_get_item(std::move(input));
  if (!output) co_return fail(output.error());
  if (!output->unprocessed.empty())
    co_return fail(ErrorKind::throttled, "UnprocessedKeys", "the Runs table left keys unprocessed");
  std::vector<Item> out;
  for (auto& [table, items] : output->items)
    for (Item& item : items) out.push_back(std::move(item));
  co_return out;
}

Task<Result<batch::RetryTally>> AwsRetryLedger::tally(std::string run_id) {
  auto items = co_await tally_items(std::move(run_id));
  if (!items) co_return fail(items.error());
  // A slot may be below zero: a record that died there may have been revived in another one.
  std::map<RetryEnd, std::int64_t> sums;
  batch::RetryTally tally;
  for (const Item& item : *items) {
    for (RetryEnd end : batch::kAllRetryEnds) sums[end] += aws::dynamodb::get_integer(item, to_string(end)).value_or(0);
    tally.reordered += static_cast<std::uint64_t>(aws::dynamodb::get_integer(item, kReordered).value_or(0));
  }
  for (const auto& [end, sum] : sums) tally.of(end) = static_cast<std::uint64_t>(std::max<std::int64_t>(sum, 0));
  co_return tally;
}

Task<Result<void>> AwsRetryLedger::note_failures(std::vector<RetryFailure> failures, std::string owner) {
  std::map<std::string, RetryFailures> by_run;
  for (const RetryFailure& failure : failures) {
    RetryFailures& noted = by_run[failure.run_id];
    ++noted.attempts[std::string(to_string(failure.error.kind))];
    noted.last_error = fmt::format("{}: {}", failure.error.code, failure.error.message).substr(0, kLongestError);
  }
  SystemTime now = clock_.now();
  std::optional<Error> error;
  for (const auto& [run_id, noted] : by_run) {
    ItemUpdate update(settings_.runs_table, tally_item_id(run_id, slot_of(owner)));
    for (const auto& [kind, count] : noted.attempts)
      update.add(fmt::format("{}{}", kFailed, kind), static_cast<std::int64_t>(count));
    update.set("lastError", AttributeValue(batch::repair_utf8(noted.last_error)))
        .set("lastErrorAt", milliseconds_of(now))
        .set(kExpires, AttributeValue(expiry_seconds(now)));
    if (auto updated = co_await dynamodb_.update_item(update.build()); !updated) error = updated.error();
  }
  if (error) co_return fail(*error);
  co_return Result<void>{};
}

Task<Result<RetryFailures>> AwsRetryLedger::failures(std::string run_id) {
  auto items = co_await tally_items(std::move(run_id));
  if (!items) co_return fail(items.error());
  RetryFailures out;
  for (const Item& item : *items) {
    for (ErrorKind kind : kErrorKinds) {
      auto count = aws::dynamodb::get_integer(item, fmt::format("{}{}", kFailed, to_string(kind))).value_or(0);
      if (count > 0) out.attempts[std::string(to_string(kind))] += static_cast<std::uint64_t>(count);
    }
    SystemTime at{std::chrono::milliseconds(aws::dynamodb::get_integer(item, "lastErrorAt").value_or(0))};
    if (at <= out.last_at) continue;
    out.last_at = at;
    out.last_error = aws::dynamodb::get_string(item, "lastError").value_or("");
  }
  co_return out;
}

}  // namespace ads::function
