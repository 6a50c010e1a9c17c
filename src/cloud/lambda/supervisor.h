// A small process between the cloud and a function's process, which sees to it that nothing of the function outlives
// it: whatever the function started is its descendant, even what left its group and session, because the supervisor is
// the subreaper of all of it. It ends as the function ended, after everything else; and it ends everything when the
// cloud is gone, killed or not.
#pragma once
#include <sys/types.h>

namespace ads::cloud::lambda {

// What the function's process becomes. The descriptors belong to the caller.
struct Child {
  const char* path;
  char* const* arguments;
  char* const* environment;
  const char* directory;
  int output, null;
  pid_t parent;
};

// The signals that a supervisor takes. end: everything is killed at once; any other goes to the function's group.
inline constexpr int kEndSignal = 12;  // SIGUSR2

// Runs in a forked child with every signal blocked; calls only what is safe after fork. Writes the errno of a failed
// exec to `report`, which is closed otherwise.
[[noreturn]] void supervise(Child child, int report);

}  // namespace ads::cloud::lambda
