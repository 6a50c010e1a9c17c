#include "cloud/lambda/process.h"

#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <csignal>
#include <cstring>

#include "cloud/lambda/supervisor.h"

namespace ads::cloud::lambda {

namespace {

// The words of Go's os/exec, which Lambda's init is written in.
std::string_view signal_name(int signal) {
  switch (signal) {
    case SIGKILL:
      return "killed";
    case SIGTERM:
      return "terminated";
    case SIGSEGV:
      return "segmentation fault";
    case SIGABRT:
      return "aborted";
    case SIGBUS:
      return "bus error";
    case SIGILL:
      return "illegal instruction";
    case SIGFPE:
      return "floating point exception";
    case SIGINT:
      return "interrupt";
    case SIGHUP:
      return "hangup";
    case SIGPIPE:
      return "broken pipe";
    default:
      return "";
  }
}

std::string_view error_words(int error) {
  switch (error) {
    case ENOEXEC:
      return "exec format error";
    case EACCES:
      return "permission denied";
    case ENOENT:
      return "no such file or directory";
    default:
      return {};
  }
}

std::uint64_t field_kilobytes(const std::string& status, std::string_view name) {
  auto at = status.find(name);
  return at == std::string::npos ? 0 : std::strtoull(status.c_str() + at + name.size(), nullptr, 10) * 1024;
}

std::string read_small_file(const char* path) {
  std::string text;
  int file = ::open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return text;
  text.resize(4096);
  ssize_t count = ::read(file, text.data(), text.size());
  ::close(file);
  text.resize(count > 0 ? count : 0);
  return text;
}

// Depth is bounded: a fork bomb must not become ours.
void add_memory(pid_t pid, int depth, Process::Memory& sum) {
  auto status = read_small_file(fmt::format("/proc/{}/status", pid).c_str());
  sum.now += field_kilobytes(status, "VmRSS:");
  sum.peak += field_kilobytes(status, "VmHWM:");
  if (depth == 0) return;
  auto children = read_small_file(fmt::format("/proc/{0}/task/{0}/children", pid).c_str());
  const char* at = children.c_str();
  char* end = nullptr;
  for (pid_t child; (child = static_cast<pid_t>(std::strtol(at, &end, 10))) > 0 && end != at; at = end)
    add_memory(child, depth - 1, sum);
}

}  // namespace

std::string Exit::describe() const {
  if (signal == 0) return fmt::format("exit status {}", status);
  auto name = signal_name(signal);
  return name.empty() ? fmt::format("signal: signal {}", signal) : fmt::format("signal: {}", name);
}

Process::Process(asio::any_io_executor executor, pid_t pid, int output, int handle)
    : pid_(pid), output_(executor, output), handle_(executor, handle) {}

Result<std::unique_ptr<Process>> Process::start(asio::any_io_executor executor, const Command& command) {
  int pipe[2];
  int null = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (null < 0 || ::pipe2(pipe, O_CLOEXEC) != 0) {
    if (null >= 0) ::close(null);
    return fail(ErrorKind::unavailable, "NoDescriptors", std::string("cannot make a pipe: ") + std::strerror(errno));
  }
  std::vector<char*> environment;
  for (auto& variable : command.environment) environment.push_back(const_cast<char*>(variable.c_str()));
  environment.push_back(nullptr);
  char* arguments[] = {const_cast<char*>(command.path.c_str()), nullptr};
  Child child{
      command.path.c_str(), arguments, environment.data(), command.directory.c_str(), pipe[1], null, ::getpid()};

  int report[2];
  if (::pipe2(report, O_CLOEXEC) != 0) {
    const int reason = errno;
    for (int descriptor : {pipe[0], pipe[1], null}) ::close(descriptor);
    return fail(ErrorKind::unavailable, "NoDescriptors", std::string("cannot make a pipe: ") + std::strerror(reason));
  }
  // No handler of ours may run in the child.
  sigset_t all, before;
  sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  pid_t pid = ::fork();
  if (pid == 0) supervise(child, report[1]);
  int fork_error = errno;
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  for (int descriptor : {pipe[1], report[1], null}) ::close(descriptor);
  int error = 0;  // of the exec; the pipe's end without one is a success
  if (pid > 0)
    while (::read(report[0], &error, sizeof error) < 0 && errno == EINTR) {
    }
  ::close(report[0]);
  if (pid < 0 || error != 0) {
    if (pid > 0) ::waitpid(pid, nullptr, 0);
    ::close(pipe[0]);
    int reason = pid < 0 ? fork_error : error;
    auto words = error_words(reason);
    return fail(pid < 0 ? ErrorKind::unavailable : ErrorKind::invalid, pid < 0 ? "ForkFailed" : "ExecFailed",
                fmt::format("fork/exec {}: {}", command.path, words.empty() ? std::strerror(reason) : words));
  }
  int handle = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
  if (handle < 0) {
    ::kill(pid, kEndSignal);
    ::waitpid(pid, nullptr, 0);
    ::close(pipe[0]);
    return fail(ErrorKind::unavailable, "NoPidfd",
                std::string("pidfd_open (Linux 5.3 or later): ") + std::strerror(errno));
  }
  ::fcntl(handle, F_SETFD, FD_CLOEXEC);
  ::fcntl(pipe[0], F_SETFL, O_NONBLOCK);
  return std::unique_ptr<Process>(new Process(executor, pid, pipe[0], handle));
}

Process::~Process() {
  if (is_reaped_) return;
  signal_group(SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

void Process::signal_group(int signal) {
  // Once reaped the number may be somebody else's.
  if (is_reaped_) return;
  ::kill(pid_, signal == SIGKILL ? kEndSignal : signal);
}

bool Process::read_available(std::string& out, std::size_t most) {
  char buffer[16 * 1024];
  for (std::size_t total = 0; total < most;) {
    ssize_t count = ::read(output_.native_handle(), buffer, sizeof buffer);
    if (count == 0) return false;
    if (count < 0) return errno == EAGAIN || errno == EINTR;
    out.append(buffer, count);
    total += count;
  }
  return true;
}

Task<void> Process::wait_readable() {
  boost::system::error_code error;
  co_await output_.async_wait(asio::posix::stream_descriptor::wait_read,
                              asio::redirect_error(asio::use_awaitable, error));
}

Task<Exit> Process::wait() {
  boost::system::error_code error;
  co_await handle_.async_wait(asio::posix::stream_descriptor::wait_read,
                              asio::redirect_error(asio::use_awaitable, error));
  if (error) throw boost::system::system_error(error);
  int status = 0;
  ::waitpid(pid_, &status, 0);
  is_reaped_ = true;
  if (WIFSIGNALED(status)) co_return Exit{0, WTERMSIG(status)};
  co_return Exit{WEXITSTATUS(status), 0};
}

Process::Memory Process::memory() const {
  Memory sum;
  if (is_reaped_) return sum;
  add_memory(pid_, 4, sum);
  // The supervisor's own is the cloud's, shared with it.
  Memory supervisor;
  add_memory(pid_, 0, supervisor);
  return {sum.now - std::min(sum.now, supervisor.now), sum.peak - std::min(sum.peak, supervisor.peak)};
}

}  // namespace ads::cloud::lambda
