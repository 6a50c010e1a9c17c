// The parameter store's refusals, by AWS's names.
#pragma once
#include <fmt/core.h>

#include "cloud/wire_error.h"

namespace ads::cloud::ssm {

inline WireError validation(std::string message) {
  return {400, "ValidationException", std::move(message)};
}
inline WireError parameter_not_found(std::string_view name) {
  return {400, "ParameterNotFound", fmt::format("Parameter {} not found.", name)};
}
inline WireError version_not_found(std::string_view name, std::string_view selector) {
  return {400, "ParameterVersionNotFound",
          fmt::format("Systems Manager could not find version {} of {}. Verify the version and try again.", selector,
                      name)};
}
inline WireError already_exists() {
  return {400, "ParameterAlreadyExists",
          "The parameter already exists. To overwrite this value, set the overwrite option in the request to true."};
}

}  // namespace ads::cloud::ssm
