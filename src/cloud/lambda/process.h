// A child process in a process group of its own, with one pipe for everything it prints.
#pragma once
#include <sys/types.h>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/task.h"

namespace ads::cloud::lambda {

struct Command {
  std::string path;
  std::vector<std::string> environment;  // "NAME=value", and nothing inherited
  std::string directory;                 // where it starts
};

// How a process ended: an exit status, or the signal that killed it.
struct Exit {
  int status = 0;
  int signal = 0;
  std::string describe() const;  // "exit status 1", "signal: killed"
};

class Process {
 public:
  // Made with vfork, so it is safe among threads and cheap with much memory. The child dies with its parent
  // (PR_SET_PDEATHSIG), dumps no core, and is the kernel's first choice when memory runs out.
  // Errors: invalid / "ExecFailed" in the words of Lambda's own init ("fork/exec PATH: exec format error").
  static Result<std::unique_ptr<Process>> start(asio::any_io_executor executor, const Command& command);
  // Kills the whole group and waits for it.
  ~Process();

  // What is there to read now, appended to `out`, up to about `most` bytes; false at the end of the stream.
  bool read_available(std::string& out, std::size_t most);
  // Returns once there is something to read, or the end.
  Task<void> wait_readable();
  // Returns once the process has ended; whoever is left of its group is killed then.
  Task<Exit> wait();
  void signal_group(int signal);
  pid_t pid() const { return pid_; }

  // Bytes in memory now and at most so far, of the process alone (children of it are added where the kernel lists
  // them).
  struct Memory {
    std::uint64_t now = 0, peak = 0;
  };
  Memory memory() const;

 private:
  Process(asio::any_io_executor executor, pid_t pid, int output, int handle);

  pid_t pid_;
  bool is_reaped_ = false;
  asio::posix::stream_descriptor output_;
  asio::posix::stream_descriptor handle_;  // pidfd
};

}  // namespace ads::cloud::lambda
