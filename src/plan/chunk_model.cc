#include "plan/chunk_model.h"

#include <algorithm>
#include <cmath>

namespace ads::plan {
namespace {

constexpr double kBatch = 10;         // entries of PublishBatch and SendMessageBatch
constexpr double kFullest = 8;        // of them, on average, in the calls that no two users fit into
constexpr double kKeys = 100;         // of BatchGetItem
constexpr double kPacedSeconds = 15;  // a chunk's at most, where PublishRate is low

double ceil_div(double a, double b) {
  return std::ceil(a / b - 1e-9);
}

// Batch calls for a share of the lines. How many lines that are differs from chunk to chunk: on average the last call
// is half full.
double batches(double lines, double share, double per_call) {
  if (lines <= 0 || share <= 0) return 0;
  if (share >= 1) return ceil_div(lines, per_call);
  return std::max(1.0, lines * share / per_call + (per_call - 1) / (2 * per_call));
}

}  // namespace

ChunkModel::ChunkModel(const Workload& workload, const Deployment& deployment, double publish_rate,
                       const CallTimes& times)
    : work_(workload), deploy_(deployment), time_(times), publish_rate_(publish_rate) {
  if (publish_rate > 0)
    lines_ = std::clamp<std::size_t>(static_cast<std::size_t>(publish_rate * kPacedSeconds), 1, batch::kChunkLines);
  std::size_t most = lines_ * batch::most_chunk_growth(static_cast<std::size_t>(deployment.function_memory));
  while (lines_ * 2 <= most && may_grow(static_cast<double>(lines_))) lines_ *= 2;
}

ChunkCalls ChunkModel::calls_of(double lines) const {
  double users = work_.spread_within(lines).users;
  double with_lookup = 1 - std::pow(1 - work_.lookup_share(), lines / users);  // of the users
  ChunkCalls calls{
      .lines = lines,
      .gets = batches(users, with_lookup, kKeys),
      .publishes = batches(lines, work_.lookup_share(), entries_of(lines, work_.lookup_share(), topic_order())),
      .sends = batches(lines, work_.retry_share, entries_of(lines, work_.retry_share, queue_order())),
      .pieces = 1 - std::pow(1 - work_.bad_share, lines),
      .publish_chain = chain(lines, work_.lookup_share(), topic_order()),
      .send_chain = chain(lines, work_.retry_share, queue_order())};
  // One user's records are one to a call where the order is strict.
  calls.publishes = std::max(calls.publishes, calls.publish_chain);
  calls.sends = std::max(calls.sends, calls.send_chain);
  return calls;
}

bool ChunkModel::is_chain_bound(const ChunkCalls& calls) const {
  return batch::is_chain_bound(publishing(calls), queueing(calls), time_.calls_in_flight);
}

ChunkModel::Order ChunkModel::queue_order() const {
  return deploy_.ordering == Deployment::Ordering::by_file ? Order::strict : Order::per_user;
}

ChunkModel::Order ChunkModel::topic_order() const {
  return deploy_.topic == Deployment::Topic::fifo ? queue_order() : Order::none;
}

// Where each user has more than five entries, a call has no room for another user's.
double ChunkModel::entries_of(double lines, double share, Order order) const {
  double each = lines / work_.spread_within(lines).users * share;
  return order == Order::per_user && each > kBatch / 2 && each < kBatch ? std::max(kFullest, each) : kBatch;
}

// Calls that follow each other, since each has records of the user with the most.
double ChunkModel::chain(double lines, double share, Order order) const {
  if (lines <= 0 || share <= 0 || order == Order::none) return 0;
  double most = std::max(1.0, work_.spread_within(lines).most_of_a_user * share);
  return order == Order::strict ? most : ceil_div(most, kBatch);
}

batch::CallLoad ChunkModel::publishing(const ChunkCalls& calls) const {
  double paced = publish_rate_ > 0 ? calls.lines * work_.lookup_share() / publish_rate_ : 0;
  return {calls.publishes, calls.publish_chain, time_.publish_batch, paced};
}

batch::CallLoad ChunkModel::queueing(const ChunkCalls& calls) const {
  return {calls.sends, calls.send_chain, time_.send_batch};
}

bool ChunkModel::may_grow(double lines) const {
  double records = static_cast<double>(work_.records);
  if (lines >= records || lines * static_cast<double>(work_.bytes) / records > double(batch::kMostGrowingBytes))
    return false;
  ChunkCalls calls = calls_of(lines);
  return batch::wants_more_lines(publishing(calls), queueing(calls), time_.calls_in_flight);
}

}  // namespace ads::plan
