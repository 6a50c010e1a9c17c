// `ads users list|get|set-status|delete`: what an operator does with single users.
#pragma once
#include <string>
#include <vector>

#include "cli/confirm.h"
#include "cli/session.h"

namespace ads::cli {

struct ListOptions {
  std::string status;      // only those; without case and outer blanks. Empty: all
  std::uint64_t most = 0;  // 0: all
};
Task<int> list_users(Session& session, ListOptions options);
Task<int> get_users(Session& session, std::vector<std::string> keys);
Task<int> set_user_status(Session& session, std::string key, std::string status);
Task<int> delete_users(Session& session, std::vector<std::string> keys, YesFlag yes);

}  // namespace ads::cli
