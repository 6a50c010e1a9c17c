#include <charconv>

#include "base/encoding.h"
#include "cloud/scheduler/actions/actions.h"
#include "cloud/scheduler/errors.h"

namespace ads::cloud::scheduler {

namespace {
constexpr std::size_t kMostDeletions = 1000;
}

std::string text(const json::object& input, std::string_view member) {
  return std::string(get_string(input, member).value_or(""));
}

Task<Outcome<void>> commit(Desk& desk, Batch batch) {
  if (auto applied = desk.environment.store.apply(std::move(batch)); !applied)
    co_return refuse(internal_failure(applied.error()));
  desk.dispatcher.wake();
  if (auto durable = co_await desk.environment.store.durable(); !durable)
    co_return refuse(internal_failure(durable.error()));
  co_return Outcome<void>{};
}

Outcome<Page> page_of(const json::object& input) {
  Page page;
  if (const auto most = text(input, "MaxResults"); !most.empty()) {
    const auto [end, error] = std::from_chars(most.data(), most.data() + most.size(), page.most);
    if (error != std::errc{} || end != most.data() + most.size() || page.most < 1 || page.most > 100)
      return refuse(invalid_member("maxResults", most, "Member must have value from 1 to 100"));
  }
  auto after = from_base64(text(input, "NextToken"));
  if (!after) return refuse(validation("The NextToken is not valid."));
  page.after = *std::move(after);
  return page;
}

json::value wire_time(SystemTime time) {
  return static_cast<double>(time.time_since_epoch().count()) / 1000.0;
}

bool is_repeated_deletion(const Desk& desk, const json::object& input) {
  const auto token = text(input, "ClientToken");
  return !token.empty() && std::ranges::find(desk.deletions, token) != desk.deletions.end();
}

void remember_deletion(Desk& desk, const json::object& input) {
  const auto token = text(input, "ClientToken");
  if (token.empty()) return;
  if (desk.deletions.size() >= kMostDeletions) desk.deletions.pop_front();
  desk.deletions.push_back(token);
}

}  // namespace ads::cloud::scheduler
