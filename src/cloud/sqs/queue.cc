#include "cloud/sqs/queue.h"

#include "base/digest.h"
#include "base/encoding.h"
#include "base/log.h"
#include "cloud/sqs/errors.h"

namespace ads::cloud::sqs {

Queue::Queue(Store& store, asio::any_io_executor executor, Definition definition)
    : store_(store), keys_(definition.number), arrivals_(std::move(executor)) {
  redefine(std::move(definition));
  reload();
}

void Queue::redefine(Definition definition) {
  definition_ = std::move(definition);
  settings_ = settings_of(definition_.attributes);
}

void Queue::reload() {
  state_ = {};
  if (const auto stored = store_.get(keys_.of(Kind::state)))
    state_ = decode_queue_state(*stored).value_or(QueueState{});
  standard_.reset();
  fifo_.reset();
  if (settings_.is_fifo) {
    fifo_.emplace(store_, keys_, state_.first_ready);
  } else {
    standard_.emplace(store_, keys_, state_.first_ready);
  }
  timeouts_from_ = delays_from_ = state_.settled;
  due_ = {};
  older_due_.reset();
  changed_held_.clear();
  changed_sent_.clear();
  rings_ = 0;
  if (state_.held + state_.delayed > 0) older_due_ = state_.settled;
}

void Queue::seal(Batch& batch) {
  if (fifo_) fifo_->seal(batch);
  if (standard_) standard_->seal(batch);
  state_.first_ready = fifo_ ? fifo_->first(state_.next) : standard_->first(state_.next);
  state_.settled = std::min(timeouts_from_, delays_from_);
  batch.put(keys_.of(Kind::state), encode(state_));
}

void Queue::applied() {
  if (fifo_) fifo_->applied();
  if (standard_) standard_->applied();
  changed_held_.clear();
  changed_sent_.clear();
  for (; rings_ > 0 && arrivals_.waiting() > 0; --rings_) arrivals_.ring_one();
  rings_ = 0;
}

void Queue::retire() {
  is_deleted_ = true;
  arrivals_.ring_all();
}

std::optional<Message> Queue::message(std::uint64_t sequence) const {
  const auto stored = store_.get(keys_.of(Kind::message, sequence));
  auto decoded = stored ? decode_message(*stored) : std::nullopt;
  if (!decoded) {
    log(LogLevel::error, "a queued message can't be read", {{"queue", definition_.arn()}, {"sequence", sequence}});
  }
  return decoded;
}

std::optional<Millis> Queue::oldest_sent() {
  const auto cursor = store_.scan(keys_.of(Kind::message, oldest_from_), after_prefix(keys_.of(Kind::message)));
  if (!cursor.valid()) {
    oldest_from_ = state_.next;
    return {};
  }
  oldest_from_ = MessageKeys::last_number(cursor.key());
  const auto oldest = decode_message(cursor.value());
  return oldest ? std::optional(oldest->sent) : std::nullopt;
}

// ---- sending ----

Appended Queue::append(Changes& changes, Message message, std::optional<Millis> delay, Millis now) {
  changes.touch(*this);
  if (fifo_) {
    if (message.deduplication_id.empty()) message.deduplication_id = to_hex(sha256(message.body));
    const std::string scope = settings_.deduplicates_per_group ? message.group : "";
    if (auto before = sent_before(scope, message.deduplication_id, now)) return {before->message_id, before->sequence};
    remember_sent(changes, scope, message.deduplication_id, {state_.next, now, message.id});
  }
  const std::uint64_t sequence = state_.next++;
  ++activity_.sent;
  message.sent = now;
  changes.batch.put(keys_.of(Kind::message, sequence), encode(message));
  Waiting waiting{.sent = now};
  const Millis due = now + delay.value_or(settings_.delay);
  if (due > now) {
    ++state_.delayed;
    due_.add(due);
    delays_from_ = std::min(delays_from_, due);
    if (fifo_) {
      waiting.not_before = due;
      changes.batch.put(keys_.of(Kind::delayed, static_cast<std::uint64_t>(due), sequence), message.group);
      fifo_->put_new(changes.batch, message.group, sequence, waiting);
    } else {
      changes.batch.put(keys_.of(Kind::delayed, static_cast<std::uint64_t>(due), sequence), encode(waiting));
    }
    ++rings_;  // a waiting receive looks anew at when to wake
  } else {
    make_ready(changes, message.group, sequence, waiting);
  }
  return {std::move(message.id), sequence};
}

void Queue::adopt(Changes& changes, Message message, Waiting waiting) {
  changes.touch(*this);
  const std::uint64_t sequence = state_.next++;
  changes.batch.put(keys_.of(Kind::message, sequence), encode(message));
  make_ready(changes, message.group, sequence, waiting);
}

void Queue::make_ready(Changes& changes, const std::string& group, std::uint64_t sequence, const Waiting& waiting) {
  ++state_.ready;
  if (standard_) {
    standard_->put(sequence, waiting);
    ++rings_;
  } else if (fifo_->put_new(changes.batch, group, sequence, waiting)) {
    ++rings_;
  }
}

std::optional<SentBefore> Queue::sent_before(std::string_view scope, std::string_view id, Millis now) const {
  const auto bucket = static_cast<std::uint64_t>(now / kDeduplicationWindow);
  for (const std::uint64_t at : {bucket, bucket - 1}) {
    const std::string key = keys_.duplicate(at, scope, id);
    std::optional<SentBefore> before;
    if (const auto changed = changed_sent_.find(key); changed != changed_sent_.end()) {
      before = changed->second;
    } else if (const auto stored = store_.get(key)) {
      before = decode_sent_before(*stored);
    }
    if (before && before->sent + kDeduplicationWindow > now) return before;
  }
  return {};
}

void Queue::remember_sent(Changes& changes, std::string_view scope, std::string_view id, SentBefore sent) {
  const auto bucket = static_cast<std::uint64_t>(sent.sent / kDeduplicationWindow);
  if (bucket > state_.bucket) {
    changes.batch.remove_range(keys_.of(Kind::duplicate), keys_.of(Kind::duplicate, bucket - 1));
    state_.bucket = bucket;
  }
  std::string key = keys_.duplicate(bucket, scope, id);
  changes.batch.put(key, encode(sent));
  changed_sent_.insert_or_assign(std::move(key), std::move(sent));
}

// ---- in flight ----

std::optional<Held> Queue::find_held(std::uint64_t sequence) const {
  if (const auto changed = changed_held_.find(sequence); changed != changed_held_.end()) return changed->second;
  const auto stored = store_.get(keys_.of(Kind::held, sequence));
  if (!stored) return {};
  return decode_held(*stored);
}

void Queue::hold(Changes& changes, std::uint64_t sequence, const Held& held) {
  changes.batch.put(keys_.of(Kind::held, sequence), encode(held));
  changes.batch.put(keys_.of(Kind::timeout, static_cast<std::uint64_t>(held.visible_at), sequence), "");
  changed_held_[sequence] = held;
  timeouts_from_ = std::min(timeouts_from_, held.visible_at);
  due_.add(held.visible_at);
  ++state_.held;
}

void Queue::drop_held(Changes& changes, std::uint64_t sequence, const Held& held) {
  changes.batch.remove(keys_.of(Kind::held, sequence));
  changes.batch.remove(keys_.of(Kind::timeout, static_cast<std::uint64_t>(held.visible_at), sequence));
  changed_held_[sequence] = std::nullopt;
  due_.remove(held.visible_at);
  if (state_.held > 0) --state_.held;
}

void Queue::give_back(Changes& changes, std::uint64_t sequence, const Held& held) {
  drop_held(changes, sequence, held);
  ++state_.ready;
  if (standard_) {
    standard_->put(sequence, held.waiting);
    ++rings_;
  } else if (fifo_->put_back(changes.batch, held.group, sequence, held.waiting)) {
    ++rings_;
  }
}

Queue::Removal Queue::remove(Changes& changes, const Receipt& receipt, Millis now) {
  if (const auto held = find_held(receipt.sequence)) {
    if (held->waiting.receives != receipt.receive) return Removal::stale;
    if (fifo_ && held->visible_at <= now) return Removal::expired;
    changes.touch(*this);
    drop_held(changes, receipt.sequence, *held);
    changes.batch.remove(keys_.of(Kind::message, receipt.sequence));
    if (fifo_ && fifo_->release(changes.batch, held->group)) ++rings_;
    ++activity_.deleted;
    return Removal::removed;
  }
  if (changed_held_.contains(receipt.sequence)) return Removal::stale;  // deleted by this same batch
  if (fifo_) {
    return store_.get(keys_.of(Kind::message, receipt.sequence)) ? Removal::expired : Removal::stale;
  }
  // Timed out and not received again: this receipt is still the latest, so it still deletes.
  const auto waiting = standard_->find(receipt.sequence);
  if (!waiting || waiting->receives != receipt.receive) return Removal::stale;
  changes.touch(*this);
  standard_->remove(changes.batch, receipt.sequence);
  changes.batch.remove(keys_.of(Kind::message, receipt.sequence));
  changed_held_[receipt.sequence] = std::nullopt;
  if (state_.ready > 0) --state_.ready;
  ++activity_.deleted;
  return Removal::removed;
}

Outcome<void> Queue::change_visibility(Changes& changes, const Receipt& receipt, Millis timeout, Millis now) {
  auto held = find_held(receipt.sequence);
  if (!held || held->waiting.receives != receipt.receive) {
    const bool is_waiting = !held && !changed_held_.contains(receipt.sequence) &&
                            store_.get(keys_.of(Kind::message, receipt.sequence)).has_value();
    if (is_waiting) return refuse(message_not_in_flight());
    return refuse(invalid_parameter("ReceiptHandle", receipt_handle(receipt),
                                    "Message does not exist or is not available for visibility timeout change."));
  }
  if (now - held->received_at + timeout > kLongestVisibility) {
    return refuse(invalid_parameter("VisibilityTimeout", std::to_string(timeout / 1000),
                                    "Total VisibilityTimeout for the message is beyond the limit [43200 seconds]"));
  }
  changes.touch(*this);
  if (timeout == 0) {
    give_back(changes, receipt.sequence, *held);
    return {};
  }
  drop_held(changes, receipt.sequence, *held);
  held->visible_at = now + timeout;
  hold(changes, receipt.sequence, *held);
  ++rings_;  // a waiting receive looks anew at when to wake
  return {};
}

}  // namespace ads::cloud::sqs
