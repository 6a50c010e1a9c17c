// Where CloudFormation keeps what in the store. UUID is the last part of a stack's ARN. Values are JSON (stack.h);
// those of stack, resource, operation, parked and change-set are sealed under their keys (secret_key.h).
//   ("cloudformation", "stack", REGION, UUID)                Stack; stays after deletion
//   ("cloudformation", "name", REGION, NAME)                 UUID of the stack that has the name now
//   ("cloudformation", "resource", REGION, UUID, LOGICAL)    Resource
//   ("cloudformation", "event", REGION, UUID, NUMBER)        an event as DescribeStackEvents shows it; numbers ascend
//   ("cloudformation", "operation", REGION, UUID)            Operation in flight
//   ("cloudformation", "parked", REGION, UUID)               Operation that failed and can still be rolled back
//   ("cloudformation", "creating", TOKEN)                    logical id; resource_type.h's Creation
//   ("cloudformation", "change-set", REGION, UUID, NAME)     ChangeSet
//   ("cloudformation", "change-set-id", REGION, ID'S UUID)   "UUID/NAME" of the change set
//   ("cloudformation", "export", REGION, NAME)               {"value", "stack": UUID, "id": stack ARN}
//   ("cloudformation", "import", REGION, NAME, UUID)         name of the stack that imports the export
#pragma once
#include <initializer_list>
#include <string>
#include <string_view>

#include "cloud/store.h"

namespace ads::cloud::cloudformation {

inline std::string key(std::initializer_list<std::string_view> fields) {
  std::string out;
  append_text(out, "cloudformation");
  for (const auto field : fields) append_text(out, field);
  return out;
}

}  // namespace ads::cloud::cloudformation
