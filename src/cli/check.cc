#include <fmt/core.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>

#include "batch/batch_name.h"
#include "batch/beginning.h"
#include "batch/counters.h"
#include "batch/decompress.h"
#include "batch/diagnosis.h"
#include "batch/inspection.h"
#include "batch/mail.h"
#include "batch/quarantine.h"
#include "batch/reader.h"
#include "batch/routing.h"
#include "cli/choice.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/input_file.h"
#include "cli/printable.h"
#include "cli/progress.h"
#include "cli/session.h"
#include "cli/standard_output.h"
#include "cli/terminal.h"

namespace ads::cli {
namespace {

// Which lines are shown one by one.
enum class Show { bad, all, automatic };

struct CheckFlags {
  std::string file, as;
  int max_retries = 1, max_bad_percent = 50;
  batch::UserKeyForm user_key_form = batch::UserKeyForm::as_is;
  std::uint64_t max_expansion = batch::kMaxExpansion;
  Show show = Show::automatic;
};

constexpr std::uint64_t kSmallFile = 16 * 1024;  // a file up to this is shown line by line
constexpr std::size_t kPiece = 256 * 1024;
constexpr std::size_t kShownOfRefused = 10;  // bad lines of a file that would be refused

std::string effect_of(const batch::Line& line, int max_retries) {
  switch (line.kind) {
    case batch::Line::Kind::blank:
      return "blank, skipped";
    case batch::Line::Kind::header:
      return "header, skipped";
    case batch::Line::Kind::bad:
      return fmt::format("QUARANTINE {}: {}", to_string(line.reason), printable(line.detail));
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
  Check(Session& session, CheckFlags flags)
      : session_(session), flags_(std::move(flags)), reader_(batch::ReadRange::whole(), flags_.user_key_form) {}

  int run() {
    InputFile file;
    if (auto opened = file.open(flags_.file); !opened) return report_error(session_, opened.error());
    size_ = file.size().value_or(0);
    // The size of a pipe is not known: its lines are shown as a large file's.
    bool is_small = file.size().value_or(kSmallFile + 1) <= kSmallFile;
    shows_all_ = flags_.show == Show::all || (flags_.show == Show::automatic && is_small);
    check_name();
    if (auto read = read_all(file); !read) return report_error(session_, read.error());
    return conclude();
  }

 private:
  Result<void> read_all(InputFile& file) {
    Progress progress("checking", size_, "bytes");
    // Both on one terminal: a line takes the row of the progress.
    bool is_shared = ::isatty(STDOUT_FILENO) == 1;
    batch::Decompressor decompressor(flags_.max_expansion);
    std::uint64_t read = 0;
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
        compression_ = decompressor.compression();
        if (!content) {
          refuse(batch::reading_failure(content.error(), 0, 0), content.error());
          return {};
        }
        if (content->empty()) break;
        reader_.feed(*content);
        if (is_shared) progress.hide();
        take_lines();
        if (is_shared) flush_output();
      }
      progress.set(read += piece->size());
    }
    size_ = std::max(size_, read);
    if (is_shared) progress.hide();
    reader_.finish();
    take_lines();
    beginning_.finish();
    judge();
    return {};
  }

  // A run would have no effect: it decompresses a file to its end before.
  void refuse(std::string sentence, const Error& error) {
    sentence_ = sentence.empty() ? error.message : std::move(sentence);
    held_.clear();
    is_judged_ = true;
  }

