// What the resource types of IAM share: properties read, and writes that are on disk before the stack goes on.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "cloud/access_policy.h"
#include "cloud/environment.h"
#include "cloud/iam/directory.h"
#include "cloud/iam/errors.h"
#include "cloud/iam/input.h"
#include "cloud/resource_type.h"

namespace ads::cloud::iam {

inline json::object schema_of(std::string_view text) {
  return parse_json_object(text).value();
}

// A template's policy is an object; the wire's is text.
inline std::string document_text(const json::value& value) {
  return value.is_string() ? std::string(value.as_string()) : json::serialize(value);
}

inline Outcome<std::string> checked_document(const json::object& properties, std::string_view member,
                                             access::PolicyKind kind) {
  const auto* value = properties.if_contains(member);
  auto text = document_text(value != nullptr ? *value : json::value{});
  if (auto policy = access::parse_policy(text, kind); !policy) return refuse(policy.error());
  return text;
}

inline std::vector<std::string> texts(const json::object& properties, std::string_view member) {
  std::vector<std::string> out;
  if (const auto* array = get_array(properties, member)) {
    for (const auto& entry : *array) {
      if (entry.is_string()) out.emplace_back(entry.as_string());
    }
  }
  return out;
}

// What every type here has: the directory, and writes that are on disk before the stack goes on.
class IamType : public ResourceType {
 public:
  IamType(Environment& environment, Directory& directory, std::string_view name, std::string_view schema,
          std::vector<std::string_view> replacements)
      : environment_(environment),
        directory_(directory),
        name_(name),
        schema_(schema_of(schema)),
        replacements_(std::move(replacements)) {}

  std::string_view name() const override { return name_; }
  const PropertySchema& schema() const override { return schema_; }
  std::vector<std::string_view> replacement_properties() const override { return replacements_; }

 protected:
  Task<Outcome<ResourceState>> finish(Batch batch, ResourceState state) {
    if (auto written = co_await environment_.store.commit(std::move(batch)); !written) {
      co_return refuse(internal_failure(written.error()));
    }
    co_return state;
  }
  Task<Outcome<void>> finish(Batch batch) {
    if (auto written = co_await environment_.store.commit(std::move(batch)); !written) {
      co_return refuse(internal_failure(written.error()));
    }
    co_return Outcome<void>{};
  }

  Environment& environment_;
  Directory& directory_;

 private:
  std::string_view name_;
  PropertySchema schema_;
  std::vector<std::string_view> replacements_;
};

// AWS::IAM::Policy and AWS::IAM::ManagedPolicy.
std::unique_ptr<ResourceType> inline_policy_type(Environment& environment, Directory& directory);
std::unique_ptr<ResourceType> managed_policy_type(Environment& environment, Directory& directory);

}  // namespace ads::cloud::iam
