// One event on its way through a function, and what came of it.
#pragma once
#include <string>

#include "base/clock.h"

namespace ads::cloud::lambda {

struct Invocation {
  std::string request_id;
  std::string payload;
  std::string function_arn;    // as the caller named it, qualifier included
  std::string trace_id;        // "Root=1-..."; made up where empty
  std::string client_context;  // base64, as X-Amz-Client-Context has it
  SystemTime deadline{};       // set when the event is handed to the process
};

struct InvocationResult {
  std::string payload;     // the function's answer, or {"errorType","errorMessage"}
  std::string error_type;  // empty: it succeeded
  std::string error_message;
  std::string log_tail;  // up to 4 KB
  std::string version;   // that ran
  bool is_success() const { return error_type.empty(); }
};

}  // namespace ads::cloud::lambda
