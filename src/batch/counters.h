// What is counted while a file is processed: sums that add up over chunks and shards.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "batch/notification.h"
#include "batch/reader.h"
#include "batch/reason.h"

namespace ads::batch {

struct Counters {
  std::uint64_t bytes = 0;  // covered by lines, line endings included
  std::uint64_t lines = 0;
  std::uint64_t blank = 0;
  std::uint64_t header = 0;
  std::uint64_t retry_queued = 0;
  std::uint64_t processed = 0;
  std::uint64_t not_active = 0;
  std::uint64_t not_found = 0;
  std::array<std::uint64_t, kReasonCount> quarantined_by_reason{};
  std::array<std::uint64_t, 500> status_codes{};  // of readable records; [0] is 100

  std::uint64_t missing_fields = 0;    // profile fields published as empty strings
  std::uint64_t other_spelling = 0;    // of not_found: UUIDs that a table may spell otherwise
  std::uint64_t duplicates = 0;        // effects that were found to be done already
  std::uint64_t throttles = 0;         // calls or entries that were told to slow down
  std::uint64_t partial_failures = 0;  // batch calls of which some entries had to be sent again
  std::uint64_t reordered = 0;         // records whose effect came after that of a later record of their user
  std::uint64_t api_calls = 0;

  bool operator==(const Counters&) const = default;
  Counters& operator+=(const Counters& other);

  // A line that was read: bytes, lines, blank, header, the reason of a bad one, the status code of a record.
  void count(const Line& line);
  void count(Outcome outcome, int missing_fields);
  void count(Reason reason) { ++quarantined_by_reason[static_cast<std::size_t>(reason)]; }

  std::uint64_t quarantined() const;
  std::uint64_t records() const { return lines - blank - header; }  // readable or not
  // Lines that reached their end: blank + header + retry_queued + processed + not_active + not_found + quarantined.
  std::uint64_t settled() const;
};

// Every counter that is not zero, by a name that an attribute of a stored item can have: "lines", "quarantined_NUL",
// "status_503". For ADD expressions and back again. Unknown names are an error: corrupt / "UnknownCounter".
using NamedCounters = std::vector<std::pair<std::string, std::uint64_t>>;
NamedCounters named(const Counters& counters);
Result<Counters> counters_from(const NamedCounters& values);

// MaxBadPercent: is this no batch file at all? Asked after each chunk and at the end. In the middle of a file it waits
// for kBadPercentSample records, so that a few bad lines at the top don't stop a good file.
enum class Moment { in_the_middle, at_the_end };
inline constexpr std::uint64_t kBadPercentSample = 1000;
bool too_many_bad(const Counters& counters, int max_bad_percent, Moment moment);

}  // namespace ads::batch
