// The function's environment variables: the stack's parameters, and the names of the resources that it works on.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "batch/config.h"
#include "batch/shard.h"

namespace ads::function {

enum class Role { dispatch, retry };
// Errors: invalid / "UnknownHandler", naming those known.
Result<Role> parse_role(std::string_view handler);
std::string_view to_string(Role role);

// Variable / meaning.
struct Settings {
  batch::Config rules;                                 // see batch/config.h
  std::string users_table;                             // USERS_TABLE
  std::string runs_table;                              // RUNS_TABLE
  std::string topic_arn;                               // TOPIC_ARN; ".fifo" at its end makes publishing use groups
  std::string retry_queue_url;                         // RETRY_QUEUE_URL; dispatch only
  std::string mail_from;                               // MAIL_FROM; empty: the report is not mailed
  std::vector<std::string> mail_to;                    // MAIL_TO, separated by commas
  std::size_t calls_in_flight = 16;                    // CALLS_IN_FLIGHT: 1-64, of publishing and of queueing each
  std::uint64_t range_bytes = std::uint64_t{8} << 20;  // RANGE_BYTES: read at once, twice in memory
  std::uint64_t multipart_copy_bytes = std::uint64_t{5} << 30;  // MULTIPART_COPY_BYTES: larger objects are copied in
                                                                // parts; CopyObject's limit
  std::size_t chunk_lines = batch::kChunkLines;  // no variable: fewer where PUBLISH_RATE is low, and in tests
};

// Errors: invalid / "InvalidParameter" or "MissingParameter", naming the variable and what is accepted.
Result<Settings> parse_settings(Role role, const batch::GetVariable& get, const batch::ReadZone& read_zone = {});

}  // namespace ads::function
