// What a resource type has besides ResourceType where a change set may import its resources by their names.
#pragma once
#include <optional>

#include "cloud/resource_type.h"

namespace ads::cloud {

class ImportableType {
 public:
  virtual ~ImportableType() = default;
  // What already has the name that the properties give; nothing where they give none, or nothing has it. Changes
  // nothing.
  virtual Task<Outcome<std::optional<ResourceState>>> find_named(ResourceContext context, json::object properties) = 0;
};

// Nothing of a type that cannot be imported.
inline Task<Outcome<std::optional<ResourceState>>> find_named(ResourceType& type, ResourceContext context,
                                                              json::object properties) {
  auto* importable = dynamic_cast<ImportableType*>(&type);
  if (importable == nullptr) co_return std::optional<ResourceState>{};
  co_return co_await importable->find_named(std::move(context), std::move(properties));
}

}  // namespace ads::cloud
