#include "function/settings.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>

namespace ads::function {
namespace {

// A chunk has to end within its lease (50 s) and the time kept before the deadline (20 s), however slowly it is
// published: what is never checkpointed is repeated for ever.
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
  if (handler == "dispatch") return Role::dispatch;
  if (handler == "retry") return Role::retry;
  return fail(
      ErrorKind::invalid, "UnknownHandler",
      fmt::format("the handler '{}' is not known: set the function's handler to 'dispatch' or 'retry'", handler));
}

std::string_view to_string(Role role) {
  return role == Role::dispatch ? "dispatch" : "retry";
}

Result<Settings> parse_settings(Role role, const batch::GetVariable& get, const batch::ReadZone& read_zone) {
  Settings settings;
  auto rules = batch::parse_config(get, read_zone);
  if (!rules) return fail(rules.error());
  settings.rules = *rules;
  settings.mail_from = get("MAIL_FROM").value_or("");
  settings.mail_to = split_addresses(get("MAIL_TO").value_or(""));
  if (settings.rules.publish_rate > 0)
    settings.chunk_lines = std::clamp<std::size_t>(
        static_cast<std::size_t>(settings.rules.publish_rate) * kPacedChunkSeconds, 1, batch::kChunkLines);
  if (auto read = read_text(get, "USERS_TABLE", settings.users_table); !read) return fail(read.error());
  if (auto read = read_text(get, "RUNS_TABLE", settings.runs_table); !read) return fail(read.error());
  if (auto read = read_text(get, "TOPIC_ARN", settings.topic_arn); !read) return fail(read.error());
  if (role == Role::dispatch)
    if (auto read = read_text(get, "RETRY_QUEUE_URL", settings.retry_queue_url); !read) return fail(read.error());
  constexpr std::uint64_t kMiB = 1 << 20;
  if (auto read = read_number<std::size_t>(get, "CALLS_IN_FLIGHT", 1, 64, settings.calls_in_flight); !read)
    return fail(read.error());
  if (auto read = read_number<std::uint64_t>(get, "RANGE_BYTES", 4096, 64 * kMiB, settings.range_bytes); !read)
    return fail(read.error());
  if (auto read =
          read_number<std::uint64_t>(get, "MULTIPART_COPY_BYTES", 5 * kMiB, 5120 * kMiB, settings.multipart_copy_bytes);
      !read)
    return fail(read.error());
  return settings;
}

}  // namespace ads::function
