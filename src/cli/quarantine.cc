#include <fmt/core.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <functional>

#include "aws/s3/client.h"
#include "batch/correction.h"
#include "batch/decompress.h"
#include "batch/reader.h"
#include "cli/commands.h"
#include "cli/printable.h"
#include "cli/run_choice.h"
#include "cli/session.h"

namespace ads::cli {
namespace {

constexpr std::uint64_t kPiece = 8u << 20;
constexpr std::uint64_t kHeaderBytes = 256 * 1024;  // of the object, enough for what stands above its records
constexpr std::size_t kShownReasons = 10;

enum class Form { original, csv };

// What stands above the records of the file, and how it is read.
struct Top {
  std::string lines;
  batch::Layout layout;
};

Top read_top(std::string_view object) {
  Top top;
  batch::Decompressor decompressor;
  batch::BatchReader reader;
  bool is_above = true;
  auto take_lines = [&] {
    batch::Line line;
    while (is_above && reader.next(line) == batch::BatchReader::Step::line) {
      is_above = line.kind == batch::Line::Kind::header || line.kind == batch::Line::Kind::blank;
      if (line.kind != batch::Line::Kind::header) continue;
      std::string_view text = line.text;
      if (text.starts_with(batch::kByteOrderMark)) text.remove_prefix(batch::kByteOrderMark.size());
      top.lines += std::string(text) + "\n";
    }
  };
  auto take_content = [&] {
    while (is_above) {
      auto content = decompressor.next();
      if (!content || content->empty()) break;
      reader.feed(*content);
      take_lines();
    }
  };
  decompressor.feed(object);
  take_content();
  // A small file is held back until its end is known; where the object continues, what is above was complete before
  // that.
  decompressor.finish();
  take_content();
  reader.finish();
  take_lines();
  top.layout = reader.layout();
  return top;
}

class Quarantine {
 public:
  Quarantine(Session& session, const function::StoredRun& run, Form form)
      : session_(session), run_(run), client_(**session.connection()), form_(form) {}

  Task<int> print_all() {
    Top top = read_top(co_await file_beginning());
    layout_ = top.layout;
    if (!session_.is_json()) print_file(form_ == Form::csv ? batch::correction_header() : top.lines);
    std::string carry;
    for (std::uint64_t begin = 0, size = 1; begin < size; begin += kPiece) {
      aws::s3::GetObjectInput input{.bucket = run_.run.object.bucket, .key = run_.quarantine_key};
      input.range = fmt::format("bytes={}-{}", begin, begin + kPiece - 1);
      auto piece = co_await client_.get_object(input);
      if (!piece) co_return report_error(session_, piece.error());
      size = piece->object_size ? piece->object_size : piece->body.size();
      carry += piece->body;
      std::string_view rest = carry;
      for (std::size_t end; (end = rest.find('\n')) != rest.npos; rest.remove_prefix(end + 1)) {
        auto bad = batch::parse_quarantine_line(rest.substr(0, end));
        if (!bad) co_return report_error(session_, bad.error());
        print_line(*bad);
      }
      carry = std::string(rest);
    }
    say_reasons();
    co_return kSuccess;
  }

 private:
  // Of the version that was read; where that is gone, of the processed file. Without either there is no header.
  Task<std::string> file_beginning() {
    const batch::ObjectIdentity& object = run_.run.object;
    aws::s3::GetObjectInput input{.bucket = object.bucket, .key = object.key};
    if (!object.version_id.empty() && object.version_id != "null") input.version_id = object.version_id;
    bool was_renamed = !input.version_id && !run_.run.processed_key.empty();
    if (was_renamed) input.key = run_.run.processed_key;
    input.range = fmt::format("bytes=0-{}", kHeaderBytes - 1);
    auto found = co_await client_.get_object(input);
    if (!found && !was_renamed && !run_.run.processed_key.empty()) {
      input.key = run_.run.processed_key;
      input.version_id.reset();
      found = co_await client_.get_object(input);
    }
    if (!found)
      std::fprintf(stderr, "ads: the file itself is gone (%s): its header is not printed\n",
                   found.error().code.c_str());
    co_return found ? std::move(found->body) : std::string();
  }