  // What a run decides before its first effect.
  void judge() {
    if (std::exchange(is_judged_, true)) return;
    beginning_.set_layout(reader_.layout());
    if (auto sentence = batch::diagnose(beginning_, flags_.max_bad_percent)) {
      sentence_ = std::move(*sentence);
      if (!session_.is_json() && held_.size() > kShownOfRefused) held_.resize(kShownOfRefused);
    }
    for (const json::value& line : held_) print_shown(line);
    held_.clear();
  }

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
      beginning_.add(line);
      if (line.kind == batch::Line::Kind::record)
        ++(batch::route(line.status_code, line.retry_count, flags_.max_retries) == batch::Route::retry ? retries_
                                                                                                       : lookups_);
      if (shows_all_ || line.kind == batch::Line::Kind::bad) show(line);
      if (beginning_.is_complete()) judge();
    }
  }

  // The first lines are held back until it is known whether the file is one.
  void show(const batch::Line& line) {
    json::value shown = session_.is_json() ? json::value(line_json(line, number_, flags_.max_retries))
                                           : json::value(fmt::format("line {:<8} byte {:<10} {}\n", number_,
                                                                     line.offset, effect_of(line, flags_.max_retries)));
    if (!is_judged_)
      held_.push_back(std::move(shown));
    else if (sentence_.empty() || session_.is_json())
      print_shown(shown);
  }

  static void print_shown(const json::value& shown) {
    if (shown.is_string())
      print_text(std::string_view(shown.as_string()));
    else
      print_json_line(shown);
  }

  // How a run of it would end.
  std::string_view outcome() const {
    return !name_problem_.empty() ? "REFUSED" : !sentence_.empty() ? "FAILED" : "DONE";
  }

  int conclude() {
    bool is_bad_at_the_end =
        sentence_.empty() && batch::too_many_bad(counters_, flags_.max_bad_percent, batch::Moment::at_the_end);
    if (is_bad_at_the_end)
      sentence_ = fmt::format(
          "{} of {} records cannot be read, which is more than {} percent (MaxBadPercent): the others would be "
          "processed, "
          "and the run would be FAILED.",
          batch::with_thousands(counters_.quarantined()), batch::with_thousands(counters_.records()),
          flags_.max_bad_percent);
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
                           {"outcome", outcome()},
                           {"reconciled", adds_up}};
      if (!sentence_.empty()) summary["sentence"] = sentence_;
      if (!name_problem_.empty()) summary["nameProblem"] = name_problem_;
      print_json_line(json::object{{"summary", summary}});
    } else {
      print_text(fmt::format("\n{} ({} bytes, compression {}): nothing was sent.\n", printable(flags_.file),
                             batch::with_thousands(size_), batch::to_string(compression_)));
      auto row = [](std::string_view name, std::uint64_t count) {
        print_text(fmt::format("  {:<24} {:>14}\n", name, batch::with_thousands(count)));
      };
      row("lines", counters_.lines);
      row("blank", counters_.blank);
      row("header", counters_.header);
      row("to the retry queue", retries_);
      row("users to look up", lookups_);
      row("to quarantine", counters_.quarantined());
      for (const auto& [reason, count] : reasons)
        row(fmt::format("  {}", std::string_view(reason)), count.to_number<std::uint64_t>());
      if (!sentence_.empty()) print_text("\nThe run would be FAILED: " + sentence_ + "\n");
      if (!name_problem_.empty())
        print_text(fmt::format("\nThe name would be refused: {}{}\n", name_problem_,
                               flags_.as.empty() ? " `--as NAME` gives it one, here and with `ads submit`." : ""));
    }
    if (!sentence_.empty() || !name_problem_.empty() || !adds_up) return kFailure;
    return counters_.quarantined() == 0 ? kSuccess : kDoneInPart;
  }

  Session& session_;
  CheckFlags flags_;
  batch::BatchReader reader_;
  batch::Beginning beginning_;
  bool is_judged_ = false;
  std::vector<json::value> held_;  // of the beginning, until it is judged
  std::string sentence_;           // why a run would be FAILED
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
      "Exit code 0: all lines are good; 3: some would go to quarantine; 1: the file or its name would be refused, or "
      "the\n"
      "run would be FAILED.");
  command->add_option("FILE", flags->file, "A batch file, compressed or not; - is standard input")->required();
  command->add_option("--as", flags->as, "The name it will be submitted under");
  command->add_option("--max-retries", flags->max_retries, "The stack's MaxRetries")
      ->check(CLI::Range(0, 1000))
      ->capture_default_str();
  command->add_option("--max-bad-percent", flags->max_bad_percent, "The stack's MaxBadPercent")
      ->check(CLI::Range(0, 100))
      ->capture_default_str();
  add_choice(*command, "--user-key-form", flags->user_key_form, "The stack's UserKeyForm",
             {{"as-is", batch::UserKeyForm::as_is},
              {"uuid-lower", batch::UserKeyForm::uuid_lower},
              {"uuid-upper", batch::UserKeyForm::uuid_upper}});
  command->add_option("--max-expansion", flags->max_expansion, "The stack's MaxExpansion")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  add_choice(*command, "--lines", flags->show, "Which lines to show; auto: all of a small file, else the bad ones",
             {{"bad", Show::bad}, {"all", Show::all}, {"auto", Show::automatic}});
  command->callback([&session, flags] {
    session.action = [&session, flags]() -> Task<int> { co_return Check(session, *flags).run(); };
  });
}

}  // namespace ads::cli
