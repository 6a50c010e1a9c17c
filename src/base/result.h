// Result<T>: a value, or an Error that the caller must look at. std::expected's interface.
#pragma once
#include <expected>
#include <string>
#include <utility>

#include "base/error.h"

namespace ads {

template <class T>
class [[nodiscard]] Result : public std::expected<T, Error> {
 public:
  using std::expected<T, Error>::expected;
};

// `return fail(ErrorKind::invalid, "BadDate", "...")` in a function that returns any Result.
inline std::unexpected<Error> fail(ErrorKind kind, std::string code, std::string message) {
  return std::unexpected<Error>(Error{kind, std::move(code), std::move(message)});
}
inline std::unexpected<Error> fail(Error error) {
  return std::unexpected<Error>(std::move(error));
}

}  // namespace ads
