// Where Lambda keeps its state. The stored format:
//   lambda | fn | region | name | version       -> a Function as JSON (function.cc), sealed under its key
//                                                  (secret_key.h); version "$LATEST" or ten digits
//   lambda | about | region | name              -> an About as JSON (state.cc): what all versions share
//   lambda | alias | region | name | alias      -> AliasConfiguration as JSON
//   lambda | invoke | region | name | qualifier -> FunctionEventInvokeConfig as JSON
//   lambda | esm | region | uuid                -> a Mapping as JSON (mapping.cc)
//   lambda | code | sha-256, hex | region | name | version -> nothing: this version uses that deployment package
//   lambda | async | region | name | due | sequence        -> a queued event (async_event.cc); due in milliseconds
// Deployment packages are files: <blobs>/lambda/<sha-256>.zip.
#pragma once
#include <charconv>
#include <string>
#include <string_view>

#include "cloud/store.h"

namespace ads::cloud::lambda {

inline std::string key_of(std::initializer_list<std::string_view> fields) {
  std::string key;
  append_text(key, "lambda");
  for (auto field : fields) append_text(key, field);
  return key;
}

// Versions in their order: "$LATEST" sorts before the digits.
inline std::string version_field(std::string_view version) {
  return version == "$LATEST" ? std::string(version)
                              : std::string(10 - std::min<std::size_t>(10, version.size()), '0') + std::string(version);
}

inline std::string function_key(std::string_view region, std::string_view name, std::string_view version) {
  return key_of({"fn", region, name, version_field(version)});
}
inline std::string about_key(std::string_view region, std::string_view name) {
  return key_of({"about", region, name});
}
inline std::string alias_key(std::string_view region, std::string_view name, std::string_view alias) {
  return key_of({"alias", region, name, alias});
}
inline std::string invoke_config_key(std::string_view region, std::string_view name, std::string_view qualifier) {
  return key_of({"invoke", region, name, qualifier});
}
inline std::string mapping_key(std::string_view region, std::string_view uuid) {
  return key_of({"esm", region, uuid});
}
inline std::string code_key(std::string_view sha, std::string_view region, std::string_view name,
                            std::string_view version) {
  return key_of({"code", sha, region, name, version_field(version)});
}
inline std::string async_prefix(std::string_view region, std::string_view name) {
  return key_of({"async", region, name});
}

}  // namespace ads::cloud::lambda
