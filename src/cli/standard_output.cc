#include "cli/standard_output.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>

#include "cli/printable.h"

namespace ads::cli {
namespace {

[[noreturn]] void output_failed(int error) {
  if (error == EPIPE) {
    // As every program of a pipeline ends whose reader has left.
    std::signal(SIGPIPE, SIG_DFL);
    ::raise(SIGPIPE);
  }
  auto text = fmt::format("ads: cannot write to standard output: {}{}\n", std::strerror(error),
                          error == ENOSPC  ? ": make room and run the command again"
                          : error == EBADF ? ": it is closed; redirect it to a file or to /dev/null"
                                           : "");
  [[maybe_unused]] auto written = ::write(STDERR_FILENO, text.data(), text.size());
  ::_exit(1);
}

}  // namespace

void claim_standard_streams() {
  for (int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(descriptor, F_GETFD) != -1 || errno != EBADF) continue;
    // The wrong direction on purpose: using it still fails with EBADF.
    int opened = ::open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY);
    if (opened != descriptor) std::_Exit(1);
  }
}

void print_bytes(std::string_view bytes) {
  if (std::fwrite(bytes.data(), 1, bytes.size(), stdout) != bytes.size()) output_failed(errno);
}

void print(std::string_view text) {
  print_bytes(printable_lines(text));
}

void print_json(const json::value& value) {
  print_bytes(printable_json(pretty(value)) + "\n");
}

void print_json_line(const json::value& value) {
  print_bytes(printable_json(json::serialize(value)) + "\n");
}

void flush_output() {
  if (std::fflush(stdout) != 0) output_failed(errno);
}

}  // namespace ads::cli
