// The users that a chunk is about, by as few calls as DynamoDB allows, every unprocessed key asked for again.
#pragma once
#include <string>
#include <unordered_map>
#include <vector>

#include "function/flow.h"
#include "function/ports.h"

namespace ads::function {

using UserMap = std::unordered_map<std::string, batch::User>;

// `service_uuids` may name a user more than once. Who does not exist is not in the map.
Task<Result<UserMap>> look_up_users(World& world, Flow& flow, std::vector<std::string> service_uuids);

}  // namespace ads::function
