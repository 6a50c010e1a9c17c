#include "cli/interrupt.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstring>

namespace ads::cli {
namespace {

// Two buffers: the handler reads the one that is complete.
char buffers[2][1024];
std::atomic<int> current{-1};

extern "C" void on_signal(int) {
  int index = current.load();
  if (index >= 0) {
    [[maybe_unused]] auto written = ::write(STDERR_FILENO, buffers[index], std::strlen(buffers[index]));
  }
  ::_exit(kInterrupted);
}

}  // namespace

void when_interrupted(std::string_view sentence) {
  int next = current.load() == 0 ? 1 : 0;
  auto length = std::min<std::size_t>(sentence.size(), 1000);
  char* out = buffers[next];
  *out++ = '\n';
  std::memcpy(out, sentence.data(), length);
  out[length] = '\n';
  out[length + 1] = '\0';
  current = next;
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);
}

}  // namespace ads::cli
