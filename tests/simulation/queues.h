// SQS: a standard queue that delivers in any order and more than once, and a FIFO queue that keeps each group's order.
#pragma once
#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "function/ports.h"
#include "simulation/ground.h"

namespace ads::simulation {

// What the deduplication id of a message begins with that came back from the dead letters.
inline constexpr std::string_view kRedriven = "redriven-";

struct Message {
  std::string id, body, group, deduplication_id;
  SystemTime visible_from{};  // in the future: in flight, or postponed
  int receives = 0;
  std::string receipt;  // of the last receive; empty: never received, or visible again by time
};

struct QueueRules {
  std::string name;
  enum class Kind { standard, fifo } kind = Kind::standard;
  std::chrono::seconds visibility{30};
  int max_receives = 0;  // 0: no dead-letter queue
};

class MessageQueue {
 public:
  MessageQueue(Ground& ground, QueueRules rules) : ground_(ground), rules_(std::move(rules)) {}

  const QueueRules& rules() const { return rules_; }
  void set_dead_letters(MessageQueue* queue) { dead_letters_ = queue; }
  // Told whenever there may be something to receive.
  void set_listener(std::function<void()> listener) { listener_ = std::move(listener); }

  // A FIFO queue takes a deduplication id once in five minutes, and answers a repetition as the first. Gives the
  // sequence number.
  std::string send(std::string body, std::string group, std::string deduplication_id);
  std::vector<Message> receive(std::size_t limit);
  // Of messages that were dealt with; without effect where the receipt is not the last one.
  void remove(const Message& message);
  // Errors: conflict / "MessageNotInflight".
  Result<void> postpone(const std::vector<std::string>& receipts, std::chrono::seconds time);
  // As it was some time in the last minute.
  function::QueueDepth depth();
  // All that is there comes to `target` as new messages: a redrive.
  void move_all(MessageQueue& target);

  bool is_empty() const { return messages_.empty(); }
  const std::deque<Message>& messages() const { return messages_; }
  struct Accepted {
    std::string body, deduplication_id;
    SystemTime when;
  };
  const std::vector<Accepted>& accepted() const { return accepted_; }  // all there ever were

 private:
  bool is_in_flight(const Message& message) const { return message.visible_from > ground_.now(); }
  void wake_at(SystemTime when);
  void take_snapshot();

  Ground& ground_;
  QueueRules rules_;
  MessageQueue* dead_letters_ = nullptr;
  std::function<void()> listener_;
  std::deque<Message> messages_;
  struct Known {
    SystemTime when;
    std::string sequence_number;
  };
  std::map<std::pair<std::string, std::string>, Known> deduplication_;
  std::vector<Accepted> accepted_;
  std::deque<std::pair<SystemTime, function::QueueDepth>> snapshots_;
  int ids_ = 0;
};

}  // namespace ads::simulation
