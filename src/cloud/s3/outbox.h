// Event notifications on their way: written in the transaction that changes the object, removed once the destination
// has accepted them, sent again after a restart. At least once, as S3 promises.
//
// Stored under keys::event(sequence): {"kind": "function"|"queue"|"topic", "arn", "source": bucket's ARN, "payload"}.
#pragma once
#include <set>

#include "cloud/environment.h"
#include "cloud/s3/blobs.h"
#include "cloud/s3/events.h"

namespace ads::cloud::s3 {

class Outbox {
 public:
  Outbox(Environment& environment, Sequence& sequence);

  // One entry for each of the bucket's rules that the event matches. Call deliver() once the transaction is committed.
  void add(Transaction& transaction, const Call& call, const Bucket& bucket, const ObjectEvent& event);
  void deliver() { bell_.ring_all(); }

  // Hands one payload to a destination. Errors: the destination's.
  Task<Outcome<void>> send(DestinationKind kind, std::string arn, std::string payload, std::string bucket_arn);

  Task<void> start();
  Task<void> stop();

 private:
  Task<void> run();
  Task<void> deliver_one(std::uint64_t sequence, std::string entry);
  void finish(std::uint64_t sequence);

  Environment& environment_;
  Sequence& sequence_;
  std::uint64_t seen_ = 0;  // every entry up to here is on its way or gone
  std::size_t in_flight_ = 0;
  Bell bell_;
  TaskGroup tasks_;
};

}  // namespace ads::cloud::s3
