// ads-simulate --seeds A..B [--jobs N] [--mutant NAME] [--log | --list]: runs the seeds from A to B, both
// included. --mutants instead runs every mutant until it is found, --named the seeds that once found a fault. --list
// names every seed that breaks a promise. Exit status: 0 when every promise was kept, 1 with the first seed that broke
// one and its event log.
#include <fmt/core.h>
#include <sys/wait.h>
#include <unistd.h>

#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <optional>
#include <string_view>

#include "base/log.h"
#include "simulation/named_seeds.h"
#include "simulation/simulation.h"

namespace {

using namespace ads::simulation;

struct Arguments {
  std::uint64_t first = 1, last = 1000;
  unsigned jobs = 1;
  Options options;
  enum class Show { first_log, list } show = Show::first_log;
  enum class What { range, mutants, named } what = What::range;
};

// What a range of seeds came to; sent from child to parent as it is.
struct Sum {
  std::uint64_t seeds = 0, calls = 0, sandboxes = 0, lines = 0, runs = 0, shards = 0, partial_runs = 0;
  std::uint64_t failed_seeds = 0, first_failed = 0;
  FaultCounts faults{};

  void add(std::uint64_t seed, const Verdict& verdict) {
    ++seeds;
    calls += verdict.calls;
    sandboxes += verdict.sandboxes;
    lines += verdict.lines;
    runs += verdict.runs;
    shards += verdict.shards;
    partial_runs += verdict.partial_runs;
    for (std::size_t i = 0; i < kFaults; ++i) faults[i] += verdict.faults[i];
    if (verdict.violations.empty()) return;
    if (failed_seeds++ == 0 || seed < first_failed) first_failed = seed;
  }
  void add(const Sum& other) {
    seeds += other.seeds;
    calls += other.calls;
    sandboxes += other.sandboxes;
    lines += other.lines;
    runs += other.runs;
    shards += other.shards;
    partial_runs += other.partial_runs;
    for (std::size_t i = 0; i < kFaults; ++i) faults[i] += other.faults[i];
    if (other.failed_seeds > 0 && (failed_seeds == 0 || other.first_failed < first_failed))
      first_failed = other.first_failed;
    failed_seeds += other.failed_seeds;
  }
};

[[noreturn]] void usage(std::string_view why) {
  fmt::print(stderr,
             "ads-simulate: {}\nUsage: ads-simulate --seeds A..B [--jobs N] [--mutant NAME] [--log | --list] "
             "[--mutants] [--named]\n",
             why);
  fmt::print(stderr, "Mutants:\n");
  for (const Mutant& mutant : all_mutants()) fmt::print(stderr, "  {:<22} {}\n", mutant.name, mutant.what);
  std::exit(2);
}

std::uint64_t number(std::string_view text) {
  std::uint64_t value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) usage(fmt::format("'{}' is not a number", text));
  return value;
}

Arguments parse(int count, char** values) {
  Arguments out;
  for (int i = 1; i < count; ++i) {
    std::string_view name = values[i];
    if (name == "--log") {
      out.options.log = Options::Log::on;
      continue;
    }
    if (name == "--mutants" || name == "--named") {
      out.what = name == "--mutants" ? Arguments::What::mutants : Arguments::What::named;
      continue;
    }
    if (name == "--list") {
      out.show = Arguments::Show::list;
      continue;
    }
    if (i + 1 == count) usage(fmt::format("'{}' is unknown or lacks its value", name));
    std::string_view value = values[++i];
    if (name == "--seeds") {
      auto dots = value.find("..");
      out.first = number(value.substr(0, dots));
      out.last = dots == value.npos ? out.first : number(value.substr(dots + 2));
    } else if (name == "--jobs") {
      out.jobs = static_cast<unsigned>(std::max<std::uint64_t>(1, number(value)));
    } else if (name == "--mutant") {
      out.options.mutant = find_mutant(value);
      if (!out.options.mutant) usage(fmt::format("there is no mutant '{}'", value));
    } else {
      usage(fmt::format("'{}' is unknown", name));
    }
  }
  if (out.first > out.last) usage("the first seed is behind the last one");
  return out;
}

// A mutant is found with its first seed; the engine is looked at to the end.
Sum run(const Arguments& arguments, unsigned job) {
  Sum sum;
  Options silent = arguments.options;
  silent.log = Options::Log::off;
  for (std::uint64_t seed = arguments.first + job; seed <= arguments.last; seed += arguments.jobs) {
    Verdict verdict = simulate(seed, silent);
    // A mutant is found where the engine itself keeps its promises.
    if (!verdict.violations.empty() && silent.mutant && !simulate(seed).violations.empty()) continue;
    sum.add(seed, verdict);
    if (!verdict.violations.empty() && arguments.show == Arguments::Show::list) {
      fmt::print("seed {}: {}\n", seed, verdict.violations.front());
      std::fflush(stdout);
    }
    bool is_found = sum.failed_seeds > 0 && arguments.options.mutant;
    if (is_found && arguments.show == Arguments::Show::first_log) break;
  }
  return sum;
}

