// The function's environment variables: the stack's parameters, and the names of the resources that it works on.
#pragma once
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "batch/beginning.h"
#include "batch/chunk_size.h"
#include "batch/config.h"
#include "batch/progress.h"
#include "batch/shard.h"

namespace ads::function {

enum class Role { dispatch, worker, retry, sweep };
// Errors: invalid / "UnknownHandler", naming those known.
Result<Role> parse_role(std::string_view handler);
std::string_view to_string(Role role);

// Variable / meaning. Roles in brackets need it; the others may lack it.
struct Settings {
  batch::Config rules;          // see batch/config.h
  std::string users_table;      // USERS_TABLE [dispatch worker retry]
  std::string runs_table;       // RUNS_TABLE [all]
  std::string topic_arn;        // TOPIC_ARN [dispatch worker retry]; ".fifo" at its end makes
                                // publishing use groups
  std::string retry_queue_url;  // RETRY_QUEUE_URL [all]
  std::string shard_queue_url;  // SHARD_QUEUE_URL [dispatch worker sweep]
  std::string bucket;           // BATCH_BUCKET [retry]: for the quarantine of retries
  std::string stack = "ads";    // STACK: the stack's name prefix, a dimension of the metrics
  std::string ops_topic_arn;  // OPS_TOPIC_ARN: for reports that could not be mailed; empty: they are in the bucket only
  std::string mail_from;      // MAIL_FROM; empty: the report is not mailed
  std::vector<std::string> mail_to;                    // MAIL_TO, separated by commas
  std::size_t calls_in_flight = 80;                    // CALLS_IN_FLIGHT: 1-256, of publishing and of queueing each
  std::uint64_t range_bytes = std::uint64_t{8} << 20;  // RANGE_BYTES: read at once, twice in memory
  std::uint64_t multipart_copy_bytes = std::uint64_t{5} << 30;  // MULTIPART_COPY_BYTES: larger objects are copied in
                                                                // parts; CopyObject's limit
  std::uint64_t inline_bytes = batch::kInlineBytes;  // INLINE_BYTES: up to this, a file is processed inside dispatch
  // VERIFY_BYTES: a compressed object up to this is decompressed to its end before the first effect
  std::uint64_t verify_bytes = std::uint64_t{2} << 30;
  batch::ShardLimits shards;  // SHARD_BYTES: the usual size of a shard
  int workers = 1;            // WORKERS: those that may run side by side share PUBLISH_RATE
  int retry_receives = 5;     // RETRY_RECEIVES: the retry queue's maxReceiveCount
  // How long others wait for what may have crashed. Lower them only in tests: what is slow looks crashed then.
  std::chrono::seconds lease = batch::kLease;             // LEASE_SECONDS: of a shard
  std::chrono::seconds claim{60};                         // CLAIM_SECONDS: of a retry; longer than an invocation of
                                                          // `retry`, shorter than its queue's visibility
  std::chrono::seconds sweep_after = batch::kSweepAfter;  // SWEEP_AFTER_SECONDS
  // RETRIES_SETTLE_SECONDS: the depth of a queue is late by up to a minute, and a redriven message needs its time: a
  // retry that is nowhere this long after the end of its run lies in the dead-letter queue, or is gone.
  std::chrono::seconds retries_settle{900};
  bool has_fifo_topic() const { return topic_arn.ends_with(".fifo"); }

  std::size_t beginning_lines = batch::kBeginningLines;  // no variable: fewer in tests
  std::size_t chunk_lines = batch::kChunkLines;          // no variable: fewer where PUBLISH_RATE is low, and in tests
  std::size_t chunk_growth = batch::kMostChunkGrowth;    // no variable: how many times as many a chunk may have
};

// Notifications per second that one sandbox may send; 0: no limit.
double publish_share(const Settings& settings);

// Errors: invalid / "InvalidParameter" or "MissingParameter", naming the variable and what is accepted.
Result<Settings> parse_settings(Role role, const batch::GetVariable& get, const batch::ReadZone& read_zone = {});

}  // namespace ads::function
