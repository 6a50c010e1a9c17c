#include "function/deliver.h"

#include <deque>

#include "base/log.h"
#include "function/in_parallel.h"

namespace ads::function {
namespace {

class Delivery {
 public:
  Delivery(World& world, Flow& flow, std::span<const Parcel> parcels, batch::PackLimits limits, PublishPace* pace,
           SendBatch send, asio::any_io_executor executor)
      : world_(world),
        flow_(flow),
        parcels_(parcels),
        pace_(pace),
        send_(std::move(send)),
        plan_(plan_delivery(parcels, limits)),
        unfinished_(plan_.calls.size()),
        bell_(std::move(executor)) {
    for (std::size_t call = 0; call < plan_.calls.size(); ++call)
      if (plan_.calls[call].waits_for == 0) ready_.push_back(call);
    for (std::size_t position : plan_.oversize)
      delivered_.refused.push_back(
          {position, batch::Reason::oversize,
           std::to_string(parcels[position].size) + " bytes; a call takes " + std::to_string(limits.bytes)});
  }

  Task<Result<Delivered>> run() {
    std::size_t workers = std::min(flow_.calls_in_flight, plan_.calls.size());
    co_await in_parallel(workers, workers, [this](std::size_t) { return work(); });
    if (error_) co_return fail(*error_);
    co_return std::move(delivered_);
  }

 private:
  Task<void> work() {
    try {
      while (!is_over()) {
        if (ready_.empty()) {
          co_await bell_.wait();
          continue;
        }
        std::size_t call = ready_.front();
        ready_.pop_front();
        co_await settle(plan_.calls[call].positions);
        if (error_) break;
        --unfinished_;
        for (std::size_t follower : plan_.calls[call].followed_by)
          if (--plan_.calls[follower].waits_for == 0) ready_.push_back(follower);
        bell_.ring_all();
      }
    } catch (...) {
      is_abandoned_ = true;  // the others must not wait for what never comes
      bell_.ring_all();
      throw;
    }
    bell_.ring_all();
  }

  bool is_over() const { return unfinished_ == 0 || error_ || is_abandoned_; }

  // Sends until each position is acknowledged or refused, or error_ says why not.
  Task<void> settle(std::vector<std::size_t> pending) {
    for (int attempt = 0;; ++attempt) {
      if (pace_)
        if (auto wait = pace_->take(pending.size(), world_.time.now()); wait.count() > 0)
          co_await world_.time.sleep(wait);
      auto answer = co_await send_(pending);
      Error last{ErrorKind::unavailable, "PartialFailure", "a batch call kept failing for some of its entries"};
      if (answer) {
        pending = read(*answer, pending);
        if (pending.empty()) co_return;
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

  // What has to be sent again.
  std::vector<std::size_t> read(const batch::BatchAnswer& answer, const std::vector<std::size_t>& sent) {
    std::vector<std::string> ids;
    ids.reserve(sent.size());
    for (std::size_t position : sent) ids.emplace_back(parcels_[position].id);
    batch::Reconciled reconciled = batch::reconcile(ids, answer);
    for (const std::string& oddity : reconciled.oddities)
      log(LogLevel::warning, "a batch call was answered oddly", {{"oddity", oddity}});
    for (const auto& refused : reconciled.refused)
      delivered_.refused.push_back(
          {sent[refused.position], batch::Reason::sender_fault, refused.failure.code + ": " + refused.failure.message});
    if (pace_) pace_->acknowledged(reconciled.done.size(), world_.time.now());
    if (reconciled.throttled) note_throttle();
    if (!reconciled.again.empty()) ++delivered_.partial_failures;
    std::vector<std::size_t> again;
    for (std::size_t index : reconciled.again) again.push_back(sent[index]);
    return again;
  }

  void note_throttle() {
    ++flow_.throttles;
    if (pace_) pace_->throttled(world_.time.now());
  }

  World& world_;
  Flow& flow_;
  std::span<const Parcel> parcels_;
  PublishPace* pace_;
  SendBatch send_;
  DeliveryPlan plan_;
  std::deque<std::size_t> ready_;
  std::size_t unfinished_;
  Bell bell_;
  Delivered delivered_;
  std::optional<Error> error_;
  bool is_abandoned_ = false;
};

}  // namespace

Task<Result<Delivered>> deliver(World& world, Flow& flow, std::span<const Parcel> parcels, batch::PackLimits limits,
                                PublishPace* pace, SendBatch send) {
  Delivery delivery(world, flow, parcels, limits, pace, std::move(send), co_await asio::this_coro::executor);
  co_return co_await delivery.run();
}

}  // namespace ads::function
