#include "function/lookup.h"

#include <algorithm>

#include "function/in_parallel.h"

namespace ads::function {
namespace {

struct LookupState {
  World& world;
  Flow& flow;
  std::vector<std::string> keys;  // sorted, each once
  UserMap users;
  std::optional<Error> error;
};

// A call may leave keys unprocessed: these are asked for again, alone and slower.
Task<void> look_up_slice(LookupState& state, std::size_t begin, std::size_t end) {
  std::vector<std::string> pending(state.keys.begin() + static_cast<std::ptrdiff_t>(begin),
                                   state.keys.begin() + static_cast<std::ptrdiff_t>(end));
  for (int attempt = 0; !state.error; ++attempt) {
    SystemTime begin = state.world.time.now();
    auto found = co_await state.world.users.look_up(pending);
    state.flow.other_calls.took(state.world.time.now() - begin);
    if (found) {
      for (batch::User& user : found->users) {
        std::string key = user.service_uuid;
        state.users.insert_or_assign(std::move(key), std::move(user));
      }
      pending = std::move(found->unprocessed);
      if (pending.empty()) co_return;
      ++state.flow.throttles;
    } else if (!is_retryable(found.error())) {
      state.error = found.error();
      co_return;
    }
    if (state.world.time.now() >= state.flow.budget.give_up) {
      state.error = found ? Error{ErrorKind::throttled, "UnprocessedKeys",
                                  "the users table left keys unprocessed until the time was over"}
                          : found.error();
      co_return;
    }
    if (!found) log_repeat(found.error(), attempt);
    co_await state.world.time.sleep(jittered_delay(attempt, state.world.time.random()));
  }
}

}  // namespace

Task<Result<UserMap>> look_up_users(World& world, Flow& flow, std::vector<std::string> service_uuids) {
  LookupState state{world, flow, std::move(service_uuids), {}, {}};
  std::sort(state.keys.begin(), state.keys.end());
  state.keys.erase(std::unique(state.keys.begin(), state.keys.end()), state.keys.end());
  state.users.reserve(state.keys.size());
  std::size_t calls = (state.keys.size() + kLookupKeys - 1) / kLookupKeys;
  co_await in_parallel(calls, flow.calls_in_flight, [&state](std::size_t call) {
    return look_up_slice(state, call * kLookupKeys, std::min(state.keys.size(), (call + 1) * kLookupKeys));
  });
  if (state.error) co_return fail(*state.error);
  co_return std::move(state.users);
}

}  // namespace ads::function
