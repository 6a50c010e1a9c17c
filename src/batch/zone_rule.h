// POSIX TZ rules ("CET-1CEST,M3.5.0,M10.5.0/3"): reading one, and asking it for an offset.
#pragma once
#include <cstdint>
#include <string_view>

#include "batch/time_zone.h"

namespace ads::batch {

// Errors: invalid / "NotAZoneRule".
Result<ZoneRule> parse_zone_rule(std::string_view text);

// Seconds east of Greenwich at `second` (since the epoch, UTC).
std::int32_t offset_by_rule(const ZoneRule& rule, std::int64_t second);

}  // namespace ads::batch
