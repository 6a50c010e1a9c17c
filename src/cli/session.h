// What every command shares: the flags that all of them take, the connection to AWS or the local cloud, and how to
// speak.
#pragma once
#include <boost/asio/io_context.hpp>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "aws/connection.h"
#include "base/json.h"
#include "base/result.h"
#include "base/task.h"
#include "cli/standard_output.h"

namespace ads::cli {

enum class Output { text, json };

// What the stack says of itself: BatchBucket, UsersTable, RunsTable, Topic, RetryQueueUrl, RetryDeadLetterQueueUrl.
using StackOutputs = std::map<std::string, std::string, std::less<>>;

inline constexpr int kSuccess = 0;
inline constexpr int kFailure = 1;
inline constexpr int kUsage = 2;

struct Session {
  explicit Session(asio::io_context& context) : io(context) {}

  asio::io_context& io;
  Output output = Output::text;
  std::string region, profile, endpoint_url;  // flags; empty: the environment's
  std::string stack_name = "ads";
  std::function<Task<int>()> action;  // the chosen command; gives the exit code

  bool is_json() const { return output == Output::json; }
  // Made at first use. Errors: those of load_configuration.
  Result<aws::Connection*> connection();
  // "account 123456789012, eu-west-1", and the endpoint where that is not AWS's own: what a person must know before
  // saying yes.
  std::string place(std::string_view account);
  // Errors: not_found / "NoStack" with what to do; those of DescribeStacks.
  Task<Result<StackOutputs>> stack();
  // One output of the stack. Errors: as stack(), and not_found / "NoOutput".
  Task<Result<std::string>> stack_output(std::string name);

 private:
  std::unique_ptr<aws::Connection> connection_;
  StackOutputs stack_;
};

// Standard error, controls in it escaped: "ads: sentence", or {"error": {...}} for programs. Returns kFailure.
int report_error(const Session& session, const Error& error);
int report_error(const Session& session, std::string_view code, std::string_view message);

// "yes" on a terminal; false where nobody can be asked.
bool is_interactive();

// Whole file; "-" is standard input. Errors: as InputFile's, and invalid / "FileTooLarge".
Result<std::string> read_file(const std::string& path, std::size_t limit);

}  // namespace ads::cli
