// Where the time comes from. Code that has a rule about time takes a Clock, so that a test can turn it.
#pragma once
#include <chrono>
#include <string>
#include <string_view>

#include "base/result.h"

namespace ads {

// UTC, milliseconds since the epoch: the finest unit any AWS wire format of ours carries.
using SystemTime = std::chrono::sys_time<std::chrono::milliseconds>;

class Clock {
 public:
  virtual ~Clock() = default;
  virtual SystemTime now() const = 0;
};

// The machine's clock; one instance for the whole process.
Clock& system_clock();

// A clock that a test sets and moves.
class ManualClock : public Clock {
 public:
  explicit ManualClock(SystemTime start) : now_(start) {}
  SystemTime now() const override { return now_; }
  void set(SystemTime now) { now_ = now; }
  void advance(std::chrono::milliseconds by) { now_ += by; }

 private:
  SystemTime now_;
};

// "2026-11-22T16:20:05.123Z" (ISO 8601 with milliseconds).
std::string iso8601(SystemTime time);
// "2026-11-22T16:20:05Z".
std::string iso8601_seconds(SystemTime time);
// "20261122T162005Z", SigV4's x-amz-date.
std::string iso8601_basic(SystemTime time);
// "Sun, 22 Nov 2026 16:20:05 GMT", HTTP's Date and Last-Modified.
std::string http_date(SystemTime time);

// The inverses. Errors: invalid with the text in the message. parse_iso8601 takes fractions of a second and "Z" or an
// offset.
Result<SystemTime> parse_iso8601(std::string_view text);
Result<SystemTime> parse_iso8601_basic(std::string_view text);
Result<SystemTime> parse_http_date(std::string_view text);

}  // namespace ads
