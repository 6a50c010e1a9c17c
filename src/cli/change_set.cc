#include "cli/change_set.h"

#include "base/ids.h"
#include "base/task.h"

namespace ads::cli {
namespace {

namespace cfn = aws::cloudformation;

// "Nothing changed" has no code of its own.
bool says_unchanged(std::string_view reason) {
  return reason.find("didn't contain changes") != reason.npos ||
         reason.find("No updates are to be performed") != reason.npos;
}

}  // namespace

Task<Result<MadeChangeSet>> make_change_set(cfn::Client client, cfn::CreateChangeSetInput input) {
  input.change_set_name = "ads-" + random_hex(12);
  input.client_token = input.change_set_name;
  auto created = co_await client.create_change_set(input);
  if (!created) co_return fail(created.error());
  MadeChangeSet out{created->id, input.change_set_name, created->stack_id, {}, false};
  auto pause = std::chrono::milliseconds(100);
  std::optional<std::string> next;
  for (;;) {
    auto described = co_await client.describe_change_set({}, out.id, next);
    if (!described) co_return fail(described.error());
    if (described->status == "FAILED") {
      auto removed = co_await client.delete_change_set({}, out.id);
      if (!says_unchanged(described->status_reason))
        co_return fail(ErrorKind::invalid, "ChangeSetFailed", described->status_reason);
      if (!removed) co_return fail(removed.error());
      out.is_empty = true;
      co_return out;
    }
    if (described->status != "CREATE_COMPLETE") {
      co_await sleep_for(pause);
      pause = std::min(pause * 2, std::chrono::milliseconds(2000));
      continue;
    }
    for (auto& change : described->changes) out.changes.push_back(std::move(change));
    next = described->next_token;
    if (!next) co_return out;
  }
}

}  // namespace ads::cli
