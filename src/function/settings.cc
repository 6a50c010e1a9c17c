#include "function/settings.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>

namespace ads::function {
namespace {

// A chunk has to end within the time kept before the deadline (20 s), however slowly it is published: what is never
// checkpointed is repeated for ever.
constexpr std::size_t kPacedChunkSeconds = 15;

Result<void> read_text(const batch::GetVariable& get, std::string_view name, std::string& into) {
  into = get(name).value_or("");
  if (!into.empty()) return {};
  return fail(
      ErrorKind::invalid, "MissingParameter",
      fmt::format("the environment variable {} is not set: deploy the function by the project's template", name));
}

template <class Number>
Result<void> read_number(const batch::GetVariable& get, std::string_view name, Number lowest, Number highest,
                         Number& into) {
  std::string text = get(name).value_or("");
  if (text.empty()) return {};
  Number value{};
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < lowest || value > highest)
    return fail(ErrorKind::invalid, "InvalidParameter",
                fmt::format("the environment variable {} is '{}': a whole number from {} to {} is accepted", name, text,
                            lowest, highest));
  into = value;
  return {};
}

std::vector<std::string> split_addresses(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    auto comma = text.find(',');
    std::string_view one = text.substr(0, comma);
    while (one.starts_with(' ')) one.remove_prefix(1);
    while (one.ends_with(' ')) one.remove_suffix(1);
    if (!one.empty()) out.emplace_back(one);
    text = comma == text.npos ? std::string_view{} : text.substr(comma + 1);
  }
  return out;
}

}  // namespace

Result<Role> parse_role(std::string_view handler) {
  for (Role role : {Role::dispatch, Role::worker, Role::retry, Role::sweep})
    if (handler == to_string(role)) return role;
  return fail(
      ErrorKind::invalid, "UnknownHandler",
      fmt::format("the handler '{}' is not known: set the function's handler to dispatch, worker, retry or sweep",
                  handler));
}

std::string_view to_string(Role role) {
  switch (role) {
    case Role::dispatch:
      return "dispatch";
    case Role::worker:
      return "worker";
    case Role::retry:
      return "retry";
    case Role::sweep:
      break;
  }
  return "sweep";
}

double publish_share(const Settings& settings) {
  return static_cast<double>(settings.rules.publish_rate) / settings.workers;
}

Result<Settings> parse_settings(Role role, const batch::GetVariable& get, const batch::ReadZone& read_zone) {
  Settings settings;
  auto rules = batch::parse_config(get, read_zone);
  if (!rules) return fail(rules.error());
  settings.rules = *rules;
  settings.stack = get("STACK").value_or(settings.stack);
  settings.ops_topic_arn = get("OPS_TOPIC_ARN").value_or("");
  settings.mail_from = get("MAIL_FROM").value_or("");
  settings.mail_to = split_addresses(get("MAIL_TO").value_or(""));
  struct Name {
    std::string_view variable;
    std::string& into;
    bool is_needed;
  };
  bool delivers = role != Role::sweep;
  for (const Name& name :
       {Name{"USERS_TABLE", settings.users_table, delivers}, Name{"RUNS_TABLE", settings.runs_table, true},
        Name{"TOPIC_ARN", settings.topic_arn, delivers}, Name{"RETRY_QUEUE_URL", settings.retry_queue_url, true},
        Name{"SHARD_QUEUE_URL", settings.shard_queue_url, role != Role::retry},
        Name{"BATCH_BUCKET", settings.bucket, role == Role::retry}}) {
    if (!name.is_needed) continue;
    if (auto read = read_text(get, name.variable, name.into); !read) return fail(read.error());
  }
  constexpr std::uint64_t kMiB = 1 << 20;
  if (auto read = read_number<std::size_t>(get, "CALLS_IN_FLIGHT", 1, 256, settings.calls_in_flight); !read)
    return fail(read.error());
  if (auto read = read_number<std::uint64_t>(get, "RANGE_BYTES", 4096, 64 * kMiB, settings.range_bytes); !read)
    return fail(read.error());
  if (auto read =
          read_number<std::uint64_t>(get, "MULTIPART_COPY_BYTES", 5 * kMiB, 5120 * kMiB, settings.multipart_copy_bytes);
      !read)
    return fail(read.error());
  if (auto read = read_number<std::uint64_t>(get, "INLINE_BYTES", 0, 1024 * kMiB, settings.inline_bytes); !read)
    return fail(read.error());
  if (auto read =
          read_number<std::uint64_t>(get, "SHARD_BYTES", 4096, 1024 * 1024 * kMiB, settings.shards.target_bytes);
      !read)
    return fail(read.error());
  if (auto read = read_number<std::uint64_t>(get, "VERIFY_BYTES", 0, 5ull << 40, settings.verify_bytes); !read)
    return fail(read.error());
  if (auto read = read_number<int>(get, "WORKERS", 1, 1000, settings.workers); !read) return fail(read.error());
  if (auto read = read_number<int>(get, "RETRY_RECEIVES", 1, 1000, settings.retry_receives); !read)
    return fail(read.error());
  struct Wait {
    std::string_view variable;
    std::chrono::seconds& into;
    int lowest, highest;
  };
  for (const Wait& wait : {Wait{"LEASE_SECONDS", settings.lease, 1, 900}, Wait{"CLAIM_SECONDS", settings.claim, 1, 900},
                           Wait{"SWEEP_AFTER_SECONDS", settings.sweep_after, 0, 86'400},
                           Wait{"RETRIES_SETTLE_SECONDS", settings.retries_settle, 0, 86'400}}) {
    int seconds = static_cast<int>(wait.into.count());
    if (auto read = read_number<int>(get, wait.variable, wait.lowest, wait.highest, seconds); !read)
      return fail(read.error());
    wait.into = std::chrono::seconds(seconds);
  }
  std::size_t megabytes = 0;  // what AWS says; not there outside a function
  if (auto read = read_number<std::size_t>(get, "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", 0, 1 << 20, megabytes); !read)
    return fail(read.error());
  if (megabytes > 0) settings.chunk_growth = batch::most_chunk_growth(megabytes);
  if (double share = publish_share(settings); share > 0)
    settings.chunk_lines =
        std::clamp<std::size_t>(static_cast<std::size_t>(share * kPacedChunkSeconds), 1, batch::kChunkLines);
  return settings;
}

}  // namespace ads::function
