// What a change set would do, said to a person: one block of lines per resource, and what would be lost in plain words.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aws/cloudformation/cloudformation.h"
#include "base/json.h"
#include "cli/terminal.h"

namespace ads::cli {

enum class ChangeKind { add, modify, maybe_replace, replace, remove, import };
ChangeKind kind_of(const aws::cloudformation::Change& change);

// What a resource of that type holds that a new one would not: "items", "objects", "messages"; empty: nothing.
std::string_view holdings(std::string_view resource_type);

//   + RunsTable             AWS::DynamoDB::Table
//   ~ RetryFunction         AWS::Lambda::Function
//       MemorySize: 512 -> 1024
//   ! UsersTable            AWS::DynamoDB::Table   replaced
//       KeySchema needs a new resource
//       WARNING: it holds items. The new one starts empty, and the old one is deleted with what is in it.
//   - Topic                 AWS::SNS::Topic   removed
std::vector<Line> describe_changes(std::span<const aws::cloudformation::Change> changes);

// "3 to add, 1 to modify, 1 to replace, 2 to remove"
std::string summarise(std::span<const aws::cloudformation::Change> changes);

json::array changes_json(std::span<const aws::cloudformation::Change> changes);

}  // namespace ads::cli
