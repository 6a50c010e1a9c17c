#include "cloud/scheduler/service.h"

#include <random>

#include "cloud/json_protocol.h"
#include "cloud/scheduler/errors.h"
#include "cloud/scheduler/router.h"

namespace ads::cloud::scheduler {
namespace {

constexpr std::size_t kBodyLimit = 1u << 20;

std::chrono::milliseconds draw(std::chrono::milliseconds below) {
  static std::mt19937_64 generator{std::random_device{}()};
  return std::chrono::milliseconds(std::uniform_int_distribution<std::int64_t>(0, below.count() - 1)(generator));
}

}  // namespace

Scheduler::Scheduler(Environment& environment)
    : environment_(environment),
      book_(environment.store, draw),
      dispatcher_(environment, book_),
      desk_{environment, book_, dispatcher_} {}

Task<http::Reply> Scheduler::answer(Call& call) {
  auto output = co_await run(call);
  if (!output) co_return render_rest_json_error(call, output.error());
  co_return json_reply(call, *output, "application/json");
}

Task<Outcome<json::object>> Scheduler::run(Call& call) {
  auto route = find_route(call.request.head.method, call.request.head.target);
  if (!route) {
    co_return refuse(exception(404, "UnknownOperationException",
                               fmt::format("{} {} is no path of the scheduler's API.", call.request.head.method,
                                           http::split_target(call.request.head.target).first)));
  }
  auto body = co_await call.request.body.read_all(kBodyLimit);
  if (!body && body.error().code == "RequestBodyTooLarge")
    co_return refuse(exception(413, "RequestEntityTooLarge", body.error().message));
  if (!body) co_return refuse(exception(400, "SerializationException", body.error().message));
  auto input = parse_json_object(body->empty() ? "{}" : *body);
  if (!input) co_return refuse(exception(400, "SerializationException", input.error().message));
  for (auto& [name, value] : route->members) (*input)[name] = value;
  if (auto allowed = authorize(call, route->operation, route->resource, *input); !allowed)
    co_return refuse(allowed.error());
  co_return co_await route->action(desk_, call, *std::move(input));
}

Task<void> Scheduler::start() {
  dispatcher_.start();
  co_return;
}

Task<void> Scheduler::stop() {
  return dispatcher_.stop();
}

}  // namespace ads::cloud::scheduler
