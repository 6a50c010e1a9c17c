// A whole number as programs write it: 503, +503, 0503, 503.0, 5.03E2.
#pragma once
#include <optional>
#include <string_view>

namespace ads::batch {

// Numbers above a million saturate there: all ranges end below. Nothing for what is not a whole number. A comma is a
// decimal point where one or two zeros follow it ("503,0"); "1,000" may mean either, so it is not a number.
std::optional<int> parse_whole_number(std::string_view text);

}  // namespace ads::batch
