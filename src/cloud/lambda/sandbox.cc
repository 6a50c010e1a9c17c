#include "cloud/lambda/sandbox.h"

#include <csignal>
#include <filesystem>

#include "base/ids.h"
#include "cloud/lambda/access.h"

namespace ads::cloud::lambda {

namespace {

constexpr auto kMemoryCheck = std::chrono::milliseconds(50);  // only while an invocation runs

// "2026/11/22/[$LATEST]5f3c...": the day, the version and 32 random digits.
std::string stream_name(const Function& function, SystemTime now) {
  auto date = iso8601(now);
  return fmt::format("{}/{}/{}/[{}]{}", date.substr(0, 4), date.substr(5, 2), date.substr(8, 2), function.version,
                     random_hex(32));
}

std::string error_payload(std::string_view type, std::string_view message) {
  return json::serialize(json::object{{"errorType", type}, {"errorMessage", message}});
}

std::string new_trace_id(SystemTime now) {
  auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
  return fmt::format("Root=1-{:08x}-{};Parent={};Sampled=0", seconds, random_hex(24), random_hex(16));
}

}  // namespace

Sandbox::Sandbox(Environment& environment, Function function, std::string directory, SessionCredentials credentials,
                 std::chrono::milliseconds init_limit)
    : environment_(environment),
      function_(std::move(function)),
      directory_(std::move(directory)),
      scratch_((std::filesystem::path(environment.runtime_directory) / "sandboxes" / random_hex(16)).string()),
      credentials_(std::move(credentials)),
      init_limit_(init_limit),
      lines_(environment, acting_for(environment, function_), function_.region, function_.group(),
             stream_name(function_, environment.clock.now())),
      log_task_(environment.executor),
      work_(environment.executor),
      changed_(environment.executor) {
  log_task_.spawn("function log", lines_.run());
}

Sandbox::~Sandbox() = default;

Task<std::optional<Sandbox::Failure>> Sandbox::boot(Steady::time_point deadline, std::chrono::seconds limit_to_tell) {
  is_closing_ = false;
  exit_.reset();
  init_error_.reset();
  is_busy_ = true;
  api_ = std::make_unique<RuntimeApi>(environment_.executor, *this);
  auto port = api_->listen();
  if (!port) co_return Failure{"error", "Runtime.SandboxError", port.error().message, {}};
  std::error_code ignored;
  std::filesystem::create_directories(scratch_, ignored);
  std::string path = directory_ + "/bootstrap";
  if (!std::filesystem::exists(path, ignored))
    co_return Failure{"error",
                      "Runtime.InvalidEntrypoint",
                      "Error: Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]",
                      {}};
  auto started = Process::start(
      environment_.executor,
      {path, sandbox_variables(environment_, function_, credentials_, directory_, scratch_, lines_.stream(), *port),
       directory_});
  if (!started) {
    bool is_entry = started.error().code == "ExecFailed";
    co_return Failure{"error",
                      is_entry ? "Runtime.InvalidEntrypoint" : "Runtime.SandboxError",
                      "Error: " + started.error().message,
                      {}};
  }
  process_ = std::move(*started);
  watchers_ = std::make_unique<TaskGroup>(environment_.executor);
  watchers_->spawn("sandbox output", watch_output());
  watchers_->spawn("sandbox exit", watch_exit());
  watchers_->spawn("sandbox memory", watch_memory());
  while (!is_booted_ && !init_error_ && !exit_ && Steady::now() < deadline) co_await changed_.wait_until(deadline);
  if (is_booted_ && !exit_) co_return std::nullopt;
  if (init_error_) {
    auto parsed = parse_json_object(init_error_->payload);
    auto message = parsed ? get_string(*parsed, "errorMessage") : std::nullopt;
    co_return Failure{"error", init_error_->error_type, std::string(message.value_or("")), init_error_->payload};
  }
  if (exit_) co_return exit_failure();
  co_return Failure{"timeout", "Sandbox.Timedout", "Error: " + timeout_message(limit_to_tell), {}};
}

// Ends process, Runtime API and watchers, so that boot() may run again.
Task<void> Sandbox::halt() {
  is_closing_ = true;
  is_booted_ = is_busy_ = false;
  work_.ring_all();
  if (process_ && !exit_) process_->signal_group(SIGKILL);
  while (process_ && watchers_ && !exit_) co_await changed_.wait();
  lines_.finish_line();
  if (watchers_) co_await watchers_->stop();
  if (api_) co_await api_->stop();
  watchers_.reset();
  api_.reset();
  process_.reset();
}

Sandbox::Failure Sandbox::exit_failure() const {
  if (is_over_memory_) return {"error", "Runtime.OutOfMemory", "Error: Runtime exited with error: signal: killed", {}};
  if (exit_->status == 0 && exit_->signal == 0)
    return {"error", "Runtime.ExitError", "Error: Runtime exited without providing a reason", {}};
  return {"error", "Runtime.ExitError", "Error: Runtime exited with error: " + exit_->describe(), {}};
}

// Hands the event over and waits for its end.
Task<std::optional<Sandbox::Failure>> Sandbox::deliver(Invocation invocation) {
  auto deadline = Steady::now() + function_.time_limit();
  // The process counts down to this on the machine's clock, whatever the cloud's clock is.
  invocation.deadline = system_clock().now() + function_.time_limit();
  if (invocation.trace_id.empty()) invocation.trace_id = new_trace_id(environment_.clock.now());
  answer_.reset();
  current_ = std::move(invocation);
  is_delivered_ = false;
  is_busy_ = true;
  work_.ring_all();
  while (!answer_ && !exit_ && Steady::now() < deadline) co_await changed_.wait_until(deadline);
  is_busy_ = false;
  current_.reset();
  if (answer_) co_return std::nullopt;
  is_condemned_ = true;
  if (exit_) co_return exit_failure();
  sample_memory();
  process_->signal_group(SIGKILL);
  co_return Failure{"timeout", "Sandbox.Timedout", "Error: " + timeout_message(function_.time_limit()), {}};
}

Task<InvocationResult> Sandbox::invoke(Invocation invocation) {
  lines_.start_tail();
  std::optional<Duration> init;
  auto started = Steady::now();
  bool has_start_line = false;
  if (!is_booted_) {
    auto failure = co_await boot(started + init_limit_, std::chrono::duration_cast<std::chrono::seconds>(init_limit_));
    init = Steady::now() - started;
    if (failure) {
      auto type = failure->status == "error" ? failure->type : "";
      lines_.write(init_report_line(function_, *init, "init", failure->status, type, environment_.clock.now()));
      co_await halt();
      init.reset();
      lines_.write(start_line(function_, invocation.request_id, environment_.clock.now()));
      has_start_line = true;
      started = Steady::now();
      failure = co_await boot(started + function_.time_limit(), function_.time_limit());
      if (failure) {
        type = failure->status == "error" ? failure->type : "";
        lines_.write(init_report_line(function_, Steady::now() - started, "invoke", failure->status, type,
                                      environment_.clock.now()));
        is_condemned_ = true;
        co_return co_await conclude(invocation, std::move(failure), started, init);
      }
    }
  }
  if (!has_start_line) {
    lines_.write(start_line(function_, invocation.request_id, environment_.clock.now()));
    started = Steady::now();
  }
  auto failure = co_await deliver(invocation);
  co_return co_await conclude(invocation, std::move(failure), started, init);
}

// The closing lines, and the result.
Task<InvocationResult> Sandbox::conclude(const Invocation& invocation, std::optional<Failure> failure,
                                         Steady::time_point started, std::optional<Duration> init) {
  Report report{invocation.request_id, Steady::now() - started, init, 0, {}, {}};
  // What the process printed before it answered is in the pipe already.
  drain();
  lines_.finish_line();
  sample_memory();
  report.peak_bytes = peak_bytes_;
  InvocationResult result;
  result.version = function_.version;
  auto now = environment_.clock.now();
  if (failure) {
    report.status = failure->status;
    std::string message = fmt::format("RequestId: {} {}", invocation.request_id, failure->message);
    if (failure->status == "timeout") {
      report.duration = std::max<Duration>(report.duration, function_.time_limit());
      lines_.write(
          fmt::format("{} {} {}\n\n", iso8601(now), invocation.request_id, timeout_message(function_.time_limit())));
    } else {
      report.error_type = failure->type;
      if (failure->payload.empty()) lines_.write(fmt::format("{}\n{}\n", message, failure->type));
    }
    result.error_type = failure->type;
    result.error_message = failure->payload.empty() ? message : failure->message;
    result.payload = failure->payload.empty() ? error_payload(failure->type, message) : failure->payload;
  } else {
    result.payload = std::move(answer_->payload);
    result.error_type = answer_->error_type;
    if (!result.is_success()) {
      auto parsed = parse_json_object(result.payload);
      if (auto message = parsed ? get_string(*parsed, "errorMessage") : std::nullopt) result.error_message = *message;
    }
    answer_.reset();
  }
  lines_.write(end_line(function_, invocation.request_id));
  lines_.write(report_line(function_, report, now));
  result.log_tail = lines_.tail();
  co_return result;
}

Task<void> Sandbox::stop(std::chrono::milliseconds grace) {
  is_condemned_ = true;
  if (process_ && watchers_ && !exit_ && grace.count() > 0) {
    process_->signal_group(SIGTERM);
    auto end = Steady::now() + grace;
    while (!exit_ && Steady::now() < end) co_await changed_.wait_until(end);
  }
  co_await halt();
  lines_.close();
  co_await log_task_.drain();
  auto scratch = scratch_;
  co_await environment_.store.off_thread([scratch] {
    std::error_code ignored;
    std::filesystem::remove_all(scratch, ignored);
  });
}

void Sandbox::signal(int signal) {
  is_condemned_ = true;
  if (process_ && !exit_) process_->signal_group(signal);
}

Task<const Invocation*> Sandbox::next() {
  is_booted_ = true;
  auto mine = ++asked_;
  changed_.ring_all();
  work_.ring_all();
  while (!is_closing_ && mine == asked_ && (!current_ || is_delivered_)) co_await work_.wait();
  if (is_closing_ || mine != asked_) co_return nullptr;
  is_delivered_ = true;
  co_return &*current_;
}

bool Sandbox::answer(const std::string& request_id, Answer answer) {
  if (!current_ || !is_delivered_ || answer_ || current_->request_id != request_id) return false;
  answer_ = std::move(answer);
  changed_.ring_all();
  return true;
}

void Sandbox::init_failed(Answer answer) {
  if (is_booted_) return;
  init_error_ = std::move(answer);
  changed_.ring_all();
}

bool Sandbox::drain() {
  if (!process_) return false;
  std::string output;
  bool is_open = process_->read_available(output, 256 * 1024);
  lines_.feed(output);
  return is_open;
}

void Sandbox::sample_memory() {
  if (!process_ || exit_) return;
  auto memory = process_->memory();
  peak_bytes_ = std::max({peak_bytes_, memory.peak, memory.now});
}

Task<void> Sandbox::watch_output() {
  do {
    co_await lines_.wait_for_room();
    co_await process_->wait_readable();
  } while (drain());
}

Task<void> Sandbox::watch_exit() {
  Exit exit = co_await process_->wait();
  drain();
  exit_ = exit;
  is_condemned_ = is_condemned_ || is_booted_;
  changed_.ring_all();
}

Task<void> Sandbox::watch_memory() {
  std::uint64_t limit = std::uint64_t(function_.memory) << 20;
  while (!is_closing_ && !exit_) {
    if (!is_busy_) {
      co_await work_.wait();
      continue;
    }
    auto memory = process_->memory();
    peak_bytes_ = std::max({peak_bytes_, memory.peak, memory.now});
    if (memory.now > limit) {
      is_over_memory_ = true;
      process_->signal_group(SIGKILL);
      co_return;
    }
    co_await sleep_for(kMemoryCheck);
  }
}

}  // namespace ads::cloud::lambda
