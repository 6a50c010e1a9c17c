#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <set>
#include <tuple>

#include "aws/cloudformation/client.h"
#include "aws/logs/client.h"
#include "cli/commands.h"
#include "cli/session.h"
#include "cli/terminal.h"

namespace ads::cli {
namespace {

struct LogFlags {
  std::string function, filter;
  int since_minutes = 60;
  bool is_following = false;
};

struct Printed {
  SystemTime time;
  std::string id, function, message;
};

// Log groups of the stack's functions: logical id -> group.
Task<Result<std::map<std::string, std::string>>> log_groups(Session& session, const std::string& wanted) {
  auto connection = session.connection();
  if (!connection) co_return fail(connection.error());
  auto resources = co_await aws::cloudformation::Client(**connection).describe_stack_resources(session.stack_name);
  if (!resources) co_return fail(resources.error());
  std::map<std::string, std::string> groups;
  std::string known;
  for (const auto& resource : *resources) {
    if (resource.resource_type != "AWS::Lambda::Function" || resource.physical_id.empty()) continue;
    known += (known.empty() ? "" : ", ") + resource.logical_id;
    bool is_wanted = wanted.empty() || resource.logical_id == wanted || resource.physical_id == wanted ||
                     resource.physical_id.ends_with("-" + wanted);
    if (is_wanted) groups[resource.logical_id] = "/aws/lambda/" + resource.physical_id;
  }
  if (groups.empty())
    co_return fail(ErrorKind::not_found, "NoFunction",
                   wanted.empty() ? fmt::format("the stack '{}' has no function", session.stack_name)
                                  : fmt::format("the stack has no function '{}'; it has {}", wanted, known));
  co_return groups;
}

void print_event(const Session& session, const Printed& event) {
  std::string message = event.message;
  while (message.ends_with('\n')) message.pop_back();
  // Further lines are indented: none of them can be taken for an event of its own.
  std::string text = message;
  for (std::size_t at = 0; (at = text.find('\n', at)) != text.npos; at += 3) text.insert(at + 1, "  ");
  if (session.is_json())
    print_json_line(json::object{{"time", iso8601(event.time)}, {"function", event.function}, {"message", message}});
  else
    print_text(fmt::format("{} {:<10} {}\n", iso8601(event.time), event.function, text));
}

Task<int> show_logs(Session& session, LogFlags flags) {
  auto groups = co_await log_groups(session, flags.function);
  if (!groups) co_return report_error(session, groups.error());
  aws::logs::Client client(**session.connection());
  std::map<std::string, SystemTime> from;
  SystemTime start = system_clock().now() - std::chrono::minutes(flags.since_minutes);
  for (const auto& [function, group] : *groups) from[function] = start;
  std::set<std::string> seen;  // ids at or after `from`, so that nothing shows twice while following
  for (;;) {
    std::vector<Printed> events;
    for (const auto& [function, group] : *groups) {
      aws::logs::FilterLogEventsInput input;
      input.group = group;
      input.start = from[function];
      if (!flags.filter.empty()) input.pattern = flags.filter;
      do {
        auto page = co_await client.filter_log_events(input);
        if (!page) {
          // A function that never ran has no log group yet.
          if (page.error().code == "ResourceNotFoundException") break;
          co_return report_error(session, page.error());
        }
        for (auto& event : page->events) {
          from[function] = std::max(from[function], event.time);
          if (!flags.is_following || seen.insert(event.event_id).second)
            events.push_back({event.time, event.event_id, function, std::move(event.message)});
        }
        input.next_token = page->next_token;
      } while (input.next_token);
    }
    std::sort(events.begin(), events.end(),
              [](const auto& a, const auto& b) { return std::tie(a.time, a.id) < std::tie(b.time, b.id); });
    for (const auto& event : events) print_event(session, event);
    flush_output();
    if (!flags.is_following) co_return kSuccess;
    if (seen.size() > 100'000) seen.clear();
    co_await sleep_for(std::chrono::seconds(1));
  }
}

}  // namespace

void add_logs(CLI::App& program, Session& session) {
  auto flags = std::make_shared<LogFlags>();
  auto* command = program.add_subcommand("logs", "What the functions logged, in the order of time");
  command->add_option("FUNCTION", flags->function, "Only this one, by its name in the template (default: all)");
  command->add_option("--since", flags->since_minutes, "Minutes to look back")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command->add_option("--filter", flags->filter,
                      "CloudWatch Logs filter pattern, such as ERROR or '{ $.runId = \"...\" }'");
  command->add_flag("--follow,-f", flags->is_following, "Keep printing new events, until Ctrl-C");
  command->callback([&session, flags] { session.action = [&session, flags] { return show_logs(session, *flags); }; });
}

}  // namespace ads::cli
