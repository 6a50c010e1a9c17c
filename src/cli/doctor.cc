#include "cli/doctor.h"

#include <fmt/core.h>

#include <CLI/CLI.hpp>

#include "cli/commands.h"
#include "cli/terminal.h"
#include "cli/text_width.h"

namespace ads::cli {
namespace {

int count(const std::vector<Finding>& findings, Level level) {
  return static_cast<int>(std::ranges::count(findings, level, &Finding::level));
}

Tone tone_of(Level level) {
  return level == Level::ok ? Tone::good : level == Level::warning ? Tone::warning : Tone::danger;
}

// What is found stands in a column of its own where there is room for one, else below its name.
constexpr std::size_t kNameColumns = 25, kNarrow = 60;

void print_finding(Screen& screen, const Finding& finding, std::size_t columns) {
  const Tone tone = tone_of(finding.level);
  std::string first = fmt::format("{:<8} {:<15} ", to_string(finding.level), finding.check);
  const std::size_t indent = columns < kNarrow ? 2 : kNameColumns;
  if (columns < kNarrow) {
    screen.print({first, tone});
    first = std::string(indent, ' ');
  }
  for (const auto& part : wrapped(finding.message, columns - indent)) {
    screen.print({first + part, tone});
    first = std::string(indent, ' ');
  }
  if (finding.advice.empty()) return;
  std::string arrow = std::string(indent, ' ') + "-> ";
  for (const auto& part : wrapped(finding.advice, columns - indent - 3)) {
    screen.print({arrow + part});
    arrow = std::string(indent + 3, ' ');
  }
}

void print_findings(const Examination& examination) {
  Screen screen(Screen::Kind::plain);
  for (const auto& finding : examination.findings) print_finding(screen, finding, output_columns());
  int problems = count(examination.findings, Level::problem), warnings = count(examination.findings, Level::warning);
  screen.print({fmt::format("\n{} problem{}, {} warning{}.", problems, problems == 1 ? "" : "s", warnings,
                            warnings == 1 ? "" : "s")});
}

Task<int> doctor(Session& session) {
  auto connection = session.connection();
  if (!connection) co_return report_error(session, connection.error());
  Examination examination{session, **connection, {}, {}, {}};
  if (co_await examine_identity(examination)) {
    co_await examine_stack(examination);
    co_await examine_quotas(examination);
    co_await examine_mail(examination);
    if (examination.stack) co_await examine_work(examination);
  }
  int problems = count(examination.findings, Level::problem);
  if (session.is_json()) {
    json::array findings;
    for (const auto& finding : examination.findings)
      findings.push_back({{"check", finding.check},
                          {"level", to_string(finding.level)},
                          {"message", finding.message},
                          {"advice", finding.advice}});
    print_json({{"stack", session.stack_name},
                {"region", (*connection)->region()},
                {"problems", problems},
                {"warnings", count(examination.findings, Level::warning)},
                {"findings", findings}});
  } else {
    print_findings(examination);
  }
  co_return problems == 0 ? kSuccess : kFailure;
}

}  // namespace

std::string Examination::parameter(std::string_view name) const {
  if (stack)
    for (const auto& [key, value] : stack->parameters)
      if (key == name) return value.value_or("");
  return {};
}

void add_doctor(CLI::App& program, Session& session) {
  auto* command = program.add_subcommand("doctor",
                                         "Is everything ready, and well? Credentials, clock, stack, quotas, mail, dead "
                                         "letters, runs, functions; each with "
                                         "what to do about it.");
  command->footer(
      "Examples:\n"
      "  ads doctor\n"
      "  ads doctor --output json | jq '.findings[] | select(.level != \"OK\")'\n"
      "It only looks, and changes nothing. Exit status: 0 no problem (warnings do not count), 1 a problem.");
  command->callback([&session] { session.action = [&session] { return doctor(session); }; });
}

}  // namespace ads::cli
