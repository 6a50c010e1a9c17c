#include "cloud/s3/state.h"

#include "base/log.h"

namespace ads::cloud::s3 {
State::State(Environment& e)
    : environment(e),
      store(e.store),
      sequence(e.store, e.clock),
      blobs(e.store, sequence, e.executor),
      buckets(e.store),
      objects(e.store, sequence),
      uploads(e.store, sequence),
      outbox(e, sequence) {}

Outcome<void> State::apply(Transaction transaction) {
  if (auto committed = blobs.commit(std::move(transaction)); !committed)
    return refuse(internal_error(committed.error()));
  outbox.deliver();
  return {};
}

Task<Outcome<void>> State::durable() {
  auto flushed = co_await store.durable();
  if (!flushed) co_return refuse(internal_error(flushed.error()));
  co_return Outcome<void>{};
}

Task<Outcome<void>> State::commit(Transaction transaction) {
  if (auto applied = apply(std::move(transaction)); !applied) co_return refuse(applied.error());
  co_return co_await durable();
}

WireError internal_error(const Error& error) {
  log(LogLevel::error, "S3 failed", {{"code", error.code}, {"error", error.message}});
  return {500, "InternalError", "We encountered an internal error. Please try again."};
}

}  // namespace ads::cloud::s3
