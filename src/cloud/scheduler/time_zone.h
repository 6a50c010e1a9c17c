// A time zone as schedules need it: which moment a clock on the wall means, and the other way round.
#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace ads::cloud::scheduler {

// What a clock on the wall shows, counted as if it were UTC.
using LocalSeconds = std::chrono::local_seconds;

class TimeZone {
 public:
  TimeZone() = default;  // UTC

  // The contents of a zoneinfo file (RFC 8536, version 2 or later). Errors: corrupt.
  static Result<TimeZone> from_file(std::string_view bytes);

  LocalSeconds local_at(SystemTime time) const;
  // The moment that such a clock means. Where summer time ends the hour comes twice: the first is meant. Nothing where
  // summer time begins and the hour does not come.
  std::optional<SystemTime> moment_of(LocalSeconds local) const;
  // The moment summer time begins, for an hour that does not come; else as moment_of.
  SystemTime moment_at_or_after(LocalSeconds local) const;

 private:
  // "M3.5.0/2": a day of each year, and the second of it, in the offset that ends there.
  struct Yearly {
    unsigned month = 1, week = 1, weekday = 0;
    std::int64_t second = 7200;
    std::int64_t of(std::chrono::year year) const;
  };
  struct Rule {
    std::int32_t standard = 0, summer = 0;
    std::optional<Yearly> begins, ends;
  };
  struct Transition {
    std::int64_t second;
    std::int32_t offset;
  };

  static std::optional<Rule> read_rule(std::string_view text);
  std::int32_t offset_at(std::int64_t second) const;
  std::int32_t offset_by_rule(std::int64_t second) const;

  std::vector<Transition> transitions_;
  std::int32_t first_ = 0;  // before the first transition
  Rule rule_;               // after the last
};

// The system's zones by their IANA names ("Europe/Berlin"), read from /usr/share/zoneinfo when first asked for.
class TimeZones {
 public:
  // Errors: not_found, saying where it was looked for; invalid for what is no name of a zone.
  Result<TimeZone> find(std::string_view name);

 private:
  std::map<std::string, TimeZone, std::less<>> known_;
};

}  // namespace ads::cloud::scheduler
