// One sandbox: a bootstrap process with its Runtime API and its log stream, running one invocation at a time.
#pragma once
#include <memory>
#include <optional>
#include <string>

#include "cloud/environment.h"
#include "cloud/lambda/function.h"
#include "cloud/lambda/invocation.h"
#include "cloud/lambda/log_lines.h"
#include "cloud/lambda/process.h"
#include "cloud/lambda/report.h"
#include "cloud/lambda/runtime_api.h"

namespace ads::cloud::lambda {

class Sandbox : public RuntimeHost {
 public:
  // `directory`: the unpacked package. `credentials`: of the function's role.
  Sandbox(Environment& environment, Function function, std::string directory, SessionCredentials credentials,
          std::chrono::milliseconds init_limit);
  ~Sandbox() override;

  // Initialises on the first call. Every way to end is a result: an answer, an error, a crash, a timeout.
  // A failed initialisation is repeated once within the invocation, as Lambda does.
  Task<InvocationResult> invoke(Invocation invocation);
  // SIGTERM, after `grace` SIGKILL, then waits for the process, its output and its lines. No invocation may be running.
  Task<void> stop(std::chrono::milliseconds grace);
  // Ends a running invocation: its invoke() returns a crash.
  void signal(int signal);
  // False once the process is gone, or will be.
  bool is_usable() const { return is_booted_ && !exit_ && !is_condemned_; }
  const Function& function() const { return function_; }
  const SessionCredentials& credentials() const { return credentials_; }

  Task<const Invocation*> next() override;
  bool answer(const std::string& request_id, Answer answer) override;
  void init_failed(Answer answer) override;

 private:
  using Steady = std::chrono::steady_clock;
  struct Failure {
    std::string status;  // "timeout" or "error", as the report says
    std::string type, message;
    std::string payload;  // what init/error posted, else empty
  };

  Task<std::optional<Failure>> boot(Steady::time_point deadline, std::chrono::seconds limit_to_tell);
  Task<void> halt();
  Task<InvocationResult> conclude(const Invocation& invocation, std::optional<Failure> failure,
                                  Steady::time_point started, std::optional<Duration> init);
  Task<std::optional<Failure>> deliver(Invocation invocation);
  Failure exit_failure() const;
  bool drain();
  void sample_memory();
  Task<void> watch_output();
  Task<void> watch_exit();
  Task<void> watch_memory();

  Environment& environment_;
  Function function_;
  std::string directory_, scratch_;
  SessionCredentials credentials_;
  std::chrono::milliseconds init_limit_;
  LogLines lines_;
  TaskGroup log_task_;

  std::unique_ptr<TaskGroup> watchers_;
  std::unique_ptr<RuntimeApi> api_;
  std::unique_ptr<Process> process_;
  std::uint64_t peak_bytes_ = 0;
  bool is_booted_ = false;  // it asked for an event
  bool is_closing_ = false;
  bool is_busy_ = false;       // booting or in an invocation: memory is watched
  bool is_condemned_ = false;  // must not be used again
  bool is_over_memory_ = false;
  std::uint64_t asked_ = 0;  // calls of next(); only the newest is served
  std::optional<Invocation> current_;
  bool is_delivered_ = false;
  std::optional<Answer> answer_, init_error_;
  std::optional<Exit> exit_;
  Bell work_;     // for next() and the memory watch
  Bell changed_;  // for invoke()
};

// The process's whole environment: Lambda's own variables, the role's credentials, the user's variables.
std::vector<std::string> sandbox_variables(const Environment& environment, const Function& function,
                                           const SessionCredentials& credentials, std::string_view task_root,
                                           std::string_view scratch, std::string_view log_stream,
                                           std::uint16_t runtime_port);

}  // namespace ads::cloud::lambda
