// The time zones of the world as rules, for machines without tzdata.
#pragma once
#include <string_view>

namespace ads::batch {

// The POSIX rule of an IANA name as tzdata had it when zone_table.cc was made, or empty. Zones whose changes tzdata
// lists date by date (Morocco's Ramadan, Gaza) have the rule that follows the listed years.
std::string_view compiled_zone_rule(std::string_view name);

}  // namespace ads::batch
