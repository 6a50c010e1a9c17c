// The lines that Lambda itself writes to a function's log, letter by letter.
#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "cloud/lambda/function.h"

namespace ads::cloud::lambda {

using Duration = std::chrono::duration<double, std::milli>;

struct Report {
  std::string request_id;
  Duration duration{};
  std::optional<Duration> init;
  std::uint64_t peak_bytes = 0;
  std::string status;      // "", "timeout" or "error"
  std::string error_type;  // with "error"
};

// Text format: "START RequestId: ID Version: $LATEST\n"; JSON format: {"time","type":"platform.start","record":{...}}.
std::string start_line(const Function& function, std::string_view request_id, SystemTime now);
// Empty in the JSON format, which has no such line.
std::string end_line(const Function& function, std::string_view request_id);
// "REPORT RequestId: ID\tDuration: 1.23 ms\tBilled Duration: 20 ms\tMemory Size: 128 MB\tMax Memory Used: 15 MB\tInit
// Duration: 18.23 ms\t\n"
std::string report_line(const Function& function, const Report& report, SystemTime now);
// "INIT_REPORT Init Duration: 10000.12 ms\tPhase: init\tStatus: timeout\n"
std::string init_report_line(const Function& function, Duration took, std::string_view phase, std::string_view status,
                             std::string_view error_type, SystemTime now);
// "3.00": seconds as the timeout's message has them.
std::string timeout_message(std::chrono::seconds limit);  // "Task timed out after 3.00 seconds"

}  // namespace ads::cloud::lambda
