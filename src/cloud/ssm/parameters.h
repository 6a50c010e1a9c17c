// The parameters of every region, in the store.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "cloud/ssm/parameter.h"
#include "cloud/store.h"

namespace ads::cloud::ssm {

// AWS keeps a hundred versions; the oldest goes when another one comes, unless a label holds it.
inline constexpr std::size_t kMostVersions = 100;

class Parameters {
 public:
  explicit Parameters(Store& store) : store_(store), secrets_(SecretKey::of(store)) {}

  // Writes those SecureStrings again that were stored before they were sealed. Errors: unavailable.
  Result<void> seal_values();

  std::optional<Parameter> find(std::string_view region, std::string_view name) const;
  // Oldest first.
  std::vector<Version> versions(std::string_view region, std::string_view name) const;
  // What a reference means. Errors: ParameterNotFound, ParameterVersionNotFound.
  Outcome<Version> resolve(std::string_view region, const Reference& reference) const;

  // Writes the current version, and forgets the oldest where there are too many. Errors:
  // ParameterMaxVersionLimitExceeded, where a label holds it.
  Outcome<void> put(Batch& batch, std::string_view region, const Parameter& parameter) const;
  // The parameter's own entry without a new version: tags.
  void put_entry(Batch& batch, std::string_view region, const Parameter& parameter) const;
  void put_version(Batch& batch, std::string_view region, std::string_view name, const Version& version) const;
  void remove(Batch& batch, std::string_view region, std::string_view name) const;

  // In order of names, of those that start with `prefix`, after the name `after`, at most `most`; `next` is the name to
  // go on after (empty: that was all).
  std::vector<Parameter> list(std::string_view region, std::string_view prefix,
                              const std::function<bool(const Parameter&)>& wanted, std::string_view after,
                              std::size_t most, std::string& next) const;

 private:
  std::optional<Parameter> read(std::string_view region, std::string_view name, std::string_view stored) const;

  Store& store_;
  SecretKey secrets_;
};

}  // namespace ads::cloud::ssm
