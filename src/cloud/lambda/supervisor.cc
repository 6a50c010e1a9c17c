#include "cloud/lambda/supervisor.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

namespace ads::cloud::lambda {
namespace {

static_assert(kEndSignal == SIGUSR2);

// Runs in the vforked child on the supervisor's stack and memory: only calls that are safe after fork, no allocation.
[[noreturn]] void become(const Child& child, volatile int& error) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != child.parent) ::_exit(127);  // it died before the line above
  ::dup2(child.null, 0);
  ::dup2(child.output, 1);
  ::dup2(child.output, 2);
  ::syscall(SYS_close_range, 3u, ~0u, 0u);
  struct rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  struct rlimit files{1024, 1024};  // Lambda's own, and what select() can take
  ::setrlimit(RLIMIT_NOFILE, &files);
  // Memory is limited by watching what is resident, not by RLIMIT_AS or RLIMIT_DATA: those count what is reserved, and
  // runtimes (thread stacks, sanitizers, garbage collectors) reserve far more than Lambda would charge them for.
  int score = ::open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (score >= 0) {
    [[maybe_unused]] auto written = ::write(score, "1000", 4);
    ::close(score);
  }
  ::umask(022);  // Lambda's; the cloud's own is for its data
  for (int signal = 1; signal < NSIG; ++signal) ::signal(signal, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  if (::chdir(child.directory) == 0) ::execve(child.path, child.arguments, child.environment);
  error = errno;
  ::_exit(127);
}

// Kills all children, and what becomes a child because its parent died, until there is none.
void end_descendants() {
  for (;;) {
    char list[4096];
    const int file = ::open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC);
    const ssize_t count = file < 0 ? 0 : ::read(file, list, sizeof list - 1);
    if (file >= 0) ::close(file);
    pid_t pid = 0;
    for (ssize_t i = 0; i < count; ++i) {
      if (list[i] >= '0' && list[i] <= '9') {
        pid = pid * 10 + (list[i] - '0');
      } else {
        if (pid > 0) ::kill(pid, SIGKILL);
        pid = 0;
      }
    }
    if (::waitpid(-1, nullptr, 0) < 0 && errno == ECHILD) return;
  }
}

// Ends as the function did, so that the cloud sees the one by waiting for the other.
[[noreturn]] void end_as(int status) {
  if (!WIFSIGNALED(status)) ::_exit(WEXITSTATUS(status));
  const int signal = WTERMSIG(status);
  ::signal(signal, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::kill(::getpid(), signal);
  ::_exit(128 + signal);
}

}  // namespace

void supervise(Child child, int report) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  ::prctl(PR_SET_PDEATHSIG, kEndSignal);
  if (::getppid() != child.parent) ::_exit(127);  // the cloud died before the line above
  ::dup2(child.null, 0);
  rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  // Handlers of the cloud's would otherwise stand until the function has started.
  for (int signal = 1; signal < NSIG; ++signal) ::signal(signal, SIG_DFL);
  child.parent = ::getpid();
  volatile int error = 0;
  const pid_t leader = ::vfork();
  if (leader == 0) become(child, error);
  if (leader < 0) error = errno;
  if (error != 0) {
    const int reason = error;
    [[maybe_unused]] const auto written = ::write(report, &reason, sizeof reason);
    ::_exit(127);
  }
  // The pipe of what the function prints ends with the function, not with this process.
  ::syscall(SYS_close_range, 0u, ~0u, 0u);
  sigset_t all;
  sigfillset(&all);
  for (;;) {
    const int signal = ::sigwaitinfo(&all, nullptr);
    if (signal == kEndSignal) {
      ::kill(leader, SIGKILL);
      end_descendants();
      end_as(SIGKILL);
    }
    if (signal == SIGCHLD) {
      int status = 0;
      for (pid_t ended; (ended = ::waitpid(-1, &status, WNOHANG)) > 0;) {
        if (ended != leader) continue;
        end_descendants();
        end_as(status);
      }
    } else if (signal > 0) {
      ::kill(-leader, signal);
    }
  }
}

}  // namespace ads::cloud::lambda
