#include "base/error.h"

namespace ads {

std::string_view to_string(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::invalid:
      return "invalid";
    case ErrorKind::not_found:
      return "not_found";
    case ErrorKind::conflict:
      return "conflict";
    case ErrorKind::throttled:
      return "throttled";
    case ErrorKind::unavailable:
      return "unavailable";
    case ErrorKind::denied:
      return "denied";
    case ErrorKind::corrupt:
      return "corrupt";
  }
  return "invalid";
}

bool is_retryable(const Error& error) {
  return error.kind == ErrorKind::throttled || error.kind == ErrorKind::unavailable;
}

}  // namespace ads
