// What a person who presses Ctrl-C is told: what has not been done, or what goes on without this program.
#pragma once
#include <string_view>

namespace ads::cli {

inline constexpr int kInterrupted = 130;  // what shells expect: 128 + SIGINT

// From now on SIGINT and SIGTERM write this sentence to standard error and end the program. It may be replaced at any
// time; at most 1,000 bytes of it are kept.
void when_interrupted(std::string_view sentence);

}  // namespace ads::cli
