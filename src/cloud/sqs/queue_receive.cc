// The receiving half of Queue: take, dead letters, what comes back by itself, expiry.
#include "cloud/sqs/errors.h"
#include "cloud/sqs/queue.h"

namespace ads::cloud::sqs {
namespace {

constexpr std::size_t kMostAtOnce = 1000;  // messages moved by one call without a message to show for it
constexpr std::size_t kMostAttempts = 1000;

}  // namespace

void Changes::touch(Queue& queue) {
  if (std::find(queues_.begin(), queues_.end(), &queue) == queues_.end()) queues_.push_back(&queue);
}

Result<void> Changes::apply(Store& store) {
  for (Queue* queue : queues_) queue->seal(batch);
  if (batch.empty()) return {};
  auto result = store.apply(std::move(batch));
  for (Queue* queue : queues_) result ? queue->applied() : queue->reload();
  queues_.clear();
  batch = Batch();
  return result;
}

void Changes::undo() {
  for (Queue* queue : queues_) queue->reload();
  queues_.clear();
  batch = Batch();
}

bool Queue::bury(Changes& changes, const Taking& taking, std::uint64_t sequence, const Waiting& waiting) {
  if (!taking.dead_letters || !settings_.redrive || waiting.receives < settings_.redrive->most_receives) return false;
  auto dead = message(sequence);
  changes.batch.remove(keys_.of(Kind::message, sequence));
  if (!dead) return true;
  dead->dead_letter_source = definition_.arn();
  Waiting moved{.sent = waiting.sent, .receives = waiting.receives, .first_receive = waiting.first_receive};
  if (fifo_) {  // FIFO: a new enqueue time, and an id of its own so that the move is never taken for a repeat
    moved.sent = taking.now;
    dead->sent = taking.now;
    dead->deduplication_id = dead->id;
  }
  taking.dead_letters->adopt(changes, std::move(*dead), moved);
  return true;
}

std::optional<Received> Queue::receive(Changes& changes, const Taking& taking, std::uint64_t sequence,
                                       Waiting waiting) {
  auto found = message(sequence);
  if (!found) return {};
  ++activity_.received;
  ++waiting.receives;
  if (waiting.first_receive == 0) waiting.first_receive = taking.now;
  waiting.not_before = 0;
  hold(changes, sequence, Held{waiting, taking.now + taking.visibility, taking.now, found->group});
  return Received{std::move(*found), sequence, waiting,
                  receipt_handle({definition_.number, sequence, waiting.receives})};
}

Queue::Taken Queue::take(Changes& changes, const Taking& taking) {
  if (!taking.attempt.empty() && fifo_) {
    if (auto again = take_again(changes, taking); !again.messages.empty()) return again;
  }
  Taken taken;
  std::size_t dropped = 0;
  const auto has_room = [&] {
    return taken.messages.size() < taking.most && dropped < kMostAtOnce && state_.held < kMostInFlight;
  };
  // What becomes of one ready message; true where it leaves the queue instead of being received.
  const auto drop_or_receive = [&](std::uint64_t sequence, const Waiting& waiting) {
    if (state_.ready > 0) --state_.ready;
    if (is_expired(waiting, taking.now)) {
      changes.batch.remove(keys_.of(Kind::message, sequence));
    } else if (!bury(changes, taking, sequence, waiting)) {
      if (auto received = receive(changes, taking, sequence, waiting)) {
        taken.messages.push_back(std::move(*received));
        return false;
      }
    }
    ++dropped;
    return true;
  };
  if (standard_) {
    while (has_room()) {
      const auto front = standard_->front();
      if (!front) break;
      changes.touch(*this);
      standard_->remove(changes.batch, front->first);
      drop_or_receive(front->first, front->second);
    }
  } else {
    const auto visit = [&](const std::string&, std::uint64_t sequence, const Waiting& waiting) {
      if (!has_room()) return FifoOrder::Verdict::stop;
      return drop_or_receive(sequence, waiting) ? FifoOrder::Verdict::drop : FifoOrder::Verdict::hold;
    };
    while (has_room() && fifo_->visit_next_group(changes.batch, taking.now, visit)) changes.touch(*this);
  }
  taken.is_unfinished = taken.messages.empty() && dropped >= kMostAtOnce;
  if (taking.visibility == 0) {
    for (const auto& received : taken.messages) give_back(changes, received.sequence, *find_held(received.sequence));
  } else if (!taking.attempt.empty() && fifo_ && !taken.messages.empty()) {
    Attempt attempt{taking.attempt, taking.now, {}, taking.now + taking.visibility};
    for (const auto& received : taken.messages)
      attempt.messages.emplace_back(received.sequence, received.waiting.receives);
    attempts_.push_back(std::move(attempt));
    if (attempts_.size() > kMostAttempts) attempts_.pop_front();
  }
  return taken;
}

// The same attempt within five minutes: the same messages and handles, if nobody has touched them since.
Queue::Taken Queue::take_again(Changes& changes, const Taking& taking) {
  while (!attempts_.empty() && attempts_.front().at + kDeduplicationWindow <= taking.now) attempts_.pop_front();
  const auto attempt =
      std::find_if(attempts_.begin(), attempts_.end(), [&](const Attempt& a) { return a.id == taking.attempt; });
  if (attempt == attempts_.end()) return {};
  std::vector<std::pair<std::uint64_t, Held>> messages;
  for (const auto& [sequence, receives] : attempt->messages) {
    auto held = find_held(sequence);
    if (!held || held->waiting.receives != receives || held->visible_at != attempt->visible_at) {
      attempts_.erase(attempt);
      return {};
    }
    messages.emplace_back(sequence, std::move(*held));
  }
  Taken taken;
  changes.touch(*this);
  attempt->visible_at = taking.now + taking.visibility;
  for (auto& [sequence, held] : messages) {
    auto found = message(sequence);
    if (!found) continue;
    drop_held(changes, sequence, held);
    held.visible_at = attempt->visible_at;
    hold(changes, sequence, held);
    taken.messages.push_back({std::move(*found), sequence, held.waiting,
                              receipt_handle({definition_.number, sequence, held.waiting.receives})});
  }
  return taken;
}

std::vector<Message> Queue::extract(Changes& changes, std::size_t most, Millis now) {
  std::vector<Message> messages;
  const auto remove = [&](std::uint64_t sequence) {
    if (state_.ready > 0) --state_.ready;
    if (auto found = message(sequence)) messages.push_back(std::move(*found));
    changes.batch.remove(keys_.of(Kind::message, sequence));
  };
  if (standard_) {
    for (auto front = standard_->front(); front && messages.size() < most; front = standard_->front()) {
      changes.touch(*this);
      standard_->remove(changes.batch, front->first);
      remove(front->first);
    }
    return messages;
  }
  const auto visit = [&](const std::string&, std::uint64_t sequence, const Waiting&) {
    if (messages.size() >= most) return FifoOrder::Verdict::stop;
    remove(sequence);
    return FifoOrder::Verdict::drop;
  };
  while (messages.size() < most && fifo_->visit_next_group(changes.batch, now, visit)) changes.touch(*this);
  return messages;
}

// ---- what comes back by itself ----

bool Queue::is_due(Millis now) const {
  return due_.may_be_due(now) || (older_due_ && *older_due_ <= now);
}

std::optional<Millis> Queue::next_due() const {
  const auto known = due_.next();
  if (known && older_due_) return std::min(*known, *older_due_);
  return known ? known : older_due_;
}

std::optional<Millis> Queue::first_due_in_store(Kind kind, Millis from) const {
  const auto cursor = store_.scan(keys_.of(kind, static_cast<std::uint64_t>(from)), after_prefix(keys_.of(kind)));
  if (!cursor.valid()) return {};
  return static_cast<Millis>(MessageKeys::number_before_last(cursor.key()));
}

bool Queue::settle(Changes& changes, Millis now) {
  if (!is_due(now)) return false;
  changes.touch(*this);
  std::size_t moved = 0;
  const auto until = static_cast<std::uint64_t>(now) + 1;
  const auto due_between = [&](Kind kind, Millis from) {
    return store_.scan(keys_.of(kind, static_cast<std::uint64_t>(from)), keys_.of(kind, until));
  };
  const auto due_of = [](const Cursor& cursor) {
    return static_cast<Millis>(MessageKeys::number_before_last(cursor.key()));
  };
  for (auto cursor = due_between(Kind::timeout, timeouts_from_); cursor.valid(); cursor.next()) {
    timeouts_from_ = due_of(cursor);
    if (++moved > kMostAtOnce) return true;
    const std::uint64_t sequence = MessageKeys::last_number(cursor.key());
    if (const auto held = find_held(sequence)) {
      give_back(changes, sequence, *held);
    } else {
      changes.batch.remove(cursor.key());
    }
  }
  for (auto cursor = due_between(Kind::delayed, delays_from_); cursor.valid(); cursor.next()) {
    delays_from_ = due_of(cursor);
    if (++moved > kMostAtOnce) return true;
    const std::uint64_t sequence = MessageKeys::last_number(cursor.key());
    changes.batch.remove(cursor.key());
    due_.remove(due_of(cursor));
    if (state_.delayed > 0) --state_.delayed;
    if (standard_) {
      make_ready(changes, "", sequence, decode_waiting(cursor.value()).value_or(Waiting{}));
    } else {
      ++state_.ready;
      if (fifo_->end_delay(changes.batch, std::string(cursor.value()), sequence)) ++rings_;
    }
  }
  timeouts_from_ = delays_from_ = now + 1;
  due_.forget_until(now);
  if (older_due_) {
    older_due_.reset();
    if (state_.held + state_.delayed > due_.total()) {
      const auto timeout = first_due_in_store(Kind::timeout, timeouts_from_);
      const auto delay = first_due_in_store(Kind::delayed, delays_from_);
      older_due_ = timeout && delay ? std::min(*timeout, *delay) : timeout ? timeout : delay;
    }
  }
  return false;
}

void Queue::expire(Changes& changes, Millis now) {
  std::size_t expired = 0;
  const auto drop = [&](std::uint64_t sequence) {
    ++expired;
    if (state_.ready > 0) --state_.ready;
    changes.batch.remove(keys_.of(Kind::message, sequence));
  };
  if (standard_) {
    for (auto front = standard_->front(); front && expired < kMostAtOnce && is_expired(front->second, now);
         front = standard_->front()) {
      changes.touch(*this);
      standard_->remove(changes.batch, front->first);
      drop(front->first);
    }
    return;
  }
  bool has_progress = true;
  while (has_progress && expired < kMostAtOnce) {
    const std::size_t before = expired;
    const auto visit = [&](const std::string&, std::uint64_t sequence, const Waiting& waiting) {
      if (expired >= kMostAtOnce || !is_expired(waiting, now)) return FifoOrder::Verdict::stop;
      drop(sequence);
      return FifoOrder::Verdict::drop;
    };
    if (fifo_->visit_next_group(changes.batch, now, visit)) changes.touch(*this);
    has_progress = expired > before;
  }
}

void Queue::purge(Changes& changes, Millis now) {
  changes.touch(*this);
  for (const Kind kind : {Kind::message, Kind::ready, Kind::group, Kind::group_message, Kind::group_ready, Kind::held,
                          Kind::timeout, Kind::delayed}) {
    changes.batch.remove_range(keys_.of(kind), after_prefix(keys_.of(kind)));
  }
  state_.ready = state_.held = state_.delayed = 0;
  timeouts_from_ = delays_from_ = now + 1;
  due_ = {};
  older_due_.reset();
  attempts_.clear();
  if (fifo_) fifo_.emplace(store_, keys_, state_.next);
  if (standard_) standard_.emplace(store_, keys_, state_.next);
}

}  // namespace ads::cloud::sqs