Sum run_in_jobs(const Arguments& arguments) {
  std::vector<std::pair<pid_t, int>> children;
  for (unsigned job = 0; job < arguments.jobs; ++job) {
    int ends[2];
    if (pipe(ends) != 0) usage("no pipe could be made");
    pid_t child = fork();
    if (child == 0) {
      Sum sum = run(arguments, job);
      bool is_sent = write(ends[1], &sum, sizeof sum) == sizeof sum;
      _exit(is_sent ? 0 : 1);
    }
    close(ends[1]);
    children.emplace_back(child, ends[0]);
  }
  Sum total;
  for (auto [child, end] : children) {
    Sum sum;
    bool is_whole = read(end, &sum, sizeof sum) == sizeof sum;
    close(end);
    int status = 0;
    waitpid(child, &status, 0);
    if (!is_whole || status != 0) {
      fmt::print(stderr, "ads-simulate: a job died; run its seeds with --jobs 1\n");
      std::exit(3);
    }
    total.add(sum);
  }
  return total;
}

void print(const Sum& sum, double seconds) {
  fmt::print(
      "{} seeds in {:.1f} s ({:.0f}/s): {} runs of {} shards and {} lines, {} sandboxes, {} calls, "
      "{} runs resumed; seeds with a broken promise: {}\n",
      sum.seeds, seconds, static_cast<double>(sum.seeds) / seconds, sum.runs, sum.shards, sum.lines, sum.sandboxes,
      sum.calls, sum.partial_runs, sum.failed_seeds);
  for (std::size_t i = 0; i < kFaults; ++i)
    fmt::print("{}{} {}", i == 0 ? "faults: " : ", ", to_string(static_cast<Fault>(i)), sum.faults[i]);
  fmt::print("\n");
}

// Each mutant has to be found by some seed of the range.
int run_mutants(Arguments arguments) {
  int missed = 0;
  for (const Mutant& mutant : all_mutants()) {
    arguments.options.mutant = &mutant;
    Sum sum = run_in_jobs(arguments);
    if (sum.failed_seeds == 0) {
      ++missed;
      fmt::print("NOT FOUND {}: {}\n", mutant.name, mutant.what);
      continue;
    }
    Verdict verdict = simulate(sum.first_failed, arguments.options);
    fmt::print("{:<22} seed {:>4}: {}\n", mutant.name, sum.first_failed, verdict.violations.front());
  }
  return missed == 0 ? 0 : 1;
}

int run_named() {
  int broken = 0;
  for (const NamedSeed& named : named_seeds()) {
    Verdict verdict = simulate(named.seed);
    if (verdict.violations.empty()) continue;
    ++broken;
    fmt::print("seed {} again ({}): {}\n", named.seed, named.what, verdict.violations.front());
  }
  fmt::print("{} of {} named seeds keep their promises\n", named_seeds().size() - static_cast<std::size_t>(broken),
             named_seeds().size());
  return broken == 0 ? 0 : 1;
}

}  // namespace

int main(int count, char** values) {
  Arguments arguments = parse(count, values);
  ads::set_log_level(static_cast<ads::LogLevel>(100));  // what the function logs is not looked at
  if (arguments.what == Arguments::What::mutants) return run_mutants(arguments);
  if (arguments.what == Arguments::What::named) return run_named();
  auto start = std::chrono::steady_clock::now();
  Sum sum = arguments.jobs == 1 ? run(arguments, 0) : run_in_jobs(arguments);
  print(sum, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  if (arguments.show == Arguments::Show::list) return sum.failed_seeds > 0 ? 1 : 0;
  bool wants_log = arguments.options.log == Options::Log::on && arguments.first == arguments.last;
  if (sum.failed_seeds == 0 && !wants_log) return 0;

  std::uint64_t seed = sum.failed_seeds > 0 ? sum.first_failed : arguments.first;
  Options loud = arguments.options;
  loud.log = Options::Log::on;
  Verdict verdict = simulate(seed, loud);
  fmt::print("{}", verdict.log);
  if (sum.failed_seeds == 0) return 0;
  fmt::print("\nseed {} breaks these promises:\n", seed);
  for (const std::string& violation : verdict.violations) fmt::print("  {}\n", violation);
  return 1;
}
