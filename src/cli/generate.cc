#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>
#include <iostream>

#include "base/digest.h"
#include "base/encoding.h"
#include "base/json.h"
#include "cli/choice.h"
#include "cli/commands.h"
#include "cli/progress.h"
#include "cli/session.h"

namespace ads::cli {
namespace {

constexpr std::uint64_t kMost = 1'000'000'000'000;

struct GenerateFlags {
  std::uint64_t records = 1000, users = 100, seed = 1;
  double retry_percent = 20, exhausted_percent = 5, unknown_percent = 5, bad_percent = 0;
  double inactive_percent = 10;
  std::string format = "csv", out = "-";
};

// SplitMix64 (Steele, Lea, Flood 2014): a small generator whose output is the same on every machine.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  std::uint64_t below(std::uint64_t limit) { return next() % limit; }
  double percent() { return double(next() >> 11) / double(1ull << 53) * 100; }

 private:
  std::uint64_t state_;
};

// The id of user `index`: the same for `generate users` and `generate batch` with the same seed.
std::string user_id(std::uint64_t seed, std::uint64_t index, std::string_view kind = "user") {
  std::string hex = to_hex(md5(fmt::format("{}:{}:{}", kind, seed, index)));
  return fmt::format("{}-{}-4{}-8{}-{}", hex.substr(0, 8), hex.substr(8, 4), hex.substr(13, 3), hex.substr(17, 3),
                     hex.substr(20));
}

// Standard output, or a file; gone wrong is reported once, at the end.
class Sink {
 public:
  explicit Sink(const std::string& path) : file_(path == "-" ? stdout : std::fopen(path.c_str(), "wb")) {}
  ~Sink() {
    if (file_ && file_ != stdout) std::fclose(file_);
  }
  bool is_open() const { return file_ != nullptr; }
  void write(std::string_view text) {
    is_good_ = std::fwrite(text.data(), 1, text.size(), file_) == text.size() && is_good_;
  }
  bool finish() { return std::fflush(file_) == 0 && is_good_; }

