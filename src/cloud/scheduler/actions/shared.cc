#include "base/encoding.h"
#include "cloud/scheduler/actions.h"
#include "cloud/scheduler/errors.h"

namespace ads::cloud::scheduler {

namespace {
constexpr std::size_t kMostDeletions = 1000;
}

Outcome<void> apply(State& state, Batch batch) {
  if (auto applied = state.environment.store.apply(std::move(batch)); !applied)
    return refuse(internal_failure(applied.error()));
  state.dispatcher.wake();
  return {};
}

Outcome<Page> page_of(const json::object& input) {
  Page page;
  page.most = static_cast<decltype(page.most)>(whole(input, "MaxResults", static_cast<std::int64_t>(page.most)));
  auto after = from_base64(text(input, "NextToken"));
  if (!after) return refuse(validation("The NextToken is not valid."));
  page.after = *std::move(after);
  return page;
}

json::value wire_time(SystemTime time) {
  return static_cast<double>(time.time_since_epoch().count()) / 1000.0;
}

bool is_repeated_deletion(const Context& context, const json::object& input) {
  const auto token = text(input, "ClientToken");
  return !token.empty() && std::ranges::find(context.state.deletions, token) != context.state.deletions.end();
}

void remember_deletion(Context& context, const json::object& input) {
  const auto token = text(input, "ClientToken");
  if (token.empty()) return;
  if (context.state.deletions.size() >= kMostDeletions) context.state.deletions.pop_front();
  context.state.deletions.push_back(token);
}

}  // namespace ads::cloud::scheduler
