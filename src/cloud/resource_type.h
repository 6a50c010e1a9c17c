// A CloudFormation resource type, such as AWS::SQS::Queue. Each service owns its types; the stack engine knows only
// this.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/task.h"
#include "cloud/wire_error.h"

namespace ads::cloud {

class Store;

// Properties arrive with every intrinsic function already resolved.
struct ResourceContext {
  std::string account, region;
  std::string stack_name, stack_id, logical_id;
  std::string client_token;  // the same for every retry of one operation on one resource
  json::array tags;          // the stack's, [{"Key","Value"}], to be merged with the resource's own
};

struct ResourceState {
  std::string physical_id;  // PhysicalResourceId
  std::string ref;          // what Ref gives; AWS documents it per type
  json::object attributes;  // what Fn::GetAtt gives, nested names as "Endpoint.Address"
};

enum class Change { none, in_place, replacement };

// Describes the properties a type knows, so that an unknown or mistyped one is refused before anything is made.
// Shape of a schema: {"Name": "string", "Tags": [{"Key": "string"}], "Nested": {...}, "Free": "json"}
// with leaves "string" (numbers and booleans are taken too, as CloudFormation does), "number", "boolean", "json"
// (anything); an array holds the one shape of its elements; {"*": shape} is a map with free names. A name ending in "!"
// is required.
using PropertySchema = json::object;

class ResourceType {
 public:
  virtual ~ResourceType() = default;
  virtual std::string_view name() const = 0;  // "AWS::SQS::Queue"
  virtual const PropertySchema& schema() const = 0;
  // Names whose change makes a new resource (AWS's "Update requires: Replacement").
  virtual std::vector<std::string_view> replacement_properties() const = 0;

  virtual Task<Outcome<ResourceState>> create(ResourceContext context, json::object properties) = 0;
  virtual Task<Outcome<ResourceState>> update(ResourceContext context, std::string physical_id, json::object before,
                                              json::object after) = 0;
  // Succeeds where the resource is already gone.
  virtual Task<Outcome<void>> remove(ResourceContext context, std::string physical_id, json::object properties) = 0;
};

using ResourceTypes = std::vector<std::unique_ptr<ResourceType>>;

// "ads-BatchBucket-1A2B3C4D5E6F7": the name CloudFormation makes up where a template gives none, cut to `longest`
// characters from the stack's and logical name. The suffix derives from the context's client token: a retry makes the
// same name.
std::string generated_name(const ResourceContext& context, std::size_t longest);

// Tells the repeat of a creation that a crash cut short from a clash of names, for a type that cannot keep the client
// token with what it makes:
//   if (!creation.was_begun()) { refuse where the name is taken; creation.begin(); }   and then make what is not there
// The stack engine forgets the mark once it knows the resource.
class Creation {
 public:
  Creation(Store& store, const ResourceContext& context) : store_(store), context_(context) {}
  // An earlier try of this operation found the name free: what has it now is that try's.
  bool was_begun() const;
  // Errors: InternalFailure.
  Outcome<void> begin();

 private:
  Store& store_;
  const ResourceContext& context_;
};
std::string creation_mark(const ResourceContext& context);  // its key in the store

// Compares properties with the schema; null stands for a value that is not known yet and fits everywhere. Errors:
// ValidationError naming the path: "Properties/Foo/Bar: unsupported property".
Outcome<void> check_properties(std::string_view type, const PropertySchema& schema, const json::object& properties);

}  // namespace ads::cloud
