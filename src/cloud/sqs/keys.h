// Where SQS keeps what in the store. Every key starts with the text "sqs".
//
//   "sqs" "queue" region name                    -> JSON, a Definition (definition.h)
//   "sqs" "next-queue"                           -> number of the next queue made
//   "sqs" "sources" dead-letter-arn region name  -> "" : that queue names this dead-letter queue
//   "sqs" "move" region name started-ms          -> JSON, a MoveTask (move_task.h)
//   "sqs" "m" queue-number kind ...              -> a queue's messages, kinds below
//
// A queue's number is never given twice, so what a deleted queue left behind can't be seen by its successor.
// `sequence` counts the messages of one queue; it is also what a FIFO message's SequenceNumber is made of.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "cloud/store.h"

namespace ads::cloud::sqs {

// On disk: do not change the letters.
enum class Kind : char {
  state = 'Q',          //                        -> QueueState
  message = 'B',        // sequence               -> Message; written once, removed with the message
  ready = 'R',          // sequence               -> Waiting; standard queues: may be received now
  group = 'P',          // group                  -> Group; FIFO: a group that has messages
  group_message = 'G',  // group sequence         -> Waiting; FIFO: not in flight, may still be delayed
  group_ready = 'A',    // sequence of the head   -> group; FIFO: a group that may be received from now
  held = 'X',           // sequence               -> Held; in flight
  timeout = 'V',        // visible-at-ms sequence -> ""; in flight, in order of return
  delayed = 'D',        // due-ms sequence        -> Waiting (standard) or group (FIFO)
  duplicate = 'U',      // 5-minute-bucket scope deduplication-id -> SentBefore
};

inline std::string definition_key(std::string_view region, std::string_view name) {
  std::string key;
  append_text(key, "sqs");
  append_text(key, "queue");
  append_text(key, region);
  append_text(key, name);
  return key;
}

inline std::string definitions_prefix(std::string_view region) {
  std::string key;
  append_text(key, "sqs");
  append_text(key, "queue");
  append_text(key, region);
  return key;
}

inline std::string next_queue_key() {
  std::string key;
  append_text(key, "sqs");
  append_text(key, "next-queue");
  return key;
}

inline std::string sources_prefix(std::string_view dead_letter_arn) {
  std::string key;
  append_text(key, "sqs");
  append_text(key, "sources");
  append_text(key, dead_letter_arn);
  return key;
}

inline std::string source_key(std::string_view dead_letter_arn, std::string_view region, std::string_view name) {
  std::string key = sources_prefix(dead_letter_arn);
  append_text(key, region);
  append_text(key, name);
  return key;
}

inline std::string move_tasks_prefix() {
  std::string key;
  append_text(key, "sqs");
  append_text(key, "move");
  return key;
}

inline std::string move_tasks_prefix(std::string_view region, std::string_view name) {
  std::string key = move_tasks_prefix();
  append_text(key, region);
  append_text(key, name);
  return key;
}

inline std::string messages_prefix(std::uint64_t queue) {
  std::string key;
  append_text(key, "sqs");
  append_text(key, "m");
  append_number(key, queue);
  return key;
}

// The keys of one queue's messages, with the common prefix made once.
class MessageKeys {
 public:
  explicit MessageKeys(std::uint64_t queue) : prefix_(messages_prefix(queue)) {}

  const std::string& prefix() const { return prefix_; }
  std::string of(Kind kind) const { return prefix_ + static_cast<char>(kind); }
  std::string of(Kind kind, std::uint64_t number) const {
    std::string key = of(kind);
    append_number(key, number);
    return key;
  }
  std::string of(Kind kind, std::uint64_t number, std::uint64_t sequence) const {
    std::string key = of(kind, number);
    append_number(key, sequence);
    return key;
  }
  std::string group(std::string_view group) const {
    std::string key = of(Kind::group);
    append_text(key, group);
    return key;
  }
  std::string group_messages(std::string_view group) const {
    std::string key = of(Kind::group_message);
    append_text(key, group);
    return key;
  }
  std::string group_message(std::string_view group, std::uint64_t sequence) const {
    std::string key = group_messages(group);
    append_number(key, sequence);
    return key;
  }
  std::string duplicate(std::uint64_t bucket, std::string_view scope, std::string_view id) const {
    std::string key = of(Kind::duplicate, bucket);
    append_text(key, scope);
    append_text(key, id);
    return key;
  }
  // The numbers at the end of a key of this queue: the last is the sequence.
  static std::uint64_t last_number(std::string_view key) {
    std::string_view tail = key.substr(key.size() - 8);
    return take_number(tail).value_or(0);
  }
  static std::uint64_t number_before_last(std::string_view key) {
    std::string_view tail = key.substr(key.size() - 16);
    return take_number(tail).value_or(0);
  }

 private:
  std::string prefix_;
};

}  // namespace ads::cloud::sqs
