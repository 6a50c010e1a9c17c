// What stays behind when a stack is deleted, and how to remove it by hand.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "aws/cloudformation/cloudformation.h"
#include "base/json.h"

namespace ads::cli {

struct Leftover {
  std::string logical_id, resource_type, physical_id;
  std::string how;  // commands that remove it; empty where this program knows none
};

// Of a template (short tags as long functions) and the stack's resources: those with DeletionPolicy Retain,
// RetainExceptOnCreate or Snapshot that exist now.
std::vector<Leftover> leftovers(const json::object& document,
                                const std::vector<aws::cloudformation::StackResource>& resources);

// "aws dynamodb delete-table --table-name NAME"
std::string removal_command(std::string_view resource_type, std::string_view physical_id);

}  // namespace ads::cli
