// One queue's messages: ready, in flight, delayed. Decides and writes; never waits. Every call that changes something
// takes the Changes that it belongs to, and is undone with them.
#pragma once
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/task.h"
#include "cloud/sqs/changes.h"
#include "cloud/sqs/definition.h"
#include "cloud/sqs/due_times.h"
#include "cloud/sqs/fifo_order.h"
#include "cloud/sqs/receipt.h"
#include "cloud/sqs/standard_order.h"

namespace ads::cloud::sqs {

inline constexpr std::uint64_t kMostInFlight = 120'000;
inline constexpr Millis kDeduplicationWindow = 5 * 60 * 1000;
inline constexpr Millis kLongestVisibility = 12 * 60 * 60 * 1000;

struct Appended {
  std::string message_id;
  std::uint64_t sequence = 0;
};

struct Received {
  Message message;
  std::uint64_t sequence = 0;
  Waiting waiting;  // with this receive counted
  std::string handle;
};

// What happened to a queue within the running minute, and when it was last used: for its metrics. In memory alone.
struct Activity {
  Millis used = 0;
  bool is_listed = false;  // among the active queues
  std::uint64_t sent = 0, received = 0, deleted = 0, empty_receives = 0;
};

class Queue {
 public:
  Queue(Store& store, asio::any_io_executor executor, Definition definition);
  Queue(const Queue&) = delete;

  const Definition& definition() const { return definition_; }
  const Settings& settings() const { return settings_; }
  void redefine(Definition definition);

  std::uint64_t ready() const { return state_.ready; }
  std::uint64_t held() const { return state_.held; }
  std::uint64_t delayed() const { return state_.delayed; }

  // A new message; `delay` overrides the queue's. A FIFO message already sent within five minutes is answered with what
  // was answered then and not kept again.
  Appended append(Changes& changes, Message message, std::optional<Millis> delay, Millis now);
  // A message from another queue, with its receives so far.
  void adopt(Changes& changes, Message message, Waiting waiting);

  struct Taking {
    std::size_t most = 1;
    Millis visibility = 30'000;
    Millis now = 0;
    Queue* dead_letters = nullptr;  // where a message goes that was received often enough
    std::string attempt;            // ReceiveRequestAttemptId
  };
  struct Taken {
    std::vector<Received> messages;
    bool is_unfinished = false;  // expired messages were in the way: call again
  };
  // Call settle() and apply before.
  Taken take(Changes& changes, const Taking& taking);

  // Takes up to `most` messages that are not in flight out of the queue for good.
  std::vector<Message> extract(Changes& changes, std::size_t most, Millis now);

  enum class Removal { removed, stale, expired };
  Removal remove(Changes& changes, const Receipt& receipt, Millis now);
  Outcome<void> change_visibility(Changes& changes, const Receipt& receipt, Millis timeout, Millis now);

  // Brings back what is due: timed-out and delayed messages. True where more is left for another call.
  bool settle(Changes& changes, Millis now);
  // Whether settle() has anything to do.
  bool is_due(Millis now) const;
  // Drops expired messages from the front, up to a thousand.
  void expire(Changes& changes, Millis now);
  // A time at which to settle again.
  std::optional<Millis> next_due() const;

  void purge(Changes& changes, Millis now);

  Activity& activity() { return activity_; }
  // When the oldest message that is still there was sent.
  std::optional<Millis> oldest_sent();

  Bell& arrivals() { return arrivals_; }
  bool is_deleted() const { return is_deleted_; }
  void retire();

 private:
  friend class Changes;
  void seal(Batch& batch);
  void applied();
  void reload();

  void make_ready(Changes& changes, const std::string& group, std::uint64_t sequence, const Waiting& waiting);
  void give_back(Changes& changes, std::uint64_t sequence, const Held& held);
  void hold(Changes& changes, std::uint64_t sequence, const Held& held);
  void drop_held(Changes& changes, std::uint64_t sequence, const Held& held);
  std::optional<Held> find_held(std::uint64_t sequence) const;
  std::optional<SentBefore> sent_before(std::string_view scope, std::string_view id, Millis now) const;
  void remember_sent(Changes& changes, std::string_view scope, std::string_view id, SentBefore sent);
  bool is_expired(const Waiting& waiting, Millis now) const { return waiting.sent + settings_.retention <= now; }
  // Hands a ready message over to `dead_letters`; false where it is not that far.
  bool bury(Changes& changes, const Taking& taking, std::uint64_t sequence, const Waiting& waiting);
  std::optional<Received> receive(Changes& changes, const Taking& taking, std::uint64_t sequence, Waiting waiting);
  std::optional<Message> message(std::uint64_t sequence) const;
  Taken take_again(Changes& changes, const Taking& taking);
  std::optional<Millis> first_due_in_store(Kind kind, Millis from) const;

  struct Attempt {
    std::string id;
    Millis at = 0;
    std::vector<std::pair<std::uint64_t, std::uint64_t>> messages;  // sequence, receive count
    Millis visible_at = 0;
  };

  Store& store_;
  Definition definition_;
  Settings settings_;
  MessageKeys keys_;
  QueueState state_;
  std::optional<StandardOrder> standard_;
  std::optional<FifoOrder> fifo_;
  Millis timeouts_from_ = 0, delays_from_ = 0;  // nothing is due before: scans start here, past the tombstones
  DueTimes due_;
  std::optional<Millis> older_due_;  // earliest of what was in flight or delayed before the last restart
  std::deque<Attempt> attempts_;     // of the last five minutes, at most a thousand; forgotten by a restart
  std::map<std::uint64_t, std::optional<Held>> changed_held_;  // by the batch being made
  std::map<std::string, SentBefore> changed_sent_;             // likewise
  Activity activity_;
  std::uint64_t oldest_from_ = 0;  // no message stands before this sequence: scans start here, past the tombstones
  Bell arrivals_;
  std::size_t rings_ = 0;
  bool is_deleted_ = false;
};

}  // namespace ads::cloud::sqs
