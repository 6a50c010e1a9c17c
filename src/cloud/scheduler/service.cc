#include "cloud/scheduler/service.h"

#include <random>

#include "cloud/scheduler/operations.h"

namespace ads::cloud::scheduler {
namespace {

std::chrono::milliseconds draw(std::chrono::milliseconds below) {
  static std::mt19937_64 generator{std::random_device{}()};
  return std::chrono::milliseconds(std::uniform_int_distribution<std::int64_t>(0, below.count() - 1)(generator));
}

}  // namespace

Service::Service(Environment& environment)
    : environment_(environment),
      book_(environment.store, draw),
      dispatcher_(environment, book_),
      state_{environment, book_, dispatcher_},
      pipeline_(make_pipeline(environment, state_)) {}

Task<http::Reply> Service::answer(Call& call) {
  return pipeline_.answer(call);
}

Task<void> Service::start() {
  dispatcher_.start();
  co_return;
}

void Service::bring_deadlines_forward(Batch& batch, std::chrono::milliseconds by) {
  book_.bring_forward(batch, by);
}

Task<void> Service::stop() {
  return dispatcher_.stop();
}

}  // namespace ads::cloud::scheduler
