#include "function/run_item.h"

#include <fmt/core.h>

#include <limits>

namespace ads::function {
namespace {

constexpr std::int64_t kOpenEnd = -1;  // of a range that goes to the end of a content of unknown length

using aws::dynamodb::AttributeValue;
using aws::dynamodb::Item;
using aws::dynamodb::List;
using aws::dynamodb::Map;

std::unexpected<Error> bad_item(std::string_view code, std::string_view attribute) {
  return fail(ErrorKind::corrupt, std::string(code),
              fmt::format("an item of the Runs table has no usable attribute '{}': it was written by something else",
                          attribute));
}

void put_text(Item& item, std::string_view name, std::string_view text) {
  if (!text.empty()) item.insert_or_assign(std::string(name), AttributeValue(text));
}
void put_number(Item& item, std::string_view name, std::uint64_t number) {
  item.insert_or_assign(std::string(name), AttributeValue(number));
}

std::string text_of(const Item& item, std::string_view name) {
  return std::string(aws::dynamodb::get_string(item, name).value_or(""));
}

// Numbers of an item, with bounds: what the item of a damaged or forged run says never becomes the size of a vector.
class Numbers {
 public:
  explicit Numbers(const Item& item) : item_(item) {}

  std::uint64_t number(std::string_view name, std::uint64_t low, std::uint64_t high, std::uint64_t fallback) {
    auto found = item_.find(std::string(name));
    if (found == item_.end()) return fallback;
    auto number = found->second.integer();
    if (number && *number >= 0 && static_cast<std::uint64_t>(*number) >= low &&
        static_cast<std::uint64_t>(*number) <= high)
      return static_cast<std::uint64_t>(*number);
    if (bad_.empty()) bad_ = name;
    return fallback;
  }
  std::uint64_t number(std::string_view name, std::uint64_t high) { return number(name, 0, high, 0); }
  std::uint32_t count(std::string_view name, std::uint32_t high = std::numeric_limits<std::int32_t>::max()) {
    return static_cast<std::uint32_t>(number(name, high));
  }
  SystemTime time(std::string_view name) { return SystemTime(std::chrono::milliseconds(number(name, kLatestTime))); }
  std::string_view bad() const { return bad_; }  // the first that was out of its bounds

 private:
  static constexpr std::uint64_t kLatestTime = 253'402'300'799'999;  // the end of the year 9999, in ms

