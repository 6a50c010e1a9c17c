#include "batch/counters.h"

#include <fmt/format.h>

#include <charconv>
#include <numeric>

namespace ads::batch {
namespace {

// Stored names: do not change.
constexpr std::array<std::pair<std::string_view, std::uint64_t Counters::*>, 15> kPlain{{
    {"bytes", &Counters::bytes},
    {"lines", &Counters::lines},
    {"blank", &Counters::blank},
    {"header", &Counters::header},
    {"retryQueued", &Counters::retry_queued},
    {"processed", &Counters::processed},
    {"notActive", &Counters::not_active},
    {"notFound", &Counters::not_found},
    {"missingFields", &Counters::missing_fields},
    {"otherSpelling", &Counters::other_spelling},
    {"duplicates", &Counters::duplicates},
    {"throttles", &Counters::throttles},
    {"partialFailures", &Counters::partial_failures},
    {"reordered", &Counters::reordered},
    {"apiCalls", &Counters::api_calls},
}};
constexpr std::string_view kQuarantined = "quarantined_";
constexpr std::string_view kStatus = "status_";

}  // namespace

Counters& Counters::operator+=(const Counters& other) {
  for (auto [name, member] : kPlain) this->*member += other.*member;
  for (std::size_t i = 0; i < quarantined_by_reason.size(); ++i)
    quarantined_by_reason[i] += other.quarantined_by_reason[i];
  for (std::size_t i = 0; i < status_codes.size(); ++i) status_codes[i] += other.status_codes[i];
  return *this;
}

void Counters::count(const Line& line) {
  bytes += line.length;
  ++lines;
  switch (line.kind) {
    case Line::Kind::blank:
      ++blank;
      break;
    case Line::Kind::header:
      ++header;
      break;
    case Line::Kind::bad:
      count(line.reason);
      break;
    case Line::Kind::record:
      ++status_codes.at(static_cast<std::size_t>(line.status_code - 100));
      break;
  }
}

void Counters::count(Outcome outcome, int missing) {
  missing_fields += static_cast<std::uint64_t>(missing);
  switch (outcome) {
    case Outcome::processed:
      ++processed;
      break;
    case Outcome::not_active:
      ++not_active;
      break;
    case Outcome::not_found:
      ++not_found;
      break;
  }
}

std::uint64_t Counters::quarantined() const {
  return std::accumulate(quarantined_by_reason.begin(), quarantined_by_reason.end(), std::uint64_t{0});
}

std::uint64_t Counters::settled() const {
  return blank + header + retry_queued + processed + not_active + not_found + quarantined();
}

NamedCounters named(const Counters& counters) {
  NamedCounters values;
  for (auto [name, member] : kPlain)
    if (counters.*member) values.emplace_back(name, counters.*member);
  for (Reason reason : kAllReasons)
    if (auto count = counters.quarantined_by_reason[static_cast<std::size_t>(reason)])
      values.emplace_back(fmt::format("{}{}", kQuarantined, to_string(reason)), count);
  for (std::size_t i = 0; i < counters.status_codes.size(); ++i)
    if (auto count = counters.status_codes[i]) values.emplace_back(fmt::format("{}{}", kStatus, i + 100), count);
  return values;
}

Result<Counters> counters_from(const NamedCounters& values) {
  Counters counters;
  auto find = [&](std::string_view name) -> std::uint64_t* {
    for (auto [plain, member] : kPlain)
      if (plain == name) return &(counters.*member);
    if (name.starts_with(kQuarantined)) {
      auto reason = parse_reason(name.substr(kQuarantined.size()));
      return reason ? &counters.quarantined_by_reason[static_cast<std::size_t>(*reason)] : nullptr;
    }
    if (!name.starts_with(kStatus)) return nullptr;
    std::string_view digits = name.substr(kStatus.size());
    int code = 0;
    auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), code);
    bool is_code = error == std::errc{} && end == digits.data() + digits.size() && code >= 100 && code <= 599;
    return is_code ? &counters.status_codes[static_cast<std::size_t>(code - 100)] : nullptr;
  };
  for (const auto& [name, value] : values) {
    std::uint64_t* counter = find(name);
    if (!counter) return fail(ErrorKind::corrupt, "UnknownCounter", fmt::format("'{}' is not a counter", name));
    *counter += value;
  }
  return counters;
}

bool too_many_bad(const Counters& counters, int max_bad_percent, Moment moment) {
  if (max_bad_percent >= 100) return false;
  std::uint64_t records = counters.records();
  if (moment == Moment::in_the_middle && records < kBadPercentSample) return false;
  return counters.quarantined() * 100 > records * static_cast<std::uint64_t>(max_bad_percent);
}

}  // namespace ads::batch
