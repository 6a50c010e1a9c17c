// The items of the Runs table as they are stored: one key attribute `id`, and what lies behind it. See docs/formats.md.
#pragma once
#include <string>
#include <string_view>

#include "aws/dynamodb/attribute_value.h"
#include "base/result.h"
#include "function/stored_run.h"

namespace ads::function {

// Hash key of every item; TTL attribute (seconds since the epoch), 30 days after the last write.
inline constexpr std::string_view kItemKey = "id";
inline constexpr std::string_view kExpires = "expiresAt";
inline constexpr std::chrono::days kKept{30};
// Global index over the runs alone (other items lack its key): hash `kind`, range `start`. Lists runs by time.
inline constexpr std::string_view kRunsIndex = "byStart";
inline constexpr std::string_view kRunsIndexKey = "kind";
inline constexpr std::string_view kRunKind = "RUN";
// Sparse global index over the runs that are not over, or whose retries are not: hash `open`, range `start`.
inline constexpr std::string_view kOpenIndex = "byOpen";
inline constexpr std::string_view kOpenIndexKey = "open";

std::string run_item_id(std::string_view run_id);                         // "RUN#<runId>"
std::string shard_item_id(std::string_view run_id, std::uint32_t shard);  // "RUN#<runId>#S#0"
std::string retry_item_id(std::string_view record_id);                    // "REC#<recordId>"
inline constexpr int kTallySlots = 16;
std::string tally_item_id(std::string_view run_id, int slot);  // "RUN#<runId>#R#0"
std::string run_id_of(std::string_view item_id);               // of a run's item

// {id, kind, open: "RUN" (absent once the run is over and its retries are settled), runId, status, bucket, key,
//  versionId, etag, size, shardCount, shardsDone, shardsDead, resumes, inspection, today, layout, start, end, touched
//  (ms), sentence, partial, finaliser, finaliserUntil (ms), processedKey, quarantineKey, compression, bytesRead,
//  mailsBegun, retriesMailsBegun, mailError,
//  revision, counters: {name: N}, unprocessed: [[begin, end]], retries: {name: N}, expiresAt}; what is empty is absent.
aws::dynamodb::Item run_item(const StoredRun& run, SystemTime now);
// Errors: corrupt / "NotARunItem", naming the attribute.
Result<StoredRun> run_from_item(const aws::dynamodb::Item& item);

// {id, start, end (absent: to the end), offset, fence, stalls, leaseOwner, leaseUntil (ms), status OPEN|DONE|DEAD,
//  trouble, layout,
//  compression, bytesRead, counters: {name: N}, expiresAt}. The counters are set as a whole, not added to: an update
// expression has at most 4 KB, and there are 500 status codes. The condition on offset and fence makes it the same.
inline constexpr std::string_view kShardOpen = "OPEN";
inline constexpr std::string_view kShardDone = "DONE";
inline constexpr std::string_view kShardDead = "DEAD";
// Errors: corrupt / "NotAShardItem", naming the attribute.
Result<ShardState> shard_from_item(const aws::dynamodb::Item& item);

aws::dynamodb::AttributeValue counters_value(const batch::Counters& counters);
std::optional<batch::Compression> parse_compression(std::string_view name);
std::int64_t to_milliseconds(SystemTime time);
std::int64_t expiry_seconds(SystemTime now);

}  // namespace ads::function