  const Item& item_;
  std::string_view bad_;
};

constexpr std::uint64_t kAnyNumber = std::numeric_limits<std::int64_t>::max();

Result<batch::Counters> counters_of(const Item& item) {
  batch::NamedCounters named;
  auto found = item.find("counters");
  const Map* stored = found == item.end() ? nullptr : found->second.map();
  if (stored)
    for (const auto& [name, value] : *stored) {
      auto count = value.integer();
      if (!count || *count < 0) return bad_item("NotARunItem", "counters");
      named.emplace_back(name, static_cast<std::uint64_t>(*count));
    }
  return batch::counters_from(named);
}

}  // namespace

AttributeValue counters_value(const batch::Counters& counters) {
  Map map;
  for (const auto& [name, value] : batch::named(counters)) map.emplace(name, AttributeValue(value));
  return AttributeValue(std::move(map));
}

std::string run_item_id(std::string_view run_id) {
  return fmt::format("RUN#{}", run_id);
}
std::string shard_item_id(std::string_view run_id, std::uint32_t shard) {
  return fmt::format("RUN#{}#S#{}", run_id, shard);
}
std::string retry_item_id(std::string_view record_id) {
  return fmt::format("REC#{}", record_id);
}

std::string tally_item_id(std::string_view run_id, int slot) {
  return fmt::format("RUN#{}#R#{}", run_id, slot);
}
std::string run_id_of(std::string_view item_id) {
  return std::string(item_id.substr(std::min(item_id.size(), std::string_view("RUN#").size())));
}

std::int64_t to_milliseconds(SystemTime time) {
  return time.time_since_epoch().count();
}
std::int64_t expiry_seconds(SystemTime now) {
  return std::chrono::floor<std::chrono::seconds>(now + kKept).time_since_epoch().count();
}

Item run_item(const StoredRun& stored, SystemTime now) {
  const batch::Run& run = stored.run;
  Item item;
  put_text(item, kItemKey, run_item_id(run.id));
  put_text(item, kRunsIndexKey, kRunKind);
  if (stored.is_open()) put_text(item, kOpenIndexKey, kRunKind);
  put_text(item, "runId", run.id);
  put_text(item, "status", to_string(run.status));
  put_text(item, "bucket", run.object.bucket);
  put_text(item, "key", run.object.key);
  put_text(item, "versionId", run.object.version_id);
  put_text(item, "etag", run.object.etag);
  put_number(item, "size", run.object.size);
  put_number(item, "shardCount", run.shard_count);
  put_number(item, "shardsDone", run.shards_done);
  put_number(item, "shardsDead", run.shards_dead);
  put_number(item, "resumes", run.resumes);
  if (run.layout) put_text(item, "layout", to_string(*run.layout));
  if (run.inspection != batch::Inspection::none) put_text(item, "inspection", to_string(run.inspection));
  put_text(item, "today", run.today);
  put_number(item, "start", static_cast<std::uint64_t>(to_milliseconds(run.start)));
  if (run.end != SystemTime{}) put_number(item, "end", static_cast<std::uint64_t>(to_milliseconds(run.end)));
  put_number(item, "touched", static_cast<std::uint64_t>(to_milliseconds(now)));
  put_text(item, "sentence", run.sentence);
  if (run.is_partial) item.insert_or_assign("partial", AttributeValue(true));
  if (run.is_canceled) item.insert_or_assign("canceled", AttributeValue(true));
  put_text(item, "finaliser", stored.finaliser);
  if (stored.finaliser_until != SystemTime{})
    put_number(item, "finaliserUntil", static_cast<std::uint64_t>(to_milliseconds(stored.finaliser_until)));
  put_text(item, "processedKey", run.processed_key);
  put_text(item, "quarantineKey", stored.quarantine_key);
  put_text(item, "compression", to_string(run.compression));
  put_number(item, "bytesRead", stored.bytes_read);
  put_text(item, "mailError", stored.mail_error);
  if (stored.mails_begun) put_number(item, "mailsBegun", stored.mails_begun);
  if (stored.retries_mails_begun) put_number(item, "retriesMailsBegun", stored.retries_mails_begun);
  put_number(item, "revision", stored.revision);
  item.insert_or_assign("counters", counters_value(run.counters));
  if (!stored.unprocessed.empty()) {
    List ranges;
    for (const auto& range : stored.unprocessed)
      ranges.push_back(AttributeValue(
          List{AttributeValue(range.begin),
               range.is_open() ? AttributeValue(kOpenEnd) : AttributeValue(static_cast<std::int64_t>(range.end))}));
    item.insert_or_assign("unprocessed", AttributeValue(std::move(ranges)));
  }
  if (stored.retries) {
    Map tally;
    batch::RetryTally retries = *stored.retries;
    for (batch::RetryEnd end : batch::kAllRetryEnds) tally.emplace(to_string(end), AttributeValue(retries.of(end)));
    tally.emplace("reordered", AttributeValue(retries.reordered));
    item.insert_or_assign("retries", AttributeValue(std::move(tally)));
  }
  item.insert_or_assign(std::string(kExpires), AttributeValue(expiry_seconds(now)));
  return item;
}

Result<StoredRun> run_from_item(const Item& item) {
  constexpr std::string_view kCode = "NotARunItem";
  StoredRun stored;
  batch::Run& run = stored.run;
  Numbers numbers(item);
  run.id = text_of(item, "runId");
  if (run.id.empty()) return bad_item(kCode, "runId");
  auto status = batch::parse_run_status(text_of(item, "status"));
  if (!status) return bad_item(kCode, "status");
  run.status = *status;
  run.object = {text_of(item, "bucket"), text_of(item, "key"), text_of(item, "versionId"), text_of(item, "etag"),
                numbers.number("size", kAnyNumber)};
  if (run.object.bucket.empty()) return bad_item(kCode, "bucket");
  if (run.object.key.empty()) return bad_item(kCode, "key");
  run.shard_count = static_cast<std::uint32_t>(numbers.number("shardCount", 1, batch::ShardLimits{}.max_shards, 1));
  run.shards_done = numbers.count("shardsDone", run.shard_count);
  run.shards_dead = numbers.count("shardsDead", run.shard_count);
  run.resumes = numbers.count("resumes");
  if (std::string layout = text_of(item, "layout"); !layout.empty()) {
    auto parsed = batch::parse_layout(layout);
    if (!parsed) return fail(parsed.error());
    run.layout = *parsed;
  }
  if (std::string inspection = text_of(item, "inspection"); !inspection.empty()) {
    auto parsed = batch::parse_inspection(inspection);
    if (!parsed) return bad_item(kCode, "inspection");
    run.inspection = *parsed;
  }
  run.today = text_of(item, "today");
  run.start = numbers.time("start");
  run.end = numbers.time("end");
  run.sentence = text_of(item, "sentence");
  run.is_partial = item.contains("partial");
  run.is_canceled = item.contains("canceled");
  stored.finaliser = text_of(item, "finaliser");
  stored.finaliser_until = numbers.time("finaliserUntil");
  stored.touched = numbers.time("touched");
  run.processed_key = text_of(item, "processedKey");
  stored.quarantine_key = text_of(item, "quarantineKey");
  auto compression = batch::parse_compression(text_of(item, "compression"));
  if (!compression) return bad_item(kCode, "compression");
  run.compression = *compression;
  stored.bytes_read = numbers.number("bytesRead", kAnyNumber);
  stored.mail_error = text_of(item, "mailError");
  stored.mails_begun = numbers.count("mailsBegun");
  stored.retries_mails_begun = numbers.count("retriesMailsBegun");
  stored.revision = numbers.number("revision", kAnyNumber);
  if (!numbers.bad().empty()) return bad_item(kCode, numbers.bad());
  auto counters = counters_of(item);
  if (!counters) return fail(counters.error());
  run.counters = *counters;
  if (auto found = item.find("unprocessed"); found != item.end() && found->second.list())
    for (const AttributeValue& range : *found->second.list()) {
      const List* pair = range.list();
      if (!pair || pair->size() != 2) return bad_item(kCode, "unprocessed");
      std::int64_t end = (*pair)[1].integer().value_or(0);
      stored.unprocessed.push_back({static_cast<std::uint64_t>((*pair)[0].integer().value_or(0)),
                                    end == kOpenEnd ? batch::kToEnd : static_cast<std::uint64_t>(end)});
    }
  if (auto found = item.find("retries"); found != item.end() && found->second.map()) {
    batch::RetryTally& retries = stored.retries.emplace();
    for (batch::RetryEnd end : batch::kAllRetryEnds) {
      auto count = found->second.map()->find(std::string(to_string(end)));
      if (count == found->second.map()->end()) return bad_item(kCode, "retries");
      retries.of(end) = static_cast<std::uint64_t>(count->second.integer().value_or(0));
    }
    if (auto count = found->second.map()->find("reordered");
        count != found->second.map()->end())  // older items lack it
      retries.reordered = static_cast<std::uint64_t>(count->second.integer().value_or(0));
  }
  return stored;
}

Result<ShardState> shard_from_item(const Item& item) {
  constexpr std::string_view kCode = "NotAShardItem";
  ShardState state;
  Numbers numbers(item);
  std::string id = text_of(item, kItemKey);
  auto hash = id.rfind('#');
  if (hash == id.npos) return bad_item(kCode, kItemKey);
  state.range.index = static_cast<std::uint32_t>(std::strtoul(id.c_str() + hash + 1, nullptr, 10));
  state.range.start = numbers.number("start", kAnyNumber);
  state.range.end = numbers.number("end", 0, kAnyNumber, batch::kToEnd);
  state.offset = numbers.number("offset", kAnyNumber);
  state.fence = numbers.number("fence", kAnyNumber);
  if (state.fence == 0) return bad_item(kCode, "fence");
  state.lease_owner = text_of(item, "leaseOwner");
  state.lease_until = numbers.time("leaseUntil");
  std::string status = text_of(item, "status");
  if (status != kShardOpen && status != kShardDone && status != kShardDead) return bad_item(kCode, "status");
  state.status = status == kShardDone   ? ShardStatus::done
                 : status == kShardDead ? ShardStatus::dead
                                        : ShardStatus::open;
  state.stalls = numbers.count("stalls");
  state.trouble = text_of(item, "trouble");
  if (std::string layout = text_of(item, "layout"); !layout.empty()) {
    auto parsed = batch::parse_layout(layout);
    if (!parsed) return fail(parsed.error());
    state.layout = *parsed;
  }
  if (std::string compression = text_of(item, "compression"); !compression.empty()) {
    auto parsed = batch::parse_compression(compression);
    if (!parsed) return bad_item(kCode, "compression");
    state.compression = *parsed;
  }
  state.bytes_read = numbers.number("bytesRead", kAnyNumber);
  if (!numbers.bad().empty()) return bad_item(kCode, numbers.bad());
  auto counters = counters_of(item);
  if (!counters) return fail(counters.error());
  state.counters = *counters;
  return state;
}

}  // namespace ads::function
