// Which message of a FIFO queue comes next: groups by their oldest message, within a group strictly in order, and
// nothing from a group that has a message in flight.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-understanding-logic.html
#pragma once
#include <functional>
#include <string>
#include <unordered_map>

#include "cloud/sqs/keys.h"
#include "cloud/sqs/states.h"
#include "cloud/sqs/window.h"

namespace ads::cloud::sqs {

class FifoOrder {
 public:
  FifoOrder(Store& store, const MessageKeys& keys, std::uint64_t first) : store_(store), keys_(keys), window_(first) {}

  // Each of these tells whether a group became receivable by it.
  bool put_new(Batch& batch, const std::string& group, std::uint64_t sequence, const Waiting& waiting);
  // From flight back to its place.
  bool put_back(Batch& batch, const std::string& group, std::uint64_t sequence, const Waiting& waiting);
  // The message's delay is over.
  bool end_delay(Batch& batch, const std::string& group, std::uint64_t sequence);
  // A message in flight was deleted.
  bool release(Batch& batch, const std::string& group);

  // What is to become of a message that may be received.
  enum class Verdict { hold, drop, stop };
  using Visit = std::function<Verdict(const std::string& group, std::uint64_t sequence, const Waiting& waiting)>;
  // Walks the messages of the group that is next, up to the first `stop` or delayed one; those held or dropped leave
  // the list. False where no group may be received from.
  bool visit_next_group(Batch& batch, Millis now, const Visit& visit);

  // Adds the groups' records to the batch; call once, last.
  void seal(Batch& batch);
  void applied();
  std::uint64_t first(std::uint64_t next) const { return window_.lower_bound(next); }

 private:
  Group& load(const std::string& name);
  // Lists the group where it may be received from, and nowhere else. True where it is listed now and was not.
  bool relist(Batch& batch, const std::string& name, Group& group);

  Store& store_;
  const MessageKeys& keys_;
  Window<std::string> window_;                      // sequence of the head -> group
  std::unordered_map<std::string, Group> changed_;  // by the batch being made
};

}  // namespace ads::cloud::sqs
