#include "simulation/timeline.h"

#include <algorithm>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace ads::simulation {
namespace {

// A coroutine that waits: its handler, until the time has come or somebody cancels it.
struct Waiter {
  virtual ~Waiter() = default;
  virtual void end(boost::system::error_code error) = 0;
};

template <class Handler>
struct WaiterOf : Waiter {
  WaiterOf(asio::io_context& io, Handler handler) : io(io), handler(std::move(handler)) {}

  void end(boost::system::error_code error) override {
    if (!handler) return;
    asio::post(io, [handler = std::move(*handler), error]() mutable { std::move(handler)(error); });
    handler.reset();
  }

  asio::io_context& io;
  std::optional<Handler> handler;
};

}  // namespace

// Coroutines that still wait go with their handlers, while io_ is there.
Timeline::~Timeline() {
  queue_.clear();
}

void Timeline::at(SystemTime when, std::move_only_function<void()> act) {
  queue_.push_back({std::max(when, now_), events_++, std::move(act)});
  std::push_heap(queue_.begin(), queue_.end(), IsLater());
}

Task<void> Timeline::wait_until(SystemTime when) {
  auto initiation = [this, when](auto handler) {
    auto slot = asio::get_associated_cancellation_slot(handler);
    auto waiter = std::make_shared<WaiterOf<decltype(handler)>>(io_, std::move(handler));
    if (slot.is_connected())
      slot.assign([weak = std::weak_ptr<Waiter>(waiter)](asio::cancellation_type) {
        if (auto waiter = weak.lock()) waiter->end(asio::error::operation_aborted);
      });
    at(when, [waiter = std::move(waiter)] { waiter->end({}); });
  };
  return asio::async_initiate<const asio::use_awaitable_t<>&, void(boost::system::error_code)>(std::move(initiation),
                                                                                               asio::use_awaitable);
}

bool Timeline::step() {
  while (io_.poll() > 0) {
  }
  if (queue_.empty()) return false;
  std::pop_heap(queue_.begin(), queue_.end(), IsLater());
  Event event = std::move(queue_.back());
  queue_.pop_back();
  now_ = event.when;
  event.act();
  return true;
}

SystemTime Timeline::next() const {
  return queue_.empty() ? SystemTime::max() : queue_.front().when;
}

}  // namespace ads::simulation
