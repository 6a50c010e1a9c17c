// What is stored about a message's place in its queue. On-disk: a new shape gets a new format byte.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "cloud/sqs/message.h"

namespace ads::cloud::sqs {

// A message that is not in flight.
struct Waiting {
  Millis sent = 0;
  std::uint64_t receives = 0;
  Millis first_receive = 0;
  Millis not_before = 0;  // delayed until then
};

// A message in flight. Its receive count tells this receive from every other.
struct Held {
  Waiting waiting;
  Millis visible_at = 0;
  Millis received_at = 0;
  std::string group;
};

// A FIFO group that has messages.
struct Group {
  std::uint64_t head = 0;    // the first that is not in flight; 0 where all are
  std::uint64_t held = 0;    // in flight: while any is, the group is locked
  std::uint64_t listed = 0;  // its key among the groups to be received from; 0: not there
  bool is_head_delayed = false;
};

// A FIFO message sent within the last five minutes.
struct SentBefore {
  std::uint64_t sequence = 0;
  Millis sent = 0;
  std::string message_id;
};

// One queue's counters, written with every change: exact after a crash, and no scan at the start.
struct QueueState {
  std::uint64_t next = 1;  // the next message's sequence
  std::uint64_t ready = 0, held = 0, delayed = 0;
  std::uint64_t first_ready = 0;  // no ready entry is below: a scan that starts here meets no tombstones
  Millis settled = 0;             // nothing in flight or delayed is due before
  std::uint64_t bucket = 0;       // five-minute bucket of the newest deduplication entry
};

std::string encode(const Waiting& waiting);
std::string encode(const Held& held);
std::string encode(const Group& group);
std::string encode(const SentBefore& before);
std::string encode(const QueueState& state);
std::optional<Waiting> decode_waiting(std::string_view stored);
std::optional<Held> decode_held(std::string_view stored);
std::optional<Group> decode_group(std::string_view stored);
std::optional<SentBefore> decode_sent_before(std::string_view stored);
std::optional<QueueState> decode_queue_state(std::string_view stored);

}  // namespace ads::cloud::sqs
