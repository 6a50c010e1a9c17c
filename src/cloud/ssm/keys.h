// Where the parameter store keeps what in the store. A parameter's value is in its versions; the newest one is current.
//   ("ssm", "parameter", REGION, NAME)            {"latest": version, "tags": {}, "token"}
//   ("ssm", "version", REGION, NAME, VERSION)     a Version as JSON (parameter.cc); VERSION is a number
#pragma once
#include <initializer_list>
#include <string>
#include <string_view>

#include "cloud/store.h"

namespace ads::cloud::ssm {

inline std::string key(std::initializer_list<std::string_view> fields) {
  std::string out;
  append_text(out, "ssm");
  for (const auto field : fields) append_text(out, field);
  return out;
}

inline std::string version_key(std::string_view region, std::string_view name, std::uint64_t version) {
  auto out = key({"version", region, name});
  append_number(out, version);
  return out;
}

}  // namespace ads::cloud::ssm
