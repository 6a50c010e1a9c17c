#include "cloud/dynamodb/background.h"

#include "base/log.h"
#include "cloud/dynamodb/items.h"
#include "cloud/dynamodb/keys.h"
#include "cloud/dynamodb/value_json.h"

namespace ads::cloud::dynamodb {
namespace {

constexpr int kItemsPerSlice = 200;
constexpr std::chrono::milliseconds kLongestSleep{60'000}, kAfterFailure{1'000};
// AWS leaves an item alone whose expiry lies further back: somebody meant no date.
constexpr std::uint64_t kOldestExpirySeconds = 5ull * 365 * 24 * 3600;

std::uint64_t seconds(SystemTime time) {
  return std::uint64_t(time.time_since_epoch().count()) / 1000;
}

}  // namespace

Task<void> Background::run() {
  for (;;) {
    auto worked = step();
    if (!worked) log(LogLevel::error, "DynamoDB's background work failed", {{"error", worked.error().message}});
    if (worked && *worked) {
      co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);  // let requests pass
      continue;
    }
    co_await bell_.wait_until(std::chrono::steady_clock::now() + (worked ? until_next() : kAfterFailure));
  }
}

Result<bool> Background::step() {
  for (std::uint64_t number : catalog_.numbers()) {
    Table* table = catalog_.find(number);
    for (Index& index : table->indexes)
      if (index.status == Index::backfilling) return fill_index(*table, index);
    if (table->ttl_backfilling) return enter_expiries(*table);
    if (table->ttl_attribute.empty()) continue;
    auto expiry = next_expiry(*table);
    if (expiry && *expiry <= seconds(clock_.now())) return expire(*table);
  }
  return false;
}

Result<bool> Background::fill_index(Table& table, Index& index) {
  std::string& position = positions_.try_emplace(index.number, table.item_space()).first->second;
  Writes writes(store_);
  bool is_finished = true;
  {
    int count = 0;
    for (auto cursor = store_.scan(position, after_prefix(table.item_space())); cursor.valid(); cursor.next()) {
      if (count++ == kItemsPerSlice) {
        is_finished = false;
        position = cursor.key();
        break;
      }
      writes.backfill(table, index, StoredItem(std::string(cursor.value())).attributes());
    }
  }
  if (is_finished) {
    index.status = Index::active;
    catalog_.save(writes.batch(), table);
  }
  auto applied = writes.apply();
  if (!applied) {
    index.status = Index::backfilling;
    positions_.erase(index.number);
    return fail(applied.error());
  }
  if (is_finished) positions_.erase(index.number);
  return true;
}

Result<bool> Background::enter_expiries(Table& table) {
  std::string& position = positions_.try_emplace(table.number, table.item_space()).first->second;
  Batch batch;
  bool is_finished = true;
  int count = 0;
  for (auto cursor = store_.scan(position, after_prefix(table.item_space())); cursor.valid(); cursor.next()) {
    if (count++ == kItemsPerSlice) {
      is_finished = false;
      position = cursor.key();
      break;
    }
    if (auto expiry = expiry_of(table, StoredItem(std::string(cursor.value())).attributes())) {
      const auto entry = expiry_key(table, *expiry, cursor.key());
      table.expiries_from = std::min(table.expiries_from, entry);
      batch.put(entry, "");
    }
  }
  table.ttl_backfilling = !is_finished;
  if (is_finished) catalog_.save(batch, table);
  if (auto applied = store_.apply(std::move(batch)); !applied) {
    table.ttl_backfilling = true;
    positions_.erase(table.number);
    return fail(applied.error());
  }
  if (is_finished) positions_.erase(table.number);
  return true;
}

Result<bool> Background::expire(Table& table) {
  const std::uint64_t now = seconds(clock_.now());
  const std::string space = table_space(table.region, KeySpace::expiry, table.number);
  std::string end = space;
  append_number(end, now + 1);
  Writes writes(store_);
  int count = 0;
  std::string last;
  for (auto cursor = store_.scan(std::max(space, table.expiries_from), end); cursor.valid() && count < kItemsPerSlice;
       cursor.next(), ++count) {
    last = cursor.key();
    std::string_view rest = cursor.key().substr(space.size());
    const std::uint64_t expiry = take_number(rest).value_or(0);
    const std::string key = table.item_space() + std::string(rest);
    auto stored = store_.get(key);
    if (stored && expiry + kOldestExpirySeconds > now) {
      const StoredItem item(*std::move(stored));
      // The entry's word is not enough: the item says itself when it goes.
      if (expiry_of(table, item.attributes()) == expiry) writes.replace(table, key, &item, nullptr);
    }
    writes.batch().remove(cursor.key());
  }
  if (auto applied = writes.apply(); !applied) return fail(applied.error());
  table.expiries_from = std::max(table.expiries_from, last);
  return true;
}

std::optional<std::uint64_t> Background::next_expiry(Table& table) const {
  const std::string space = table_space(table.region, KeySpace::expiry, table.number);
  auto cursor = store_.scan(std::max(space, table.expiries_from), after_prefix(space));
  table.expiries_from = cursor.valid() ? std::string(cursor.key()) : after_prefix(space);
  if (!cursor.valid()) return std::nullopt;
  std::string_view rest = cursor.key().substr(space.size());
  return take_number(rest);
}

std::chrono::milliseconds Background::until_next() const {
  std::chrono::milliseconds wait = kLongestSleep;
  for (std::uint64_t number : catalog_.numbers()) {
    Table* table = catalog_.find(number);
    if (table->ttl_attribute.empty()) continue;
    if (auto expiry = next_expiry(*table)) {
      const auto due = SystemTime(std::chrono::seconds(std::min<std::uint64_t>(*expiry, 1ull << 40)));
      wait = std::min(wait, std::max(std::chrono::milliseconds(0),
                                     std::chrono::duration_cast<std::chrono::milliseconds>(due - clock_.now())));
    }
  }
  return wait;
}

}  // namespace ads::cloud::dynamodb
