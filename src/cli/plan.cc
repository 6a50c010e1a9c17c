#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <cstdlib>

#include "batch/counters.h"
#include "batch/decompress.h"
#include "batch/reader.h"
#include "batch/routing.h"
#include "cli/commands.h"
#include "cli/input_file.h"
#include "cli/plan_input.h"
#include "cli/plan_view.h"
#include "cli/progress.h"
#include "cli/session.h"
#include "cli/terminal.h"

namespace ads::cli {
namespace {

constexpr std::size_t kPiece = 256 * 1024;

struct PlanFlags {
  std::string file, mix = "retry=20,bad=0";
  std::uint64_t records = 0, per_user = 1, average_line = 43;  // 503,0,<a UUID> and a newline
  int max_retries = 1;
  std::vector<std::string> parameters;
};

// Reads the file as the function would: its own mix, nothing assumed.
Result<plan::Workload> measure(const std::string& path, int max_retries) {
  InputFile file;
  if (auto opened = file.open(path); !opened) return fail(opened.error());
  Progress progress("reading", file.size().value_or(0), "bytes");
  batch::Decompressor decompressor;
  batch::BatchReader reader;
  batch::Counters counters;
  std::uint64_t retries = 0, read = 0;
  plan::SpreadCount spread;
  auto take_lines = [&] {
    batch::Line line;
    while (reader.next(line) == batch::BatchReader::Step::line) {
      counters.count(line);
      bool is_retry = line.kind == batch::Line::Kind::record &&
                      batch::route(line.status_code, line.retry_count, max_retries) == batch::Route::retry;
      retries += is_retry;
      if (line.kind == batch::Line::Kind::record) spread.add_record(line.service_uuid);
      if (line.kind == batch::Line::Kind::record || line.kind == batch::Line::Kind::bad) spread.end_line();
    }
  };
  for (bool is_last = false; !is_last;) {
    auto piece = file.read(kPiece);
    if (!piece) return fail(piece.error());
    is_last = piece->empty();
    if (is_last)
      decompressor.finish();
    else
      decompressor.feed(*piece);
    for (;;) {
      auto content = decompressor.next();
      if (!content) return fail(content.error());
      if (content->empty()) break;
      reader.feed(*content);
      take_lines();
    }
    progress.set(read += piece->size());
  }
  reader.finish();
  take_lines();
  plan::Workload workload{.records = counters.records(), .bytes = read};
  if (workload.records == 0)
    return fail(ErrorKind::invalid, "NoRecords",
                fmt::format("{} has no record: `ads check {}` shows what its lines are", file.name(), path));
  auto all = static_cast<double>(workload.records);
  workload.retry_share = static_cast<double>(retries) / all;
  workload.bad_share = static_cast<double>(counters.quarantined()) / all;
  workload.spread = spread.finish();
  if (decompressor.compression() != batch::Compression::none) workload.content = plan::Workload::Content::compressed;
  return workload;
}

Result<plan::Workload> assume(const PlanFlags& flags) {
  auto mix = parse_mix(flags.mix);
  if (!mix) return fail(mix.error());
  plan::Workload workload{.records = flags.records,
                          .bytes = flags.records * flags.average_line,
                          .retry_share = mix->retry_share,
                          .bad_share = mix->bad_share,
                          .spread = plan::Workload::sorted_by_user(flags.per_user)};
  return workload;
}

std::string region_of(const Session& session) {
  if (!session.region.empty()) return session.region;
  for (const char* name : {"AWS_REGION", "AWS_DEFAULT_REGION"})
    if (const char* region = std::getenv(name); region && *region) return region;
  return "us-east-1";
}

Task<int> plan(Session& session, PlanFlags flags) {
  auto deployment = parse_deployment(flags.parameters);
  if (!deployment) co_return report_error(session, deployment.error()), kUsage;
  auto workload = flags.file.empty() ? assume(flags) : measure(flags.file, flags.max_retries);
  if (!workload) co_return report_error(session, workload.error());
  auto region = plan::facts_of_region(region_of(session));
  auto estimate = plan::estimate(*workload, *deployment, region);
  if (session.is_json())
    print_json(plan_json(*workload, region, estimate));
  else
    print_text(plan_text(*workload, region, estimate));
  co_return kSuccess;
}

}  // namespace

void add_plan(CLI::App& program, Session& session) {
  auto flags = std::make_shared<PlanFlags>();
  auto* command = program.add_subcommand(
      "plan",
      "How long a batch file would take on AWS, what limits it, which parameter moves that, and what it costs.\n"
      "Needs no network and no account: quotas and prices of AWS's public lists, see docs/scale.md.");
  auto* file = command->add_option("FILE", flags->file, "A batch file: its own size and mix count");
  auto* records = command->add_option("--records", flags->records, "Instead of FILE: so many records")
                      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1'000'000'000'000}))
                      ->excludes(file);
  command->add_option("--average-line", flags->average_line, "With --records: bytes of a line, its end included")
      ->check(CLI::Range(1, 4096))
      ->capture_default_str();
  command->add_option("--per-user", flags->per_user, "With --records: records of a user, one after the other")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1'000'000'000}))
      ->capture_default_str()
      ->excludes(file);
  command->add_option("--mix", flags->mix, "With --records: percent to the retry queue, and of bad lines")
      ->capture_default_str()
      ->excludes(file);
  command->add_option("--max-retries", flags->max_retries, "With FILE: the stack's MaxRetries")
      ->check(CLI::Range(0, 1000))
      ->capture_default_str();
  command->add_option("--parameters", flags->parameters,
                      "Name=Value of the template: WorkerConcurrency, RetryConcurrency, PublishRate, ShardBytes, "
                      "FunctionMemory, StrictOrdering, TopicType, Architecture");
  command->footer(
      "Examples:\n"
      "  ads plan --records 100000000 --region eu-west-1\n"
      "  ads plan DES_Manually_Process_22-11-2026.csv --parameters WorkerConcurrency=40 ShardBytes=8388608");
  command->callback([&session, flags, records] {
    if (flags->file.empty() && records->count() == 0) throw CLI::RequiredError("FILE or --records");
    session.action = [&session, flags] { return plan(session, *flags); };
  });
}

}  // namespace ads::cli
