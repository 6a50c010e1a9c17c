#include "cloud/lambda/resource_support.h"

namespace ads::cloud::lambda {

namespace {

bool is_number_name(std::string_view name) {
  for (std::string_view known :
       {"Timeout", "MemorySize", "Size", "BatchSize", "MaximumBatchingWindowInSeconds", "MaximumConcurrency",
        "MaximumRetryAttempts", "MaximumEventAgeInSeconds", "ReservedConcurrentExecutions"})
    if (name == known) return true;
  return false;
}

}  // namespace

json::object LambdaType::input_of(json::object properties) {
  for (auto& [name, value] : properties) {
    if (name == "Variables" || name == "Tags") continue;
    if (value.is_object()) {
      if (name == "Environment") continue;
      value = input_of(std::move(value.as_object()));
    } else if (is_number_name(name)) {
      if (auto parsed = number(properties, name)) value = *parsed;
    } else if (name == "Enabled" && value.is_string()) {
      value = value.as_string() == "true";
    }
  }
  if (auto* environment = properties.if_contains("Environment"); environment && environment->is_object())
    if (auto* variables = environment->as_object().if_contains("Variables"); variables && variables->is_object())
      for (auto& [name, value] : variables->as_object())
        if (!value.is_string()) value = json::serialize(value);
  if (auto* key = properties.if_contains("KmsKeyArn")) {
    json::value moved = *key;
    properties.erase("KmsKeyArn");
    properties["KMSKeyArn"] = std::move(moved);
  }
  return properties;
}

json::object LambdaType::tags_of(const ResourceContext& context, const json::object& properties) {
  json::object tags;
  auto add = [&](const json::array& list) {
    for (auto& tag : list)
      if (auto* entry = tag.if_object())
        tags[get_string(*entry, "Key").value_or("")] = get_string(*entry, "Value").value_or("");
  };
  add(context.tags);
  if (auto* own = get_array(properties, "Tags")) add(*own);
  return tags;
}

Outcome<void> LambdaType::gone(const Reply& removed) {
  if (!removed && removed.error().code != "ResourceNotFoundException") return refuse(removed.error());
  return {};
}

}  // namespace ads::cloud::lambda
