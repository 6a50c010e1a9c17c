#include "cli/stack_follower.h"

#include <algorithm>
#include <iterator>

#include "base/task.h"
#include "cli/stack_act.h"

namespace ads::cli {
namespace {

namespace cfn = aws::cloudformation;
using std::chrono::milliseconds;
using Steady = std::chrono::steady_clock;

constexpr std::chrono::seconds kQuiet{30};
constexpr int kMostFailedReads = 5;  // in a row, each with the client's own repeats

bool is_beginning(std::string_view status) {
  return status == "CREATE_IN_PROGRESS" || status == "UPDATE_IN_PROGRESS" || status == "DELETE_IN_PROGRESS" ||
         status == "IMPORT_IN_PROGRESS";
}

// The events after `last`, the oldest first. They come newest first, in pages.
Task<Result<std::vector<cfn::StackEvent>>> read_after(cfn::Client client, std::string stack_id, std::string last) {
  std::vector<cfn::StackEvent> fresh;
  std::optional<std::string> next;
  do {
    auto page = co_await client.describe_stack_events(stack_id, next);
    if (!page) co_return fail(page.error());
    next = page->next_token;
    for (auto& event : page->events) {
      if (event.id == last) {
        next.reset();
        break;
      }
      fresh.push_back(std::move(event));
    }
  } while (next);
  std::ranges::reverse(fresh);
  co_return fresh;
}

}  // namespace

Screen::Kind screen_for(const Session& session) {
  if (session.is_json()) return Screen::Kind::silent;
  return paint_of_terminal() == Paint::colours ? Screen::Kind::terminal : Screen::Kind::plain;
}

Task<Result<std::string>> newest_event(cfn::Client client, std::string stack_id) {
  auto page = co_await client.describe_stack_events(stack_id);
  if (!page) co_return fail(page.error());
  co_return page->events.empty() ? std::string() : page->events.front().id;
}

Task<Result<std::string>> event_before_this_work(cfn::Client client, std::string stack_id) {
  std::optional<std::string> next;
  bool has_begun = false;
  do {
    auto page = co_await client.describe_stack_events(stack_id, next);
    if (!page) co_return fail(page.error());
    for (const auto& event : page->events) {
      if (has_begun) co_return event.id;
      has_begun = event.physical_id == stack_id && is_beginning(event.status);
    }
    next = page->next_token;
  } while (next);
  co_return std::string();
}

Task<Result<StackEnding>> follow_stack(cfn::Client client, StackToFollow stack, Screen& screen) {
  StackProgress progress(stack.name);
  const auto started = Steady::now();
  auto printed = started;
  std::string last = stack.after_event;
  int failed_reads = 0;
  for (;;) {
    auto events = co_await read_after(client, stack.id, last);
    if (!events && (!is_retryable(events.error()) || ++failed_reads == kMostFailedReads))
      co_return fail(events.error());
    if (events) {
      failed_reads = 0;
      if (!events->empty()) last = events->back().id;
      for (const auto& event : *events) {
        auto line = progress.take(event);
        // One line per resource, when it is done; what is at work stands in the part that moves.
        if (!line || (is_in_progress(event.status) && event.logical_id != stack.name)) continue;
        screen.print(*line);
        printed = Steady::now();
      }
      // Where nothing moves, a word now and then.
      if (!screen.is_terminal() && Steady::now() - printed > kQuiet) {
        for (const auto& line : progress.live(system_clock().now())) screen.print(line);
        printed = Steady::now();
      }
      screen.show(progress.live(system_clock().now()));
      if (progress.ending()) break;
    }
    // Short work is looked at often, long work at AWS's pace.
    auto age = std::chrono::duration_cast<milliseconds>(Steady::now() - started);
    co_await sleep_for(std::clamp(age / 10, milliseconds(100), milliseconds(2000)));
  }
  screen.show({});
  co_return StackEnding{*progress.ending(), progress.failures()};
}

}  // namespace ads::cli
