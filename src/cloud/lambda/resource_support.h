// What Lambda's CloudFormation types have in common.
#pragma once
#include "cloud/lambda/actions/actions.h"
#include "cloud/resource_type.h"

namespace ads::cloud::lambda {

class LambdaType : public ResourceType {
 public:
  explicit LambdaType(Parts& parts) : parts_(parts) {}

 protected:
  // Properties as the API names and types them: CloudFormation may give numbers and booleans as text.
  static json::object input_of(json::object properties);
  // The stack's tags and the resource's own, as the API's map.
  static json::object tags_of(const ResourceContext& context, const json::object& properties);
  // What CloudFormation says of a name that somebody else has.
  static WireError exists(std::string_view type, std::string_view name) {
    return {409, "AlreadyExists",
            fmt::format("Resource of type '{}' with identifier '{}' already exists.", type, name)};
  }
  // A removal that found nothing succeeded.
  static Outcome<void> gone(const Reply& removed);

  Parts& parts_;
};

}  // namespace ads::cloud::lambda
