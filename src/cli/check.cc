#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>

#include "batch/batch_name.h"
#include "batch/counters.h"
#include "batch/decompress.h"
#include "batch/mail.h"
#include "batch/quarantine.h"
#include "batch/reader.h"
#include "batch/routing.h"
#include "cli/choice.h"
#include "cli/commands.h"
#include "cli/input_file.h"
#include "cli/progress.h"
#include "cli/session.h"

namespace ads::cli {
namespace {

// Which lines are shown one by one.
enum class Show { bad, all, automatic };

struct CheckFlags {
  std::string file, as;
  int max_retries = 1;
  Show show = Show::automatic;
};

constexpr std::uint64_t kSmallFile = 16 * 1024;  // a file up to this is shown line by line
constexpr std::size_t kPiece = 256 * 1024;

std::string effect_of(const batch::Line& line, int max_retries) {
  switch (line.kind) {
    case batch::Line::Kind::blank:
      return "blank, skipped";
    case batch::Line::Kind::header:
      return "header, skipped";
    case batch::Line::Kind::bad:
      return fmt::format("QUARANTINE {}: {}", to_string(line.reason), batch::plain_line(line.detail));
    case batch::Line::Kind::record:
      break;
  }
  bool is_retry = batch::route(line.status_code, line.retry_count, max_retries) == batch::Route::retry;
  return fmt::format("{} {} (status {}, retry {})", is_retry ? "retry queue " : "look up user", line.service_uuid,
                     line.status_code, line.retry_count);
}

json::object line_json(const batch::Line& line, std::uint64_t number, int max_retries) {
  json::object object{{"line", number}, {"offset", line.offset}, {"length", line.length}};
  switch (line.kind) {
    case batch::Line::Kind::blank:
      object["effect"] = "blank";
      break;
    case batch::Line::Kind::header:
      object["effect"] = "header";
      break;
    case batch::Line::Kind::bad:
      object["effect"] = "quarantine";
      object["reason"] = to_string(line.reason);
      object["detail"] = batch::plain_line(line.detail);
      break;
    case batch::Line::Kind::record:
      object["effect"] =
          batch::route(line.status_code, line.retry_count, max_retries) == batch::Route::retry ? "retry" : "lookup";
      object["statusCode"] = line.status_code;
      object["retryCount"] = line.retry_count;
      object["serviceUUID"] = line.service_uuid;
  }
  return object;
}

class Check {
 public:
  Check(Session& session, CheckFlags flags) : session_(session), flags_(std::move(flags)) {}

  int run() {
    InputFile file;
    if (auto opened = file.open(flags_.file); !opened) return report_error(session_, opened.error());
    // The size of a pipe is not known: its lines are shown as a large file's.
    bool is_small = file.size().value_or(kSmallFile + 1) <= kSmallFile;
    shows_all_ = flags_.show == Show::all || (flags_.show == Show::automatic && is_small);
    check_name();

    Progress progress("checking", file.size().value_or(0), "bytes");
    batch::Decompressor decompressor;
    bool is_last = false;
    while (!is_last) {
      auto piece = file.read(kPiece);
      if (!piece) return report_error(session_, piece.error());
      is_last = piece->empty();
      if (is_last)
        decompressor.finish();
      else
        decompressor.feed(*piece);
      for (;;) {
        auto content = decompressor.next();
        if (!content) return report_error(session_, content.error());
        if (content->empty()) break;
        reader_.feed(*content);
        take_lines();
      }
      progress.set(size_ += piece->size());
    }
    reader_.finish();
    take_lines();
    compression_ = decompressor.compression();
    return conclude();
  }

 private:
  void check_name() {
    if (is_standard_input(flags_.file) && flags_.as.empty()) return;  // a pipe has no name to judge
    std::string name = flags_.as.empty() ? std::filesystem::path(flags_.file).filename().string() : flags_.as;
    auto parsed = batch::parse_batch_name(name);
    if (!parsed) name_problem_ = parsed.error().sentence;
  }

