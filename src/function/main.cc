// The Lambda function `bootstrap`: one program, whose role is the handler's name.
#include <boost/asio/signal_set.hpp>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "base/log.h"
#include "function/aws_world.h"
#include "function/dispatch.h"
#include "function/retry.h"
#include "function/runtime.h"
#include "function/sweep.h"
#include "function/worker.h"
#include "http/name_service.h"

namespace {

using namespace ads;
using namespace ads::function;

std::optional<std::string> read_zone(const std::string& name) {
  std::ifstream file("/usr/share/zoneinfo/" + name, std::ios::binary);
  if (!file) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

// What a role needs, made once per sandbox.
struct Function {
  Role role;
  Settings settings;
  std::unique_ptr<aws::Connection> connection;
  std::unique_ptr<AwsWorld> world;
};

Result<std::unique_ptr<Function>> make_function(asio::any_io_executor executor) {
  auto variables = aws::process_variables();
  auto role = parse_role(variables("_HANDLER").value_or(""));
  if (!role) return fail(role.error());
  auto settings = parse_settings(*role, variables, read_zone);
  if (!settings) return fail(settings.error());
  auto connection = aws::Connection::from_environment(executor);
  if (!connection) return fail(connection.error());
  auto function = std::make_unique<Function>(Function{*role, std::move(*settings), std::move(*connection), {}});
  function->world = std::make_unique<AwsWorld>(*function->connection, function->settings);
  return function;
}

Task<Result<std::string>> handle(Function& function, Invocation invocation) {
  World world = function.world->world();
  switch (function.role) {
    case Role::dispatch:
      co_return co_await dispatch(world, function.settings, std::move(invocation));
    case Role::worker:
      co_return co_await worker(world, function.settings, std::move(invocation));
    case Role::retry:
      co_return co_await retry(world, function.settings, std::move(invocation));
    case Role::sweep:
      break;
  }
  co_return co_await sweep(world, function.settings, std::move(invocation));
}

Task<void> serve(Runtime& runtime, int& exit_status) {
  auto function = make_function(co_await asio::this_coro::executor);
  if (!function) {
    log(LogLevel::error, "the function cannot start",
        {{"code", function.error().code}, {"error", function.error().message}});
    co_await runtime.fail_init(Failure::of(function.error()));
    exit_status = 1;
    co_return;
  }
  co_await runtime.run([&](Invocation invocation) { return handle(**function, std::move(invocation)); });
}

}  // namespace

int main() {
  http::resolve_by_files_and_dns();
  asio::io_context context(1);
  const char* api = std::getenv("AWS_LAMBDA_RUNTIME_API");
  auto runtime = Runtime::create(context.get_executor(), api ? api : "");
  if (!runtime) {
    log(LogLevel::error, runtime.error().message);
    return 2;
  }
  int exit_status = 0;
  // SIGTERM: Lambda ends the sandbox, between two invocations. Everything that counts is stored elsewhere.
  asio::signal_set signals(context, SIGTERM, SIGINT);
  signals.async_wait([&](boost::system::error_code error, int) {
    if (!error) context.stop();
  });
  asio::co_spawn(context, serve(*runtime, exit_status), [&](std::exception_ptr exception) {
    if (exception) {
      exit_status = 1;
      try {
        std::rethrow_exception(exception);
      } catch (const std::exception& error) {
        log(LogLevel::error, "the function ended with an exception", {{"error", error.what()}});
      } catch (...) {
        log(LogLevel::error, "the function ended with an unknown exception");
      }
    }
    context.stop();
  });
  context.run();
  std::_Exit(exit_status);  // an invocation that was cut off is left where it stands: nothing waits for its end
}
