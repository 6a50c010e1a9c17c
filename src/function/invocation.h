// One call of the function, as the runtime hands it over, and what a role makes of it.
#pragma once
#include <functional>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "base/task.h"

namespace ads::function {

struct Invocation {
  std::string request_id;  // the same when Lambda repeats a failed asynchronous call
  std::string payload;
  SystemTime deadline{};
  std::string function_arn;
  std::string trace_id;  // X-Ray's
};

// Who holds leases: this invocation alone. Lambda may deliver an asynchronous event twice, even side by side, with the
// same request id; `random` in [0, 1) tells them apart.
std::string lease_owner(const Invocation& invocation, double random);

// The answer's JSON, or an error: Lambda then repeats the call or gives its event back, as the event's source does.
using Handler = std::function<Task<Result<std::string>>(Invocation)>;

}  // namespace ads::function
