#include "function/deliver.h"

#include <map>
#include <set>

#include "base/log.h"
#include "batch/overtaken.h"
#include "function/in_parallel.h"

namespace ads::function {
namespace {

class Delivery {
 public:
  Delivery(World& world, Flow& flow, Destination& destination, std::span<const BatchEntry> entries, SendBatch send,
           asio::any_io_executor executor)
      : world_(world),
        flow_(flow),
        destination_(destination),
        entries_(entries),
        send_(std::move(send)),
        plan_(plan_delivery(entries, destination.limits, destination.order)),
        unfinished_(plan_.calls.size()),
        bell_(std::move(executor)) {
    for (std::size_t call = 0; call < plan_.calls.size(); ++call)
      if (plan_.calls[call].waits_for == 0) ready_.insert(call);
    for (std::size_t position : plan_.oversize)
      delivered_.refused.push_back({position, batch::Reason::oversize,
                                    std::to_string(entries[position].size) + " bytes; a call takes " +
                                        std::to_string(destination.limits.bytes)});
  }

  Task<Result<Delivered>> run() {
    std::size_t workers = std::min(flow_.calls_in_flight, plan_.calls.size());
    co_await in_parallel(workers, workers, [this](std::size_t) { return work(); });
    if (error_) co_return fail(*error_);
    for (const auto& call : plan_.calls)
      if (!call.positions.empty())
        delivered_.unsent.insert(delivered_.unsent.end(), call.positions.begin(), call.positions.end());
    co_return std::move(delivered_);
  }

 private:
  // A call between its first attempt and its last.
  struct Sending {
    std::vector<std::size_t> pending;
    std::map<std::size_t, batch::Arrival> arrived = {};  // by position
  };

  Task<void> work() {
    try {
      while (!is_over()) {
        if (ready_.empty()) {
          co_await bell_.wait();
          continue;
        }
        // The earliest in the file first: what was sent when the time is over is a beginning of the chunk.
        DeliveryPlan::Call& call = plan_.calls[ready_.extract(ready_.begin()).value()];
        if (!co_await may_begin(call)) break;
        co_await settle({std::exchange(call.positions, {})});
        if (error_) break;
        --unfinished_;
        for (std::size_t follower : call.followed_by)
          if (--plan_.calls[follower].waits_for == 0) ready_.insert(follower);
        bell_.ring_all();
      }
    } catch (...) {
      is_abandoned_ = true;  // the others must not wait for what never comes
      bell_.ring_all();
      throw;
    }
    bell_.ring_all();
  }

  bool is_over() const { return unfinished_ == 0 || error_ || is_abandoned_ || is_out_of_time_; }

  Task<bool> may_begin(const DeliveryPlan::Call& call) {
    SystemTime now = world_.time.now();
    auto wait = destination_.pace ? destination_.pace->take(call.positions.size(), now) : milliseconds(0);
    if (destination_.late_calls == Destination::LateCalls::refused && !flow_.may_call(now + wait)) {
      is_out_of_time_ = true;
      co_return false;
    }
    if (wait.count() > 0) co_await world_.time.sleep(wait);
    co_return !is_over();
  }

  // Sends until each entry is acknowledged or refused, or error_ says why not.
  Task<void> settle(Sending sending) {
    SystemTime begin = world_.time.now();
    for (int attempt = 0;; ++attempt) {
      if (attempt > 0) co_await wait_for_pace(sending.pending.size());
      auto answer = co_await send_(sending.pending);
      destination_.call_time.took(world_.time.now() - begin);
      Error last{ErrorKind::unavailable, "PartialFailure", "a batch call kept failing for some of its entries"};
      if (answer) {
        read(*answer, attempt, sending);
        if (sending.pending.empty()) co_return note_order(sending);
      } else {
        last = answer.error();
        if (last.kind == ErrorKind::throttled) note_throttle();
        if (!is_retryable(last)) {
          error_ = last;
          co_return;
        }
        log_repeat(last, attempt);
      }
      if (error_ || is_abandoned_) co_return;
      if (world_.time.now() >= flow_.budget.give_up) {
        error_ = last;
        co_return;
      }
      co_await world_.time.sleep(jittered_delay(attempt, world_.time.random()));
    }
  }

  Task<void> wait_for_pace(std::size_t entries) {
    if (!destination_.pace) co_return;
    auto wait = destination_.pace->take(entries, world_.time.now());
    if (wait.count() > 0) co_await world_.time.sleep(wait);
  }

  // Leaves what has to be sent again in sending.pending.
  void read(const batch::BatchAnswer& answer, int attempt, Sending& sending) {
    std::vector<std::string> ids;
    ids.reserve(sending.pending.size());
    for (std::size_t position : sending.pending) ids.emplace_back(entries_[position].id);
    batch::Reconciled reconciled = batch::reconcile(ids, answer);
    for (const std::string& oddity : reconciled.oddities)
      log(LogLevel::warning, "a batch call was answered oddly", {{"oddity", oddity}});
    for (const auto& refused : reconciled.refused)
      delivered_.refused.push_back({sending.pending[refused.position], batch::Reason::sender_fault,
                                    refused.failure.code + ": " + refused.failure.message});
    for (std::size_t index : reconciled.done) {
      auto number = answer.sequence_numbers.find(ids[index]);
      sending.arrived[sending.pending[index]] = {entries_[sending.pending[index]].user, attempt,
                                                 number == answer.sequence_numbers.end() ? "" : number->second};
    }
    if (destination_.pace) destination_.pace->acknowledged(reconciled.done.size(), world_.time.now());
    if (reconciled.throttled) note_throttle();
    if (!reconciled.again.empty()) ++delivered_.partial_failures;
    std::vector<std::size_t> again;
    for (std::size_t index : reconciled.again) again.push_back(sending.pending[index]);
    sending.pending = std::move(again);
  }

  void note_order(const Sending& sending) {
    if (destination_.order != DeliveryOrder::per_user) return;
    std::vector<std::size_t> positions;
    std::vector<batch::Arrival> arrivals;
    for (const auto& [position, arrival] : sending.arrived) {
      positions.push_back(position);
      arrivals.push_back(arrival);
    }
    for (std::size_t index : batch::overtaken(arrivals)) delivered_.reordered.push_back(positions[index]);
  }

  void note_throttle() {
    ++flow_.throttles;
    if (destination_.pace) destination_.pace->throttled(world_.time.now());
  }

  World& world_;
  Flow& flow_;
  Destination& destination_;
  std::span<const BatchEntry> entries_;
  SendBatch send_;
  DeliveryPlan plan_;  // a call that has begun has no positions any more
  std::set<std::size_t> ready_;
  std::size_t unfinished_;
  Bell bell_;
  Delivered delivered_;
  std::optional<Error> error_;
  bool is_abandoned_ = false;
  bool is_out_of_time_ = false;
};

}  // namespace

Task<Result<Delivered>> deliver(World& world, Flow& flow, Destination& destination, std::span<const BatchEntry> entries,
                                SendBatch send) {
  Delivery delivery(world, flow, destination, entries, std::move(send), co_await asio::this_coro::executor);
  co_return co_await delivery.run();
}

}  // namespace ads::function