  void print_line(const batch::BadLine& bad) {
    ++lines_;
    if (reasons_.size() < kShownReasons)
      reasons_.push_back(fmt::format("line {}, byte {}: {}: {}", bad.number > 0 ? std::to_string(bad.number) : "?",
                                     bad.offset, to_string(bad.reason), printable(bad.detail)));
    if (session_.is_json()) return print_json_line(batch::to_json(bad));
    if (form_ == Form::csv) return print_file(batch::correction_row(bad, layout_));
    if (bad.truncated) {
      ++cut_;
      return;
    }
    print_file(is_terminal_ ? printable(bad.text) + "\n" : bad.text + "\n");
  }

  // A file gets the bytes as they are; a terminal must not obey them.
  void print_file(std::string_view bytes) const { is_terminal_ ? print(bytes) : print_bytes(bytes); }

  // On standard error: the file on standard output stays an ordinary batch file.
  void say_reasons() const {
    if (session_.is_json() || form_ == Form::csv) return;
    std::fprintf(stderr, "ads: %s of %s\n", fmt::format("{} bad line{}", lines_, lines_ == 1 ? "" : "s").c_str(),
                 printable(run_.run.object.key).c_str());
    for (const auto& reason : reasons_) std::fprintf(stderr, "  %s\n", reason.c_str());
    if (lines_ > reasons_.size()) std::fprintf(stderr, "  ...: --csv shows the reason of each\n");
    if (cut_ > 0)
      std::fprintf(stderr, "ads: %llu of them are longer than 4,096 bytes and are left out: correct them in the file\n",
                   static_cast<unsigned long long>(cut_));
  }

  Session& session_;
  const function::StoredRun& run_;
  aws::s3::Client client_;
  Form form_;
  batch::Layout layout_;
  bool is_terminal_ = isatty(STDOUT_FILENO) == 1;
  std::uint64_t lines_ = 0, cut_ = 0;
  std::vector<std::string> reasons_;
};

Task<int> show(Session& session, RunChoice choice, Form form) {
  auto run = co_await chosen_run(session, choice,
                                 [](const function::StoredRun& stored) { return batch::is_final(stored.run.status); });
  if (!run) co_return report_error(session, run.error());
  const batch::Run& known = run->run;
  const std::string& run_id = known.id;
  if (!batch::is_final(known.status))
    co_return report_error(session, "StillRunning",
                           fmt::format("run {} is {}: its quarantine is complete when it ends (`ads status {}`)",
                                       run_id, to_string(known.status), run_id));
  if (run->quarantine_key.empty()) {
    bool was_unreadable = known.status != batch::RunStatus::done && known.counters.lines == 0;
    if (was_unreadable)
      co_return report_error(
          session, "NothingSent",
          fmt::format("nothing of run {} was processed, so that no line is in quarantine: {} `ads check "
                      "FILE` shows its lines",
                      run_id, known.sentence));
    std::fprintf(stderr, "ads: no line of run %s is in quarantine\n", run_id.c_str());
    co_return kSuccess;
  }
  co_return co_await Quarantine(session, *run, form).print_all();
}

}  // namespace

void add_quarantine(CLI::App& program, Session& session) {
  struct Flags {
    RunChoice run;
    bool is_csv = false;
  };
  auto flags = std::make_shared<Flags>();
  auto* command = program.add_subcommand(
      "quarantine",
      "The bad lines of a run as a file to correct: `ads quarantine RUN > fixed.csv`, correct it, `ads submit "
      "fixed.csv`.\n"
      "They are printed as they were, under the file's header; the reasons go to standard error.");
  add_run_choice(*command, flags->run, "The newest run that has ended");
  command->add_flag("--csv", flags->is_csv,
                    "As CSV with line number, reason and the original text beside the three columns that are read");
  command->callback([&session, flags] {
    require_run(flags->run);
    session.action = [&session, flags] {
      return show(session, flags->run, flags->is_csv ? Form::csv : Form::original);
    };
  });
}

}  // namespace ads::cli
