// What the engine does with a chunk of lines: how many calls, how many of them wait for each other, and how many lines
// a chunk has.
#pragma once
#include "plan/deployment.h"
#include "plan/workload.h"

namespace ads::plan {

// On average. `publish_chain` and `send_chain`: how many calls to the topic and to the retry queue follow each other.
struct ChunkCalls {
  double lines, gets, publishes, sends, pieces;
  double publish_chain, send_chain;
};

class ChunkModel {
 public:
  // `publish_rate`: records per second that one worker may publish; 0: no limit. Keeps references.
  ChunkModel(const Workload& workload, const Deployment& deployment, double publish_rate, const CallTimes& times);
  std::size_t lines() const { return lines_; }
  ChunkCalls calls_of(double lines) const;
  bool is_chain_bound(const ChunkCalls& calls) const;

 private:
  enum class Order { none, per_user, strict };

  Order queue_order() const;
  Order topic_order() const;
  double entries_of(double lines, double share, Order order) const;
  double chain(double lines, double share, Order order) const;
  batch::CallLoad publishing(const ChunkCalls& calls) const;
  batch::CallLoad queueing(const ChunkCalls& calls) const;
  bool may_grow(double lines) const;

  const Workload& work_;
  const Deployment& deploy_;
  const CallTimes& time_;
  double publish_rate_;
  std::size_t lines_ = batch::kChunkLines;
};

}  // namespace ads::plan