 private:
  std::FILE* file_;
  bool is_good_ = true;
};

std::string batch_line(const GenerateFlags& flags, Random& random, std::uint64_t number) {
  constexpr std::array kBad{"5x0,0,broken-status", "500,0", "999,1,out-of-range", "500,0,a b", "500,-1,negative"};
  if (random.percent() < flags.bad_percent) return fmt::format("{}\n", kBad[random.below(kBad.size())]);
  std::string uuid = random.percent() < flags.unknown_percent ? user_id(flags.seed, number, "unknown")
                                                              : user_id(flags.seed, random.below(flags.users));
  double kind = random.percent();
  int status = 0, retries = 0;
  if (kind < flags.retry_percent) {
    status = 500 + int(random.below(5));
  } else if (kind < flags.retry_percent + flags.exhausted_percent) {
    status = 500 + int(random.below(5));
    retries = 2 + int(random.below(5));
  } else {
    constexpr std::array kStatuses{200, 201, 400, 401, 403, 404, 408, 409, 429};
    status = kStatuses[random.below(kStatuses.size())];
    retries = int(random.below(2));
  }
  if (flags.format == "jsonl")
    return fmt::format("{{\"statusCode\":{},\"retryCount\":{},\"serviceUUID\":\"{}\"}}\n", status, retries, uuid);
  return fmt::format("{},{},{}\n", status, retries, uuid);
}

std::string user_line(const GenerateFlags& flags, Random& random, std::uint64_t index) {
  constexpr std::array kFirst{"Ada",     "Alan",  "Barbara", "Dennis",    "Edsger",
                              "Frances", "Grace", "Jean",    "Katherine", "Niklaus"};
  constexpr std::array kLast{"Allen",  "Bartik",   "Dijkstra", "Hopper", "Johnson",
                             "Liskov", "Lovelace", "Ritchie",  "Turing", "Wirth"};
  constexpr std::array kPlace{"Berlin", "Bologna", "Bergen", "Kyoto", "Lagos",
                              "Lima",   "Oslo",    "Porto",  "Pune",  "Quito"};
  std::string first = kFirst[random.below(10)], last = kLast[random.below(10)], place = kPlace[random.below(10)];
  std::string seen = kPlace[random.below(10)];
  std::string street = fmt::format("{} {} Street, {}", 1 + random.below(200), last, place);
  std::string status = random.percent() < flags.inactive_percent ? "Suspended" : "Active";
  std::string id = user_id(flags.seed, index);
  if (flags.format == "jsonl")
    return json::serialize(json::object{{"serviceUUID", id},
                                        {"status", status},
                                        {"firstName", first},
                                        {"lastName", last},
                                        {"detailedAddress", street},
                                        {"lastPingedLocation", seen}}) +
           "\n";
  return fmt::format("{},{},{},{},\"{}\",{}\n", id, status, first, last, street, seen);
}

enum class Kind { batch, users };

Task<int> write_lines(Session& session, GenerateFlags flags, Kind kind) {
  const bool is_batch = kind == Kind::batch;
  Sink sink(flags.out);
  if (!sink.is_open()) co_return report_error(session, "WriteFailed", "cannot write '" + flags.out + "'");
  if (flags.users == 0) co_return report_error(session, "BadCount", "--users must be at least 1"), kUsage;
  Random random(flags.seed + (is_batch ? 1 : 0));
  std::uint64_t count = is_batch ? flags.records : flags.users;
  Progress progress("writing", count, is_batch ? "records" : "users");
  if (flags.format == "csv")
    sink.write(is_batch ? "status_code,retry_count,service_uuid\n"
                        : "serviceUUID,status,firstName,lastName,detailedAddress,lastPingedLocation\n");
  for (std::uint64_t i = 0; i < count; ++i) {
    sink.write(is_batch ? batch_line(flags, random, i) : user_line(flags, random, i));
    if (i % 10'000 == 0) progress.set(i);
  }
  progress.set(count);
  if (!sink.finish())
    co_return report_error(session, "WriteFailed", "cannot write '" + flags.out + "': is the disk full?");
  co_return kSuccess;
}

void add_common(CLI::App* command, GenerateFlags& flags) {
  command->add_option("--users", flags.users, "How many users there are")
      ->check(CLI::Range(std::uint64_t{1}, kMost))
      ->capture_default_str();
  command->add_option("--seed", flags.seed, "The same seed gives the same bytes, and ids that fit together")
      ->capture_default_str();
  add_choice<std::string>(*command, "--format", flags.format, "The form of its lines",
                          {{"csv", "csv"}, {"jsonl", "jsonl"}});
  command->add_option("--out", flags.out, "File to write; - is standard output")->capture_default_str();
}

}  // namespace

void add_generate(CLI::App& program, Session& session) {
  auto* generate = program.add_subcommand("generate", "Make test files: users, and batch files about them");
  generate->require_subcommand(1);
  auto flags = std::make_shared<GenerateFlags>();
  auto* batch = generate->add_subcommand(
      "batch", "A batch file. Example: ads generate batch --records 1000 --out DES_Manually_Process_22-11-2026.csv");
  batch->add_option("--records", flags->records, "How many lines")
      ->check(CLI::Range(std::uint64_t{0}, kMost))
      ->capture_default_str();
  batch->add_option("--retry-percent", flags->retry_percent, "5XX with retries left")
      ->check(CLI::Range(0.0, 100.0))
      ->capture_default_str();
  batch->add_option("--exhausted-percent", flags->exhausted_percent, "5XX whose retries are used up")
      ->check(CLI::Range(0.0, 100.0))
      ->capture_default_str();
  batch->add_option("--unknown-percent", flags->unknown_percent, "Records about users that do not exist")
      ->check(CLI::Range(0.0, 100.0))
      ->capture_default_str();
  batch->add_option("--bad-percent", flags->bad_percent, "Lines that are not records")
      ->check(CLI::Range(0.0, 100.0))
      ->capture_default_str();
  add_common(batch, *flags);
  batch->callback(
      [&session, flags] { session.action = [&session, flags] { return write_lines(session, *flags, Kind::batch); }; });
  auto* users = generate->add_subcommand("users", "A file for `ads users import`");
  users->add_option("--inactive-percent", flags->inactive_percent, "Users whose status is not Active")
      ->check(CLI::Range(0.0, 100.0))
      ->capture_default_str();
  add_common(users, *flags);
  users->callback(
      [&session, flags] { session.action = [&session, flags] { return write_lines(session, *flags, Kind::users); }; });
}

}  // namespace ads::cli
