// An event that waits for an asynchronous invocation, as it is stored.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace ads::cloud::lambda {

struct AsyncEvent {
  std::string request_id;
  std::string qualifier;  // as the caller named it
  std::string payload;
  std::string trace_id;
  std::uint64_t accepted = 0;  // milliseconds
  std::uint64_t attempts = 0;  // invocations so far
  std::uint64_t throttles = 0;
};

// Format byte 1, three numbers, three texts, then the payload to the end.
std::string encode(const AsyncEvent& event);
std::optional<AsyncEvent> decode_async_event(std::string_view value);

}  // namespace ads::cloud::lambda
