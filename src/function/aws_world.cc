#include "function/aws_world.h"

#include <unistd.h>

#include "aws/call_counts.h"

namespace ads::function {
namespace {

CallTotals totals() {
  aws::CallCounts counts = aws::call_counts();
  return {counts.total(), counts.throttles};
}

void write_line(std::string line) {
  line += '\n';
  [[maybe_unused]] auto written = ::write(STDOUT_FILENO, line.data(), line.size());
}

}  // namespace

AwsWorld::AwsWorld(aws::Connection& connection, const Settings& settings)
    : stack_(settings.stack),
      objects_(connection, settings),
      users_(connection, settings),
      topic_(connection, settings),
      retry_queue_(connection, settings),
      shard_queue_(connection, settings),
      runs_(connection, settings, time_),
      ledger_(connection, settings, time_),
      mailer_(connection, settings) {}

World AwsWorld::world() {
  return {objects_, users_,  topic_, retry_queue_, shard_queue_, runs_,
          ledger_,  mailer_, time_,  totals,       write_line,   stack_};
}

}  // namespace ads::function
