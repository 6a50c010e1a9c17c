#include "batch/config.h"

#include <fmt/format.h>

#include <charconv>

#include "batch/record.h"

namespace ads::batch {
namespace {

std::unexpected<Error> invalid(std::string_view variable, std::string_view parameter, std::string_view value,
                               std::string_view accepted) {
  return fail(ErrorKind::invalid, "InvalidParameter",
              fmt::format("{} (parameter {}) is '{}': it has to be {}", variable, parameter, value, accepted));
}

// Reads one variable after the other; after the first error nothing more is read.
struct Variables {
  const GetVariable& get;
  std::optional<Error> error;

  std::optional<std::string> value(std::string_view variable) {
    auto found = error ? std::nullopt : get(variable);
    return found && found->empty() ? std::nullopt : found;
  }

  void integer(std::string_view variable, std::string_view parameter, int low, int high, int& target) {
    auto text = value(variable);
    if (!text) return;
    int number = 0;
    auto [end, code] = std::from_chars(text->data(), text->data() + text->size(), number);
    if (code != std::errc{} || end != text->data() + text->size() || number < low || number > high)
      error = invalid(variable, parameter, *text, fmt::format("an integer from {} to {}", low, high)).error();
    else
      target = number;
  }

  template <class T>
  void choice(std::string_view variable, std::string_view parameter, std::string_view first, T first_value,
              std::string_view second, T second_value, T& target) {
    auto text = value(variable);
    if (!text) return;
    if (*text == first)
      target = first_value;
    else if (*text == second)
      target = second_value;
    else
      error = invalid(variable, parameter, *text, fmt::format("{} or {}", first, second)).error();
  }
};

}  // namespace

Result<Config> parse_config(const GetVariable& get, const ReadZone& read_zone) {
  Config config;
  Variables variables{get, std::nullopt};
  variables.integer("MAX_RETRIES", "MaxRetries", 0, kMaxRetryCount, config.max_retries);
  variables.choice("ACCEPT_DATES", "AcceptDates", "today", AcceptDates::today, "any", AcceptDates::any,
                   config.accept_dates);
  variables.integer("MAX_BAD_PERCENT", "MaxBadPercent", 0, 100, config.max_bad_percent);
  variables.integer("PUBLISH_RATE", "PublishRate", 0, 1'000'000, config.publish_rate);
  variables.integer("MAX_EXPANSION", "MaxExpansion", 1, 1'000'000, config.max_expansion);
  if (auto form = variables.value("USER_KEY_FORM")) {
    auto parsed = parse_user_key_form(*form);
    if (!parsed) return invalid("USER_KEY_FORM", "UserKeyForm", *form, "as-is, uuid-lower or uuid-upper");
    config.user_key_form = *parsed;
  }
  using Ordering = Config::Ordering;
  variables.choice("STRICT_ORDERING", "StrictOrdering", "true", Ordering::by_file, "false", Ordering::by_shard,
                   config.ordering);
  if (auto list = variables.value("ACTIVE_STATUS")) {
    auto statuses = ActiveStatuses::parse(*list);
    if (!statuses)
      return fail(ErrorKind::invalid, "InvalidParameter",
                  fmt::format("ACTIVE_STATUS (parameter ActiveStatus): {}", statuses.error().message));
    config.active_statuses = std::move(*statuses);
  }
  if (auto name = variables.value("TIME_ZONE")) {
    auto zone = parse_time_zone(*name, read_zone);
    if (!zone)
      return fail(ErrorKind::invalid, "InvalidParameter",
                  fmt::format("TIME_ZONE (parameter TimeZone): {}", zone.error().message));
    config.time_zone = std::move(*zone);
  }
  if (variables.error) return fail(*variables.error);
  return config;
}

}  // namespace ads::batch
