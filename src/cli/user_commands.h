// `ads users list|get|set-status|delete`: what an operator does with single users. Ids may be spelled as in a batch
// file: they are looked up in the form of the stack's UserKeyForm.
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
Task<int> get_users(Session& session, std::vector<std::string> ids);
Task<int> set_user_status(Session& session, std::string id, std::string status);
Task<int> delete_users(Session& session, std::vector<std::string> ids, YesFlag yes);

}  // namespace ads::cli
