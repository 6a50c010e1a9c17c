// What went wrong, named by what the caller may do next.
#pragma once
#include <string>
#include <string_view>

namespace ads {

// Each kind leads to a different act of the caller:
//   invalid      the request itself is wrong: do not repeat it
//   not_found    the thing named does not exist
//   conflict     a condition did not hold, or somebody else was first: read again, then decide
//   throttled    repeat later, and slower
//   unavailable  the other side or the network failed: repeat later
//   denied       credentials or permissions are missing
//   corrupt      stored or received bytes do not make sense: stop and tell a person
enum class ErrorKind { invalid, not_found, conflict, throttled, unavailable, denied, corrupt };

struct Error {
  ErrorKind kind = ErrorKind::invalid;
  std::string
      code;  // the wire's name where there is one ("ConditionalCheckFailedException"), else a short CamelCase word
  std::string message;  // a sentence for a person: names the input, says what to do

  bool operator==(const Error&) const = default;
};

std::string_view to_string(ErrorKind kind);

// True for the kinds that may succeed when repeated unchanged: throttled and unavailable.
bool is_retryable(const Error& error);

}  // namespace ads