  void take_lines() {
    batch::Line line;
    while (reader_.next(line) == batch::BatchReader::Step::line) {
      ++number_;
      counters_.count(line);
      if (line.kind == batch::Line::Kind::record)
        ++(batch::route(line.status_code, line.retry_count, flags_.max_retries) == batch::Route::retry ? retries_
                                                                                                       : lookups_);
      if (!shows_all_ && line.kind != batch::Line::Kind::bad) continue;
      if (session_.is_json())
        print_json_line(line_json(line, number_, flags_.max_retries));
      else
        print(fmt::format("line {:<8} byte {:<10} {}\n", number_, line.offset, effect_of(line, flags_.max_retries)));
    }
  }

  int conclude() {
    bool adds_up =
        counters_.lines == counters_.blank + counters_.header + retries_ + lookups_ + counters_.quarantined();
    json::object reasons;
    for (auto reason : batch::kAllReasons)
      if (auto count = counters_.quarantined_by_reason[static_cast<std::size_t>(reason)])
        reasons[batch::to_string(reason)] = count;
    if (session_.is_json()) {
      json::object summary{{"file", flags_.file},
                           {"bytes", size_},
                           {"compression", batch::to_string(compression_)},
                           {"lines", counters_.lines},
                           {"blank", counters_.blank},
                           {"header", counters_.header},
                           {"retry", retries_},
                           {"lookup", lookups_},
                           {"quarantined", counters_.quarantined()},
                           {"quarantinedByReason", reasons},
                           {"reconciled", adds_up}};
      if (!name_problem_.empty()) summary["nameProblem"] = name_problem_;
      print_json_line(json::object{{"summary", summary}});
    } else {
      print(fmt::format("\n{} ({} bytes, compression {}): nothing was sent.\n", flags_.file,
                        batch::with_thousands(size_), batch::to_string(compression_)));
      auto row = [](std::string_view name, std::uint64_t count) {
        print(fmt::format("  {:<24} {:>14}\n", name, batch::with_thousands(count)));
      };
      row("lines", counters_.lines);
      row("blank", counters_.blank);
      row("header", counters_.header);
      row("to the retry queue", retries_);
      row("users to look up", lookups_);
      row("to quarantine", counters_.quarantined());
      for (const auto& [reason, count] : reasons)
        row(fmt::format("  {}", std::string_view(reason)), count.to_number<std::uint64_t>());
      if (!name_problem_.empty()) print("\nThe name would be refused: " + name_problem_ + "\n");
    }
    bool is_clean = counters_.quarantined() == 0 && name_problem_.empty() && adds_up;
    return is_clean ? kSuccess : kFailure;
  }

  Session& session_;
  CheckFlags flags_;
  batch::BatchReader reader_;
  batch::Counters counters_;
  batch::Compression compression_ = batch::Compression::none;
  std::uint64_t size_ = 0, number_ = 0, retries_ = 0, lookups_ = 0;
  bool shows_all_ = false;
  std::string name_problem_;
};

}  // namespace

void add_check(CLI::App& program, Session& session) {
  auto flags = std::make_shared<CheckFlags>();
  auto* command = program.add_subcommand(
      "check",
      "Dry run of a batch file: what each line would do, and every bad line. Sends nothing, needs no network.\n"
      "Exit code 1 where a line or the file's name is bad.");
  command->add_option("FILE", flags->file, "A batch file, gzip and zstd included; - for standard input")->required();
  command->add_option("--as", flags->as, "The name it will be submitted under");
  command->add_option("--max-retries", flags->max_retries, "The stack's MaxRetries")
      ->check(CLI::Range(0, 1000))
      ->capture_default_str();
  add_choice(*command, "--lines", flags->show, "Which lines to show; auto: all of a small file, else the bad ones",
             {{"bad", Show::bad}, {"all", Show::all}, {"auto", Show::automatic}});
  command->callback([&session, flags] {
    session.action = [&session, flags]() -> Task<int> { co_return Check(session, *flags).run(); };
  });
}

}  // namespace ads::cli
