#include "cloud/sqs/fifo_order.h"

namespace ads::cloud::sqs {

Group& FifoOrder::load(const std::string& name) {
  const auto found = changed_.find(name);
  if (found != changed_.end()) return found->second;
  Group group;
  if (const auto stored = store_.get(keys_.group(name))) group = decode_group(*stored).value_or(Group{});
  return changed_.emplace(name, group).first->second;
}

bool FifoOrder::relist(Batch& batch, const std::string& name, Group& group) {
  const std::uint64_t wanted = group.held == 0 && !group.is_head_delayed ? group.head : 0;
  if (wanted == group.listed) return false;
  if (group.listed != 0) {
    batch.remove(keys_.of(Kind::group_ready, group.listed));
    window_.erase(group.listed);
  }
  group.listed = wanted;
  if (wanted == 0) return false;
  batch.put(keys_.of(Kind::group_ready, wanted), name);
  window_.insert(wanted, name);
  return true;
}

bool FifoOrder::put_new(Batch& batch, const std::string& name, std::uint64_t sequence, const Waiting& waiting) {
  Group& group = load(name);
  batch.put(keys_.group_message(name, sequence), encode(waiting));
  if (group.head != 0) return false;
  group.head = sequence;
  group.is_head_delayed = waiting.not_before != 0;
  return relist(batch, name, group);
}

bool FifoOrder::put_back(Batch& batch, const std::string& name, std::uint64_t sequence, const Waiting& waiting) {
  Group& group = load(name);
  batch.put(keys_.group_message(name, sequence), encode(waiting));
  if (group.held > 0) --group.held;
  if (group.head == 0 || sequence < group.head) {
    group.head = sequence;
    group.is_head_delayed = false;
  }
  return relist(batch, name, group);
}

bool FifoOrder::end_delay(Batch& batch, const std::string& name, std::uint64_t sequence) {
  const auto stored = store_.get(keys_.group_message(name, sequence));
  auto waiting = stored ? decode_waiting(*stored) : std::nullopt;
  if (!waiting) return false;
  waiting->not_before = 0;
  batch.put(keys_.group_message(name, sequence), encode(*waiting));
  Group& group = load(name);
  if (group.head == sequence) group.is_head_delayed = false;
  return relist(batch, name, group);
}

bool FifoOrder::release(Batch& batch, const std::string& name) {
  Group& group = load(name);
  if (group.held > 0) --group.held;
  return relist(batch, name, group);
}

bool FifoOrder::visit_next_group(Batch& batch, Millis now, const Visit& visit) {
  const auto* front = window_.front([this](std::uint64_t from, std::size_t most, auto put) {
    auto cursor = store_.scan(keys_.of(Kind::group_ready, from), after_prefix(keys_.of(Kind::group_ready)));
    for (std::size_t i = 0; i < most && cursor.valid(); ++i, cursor.next()) {
      put(MessageKeys::last_number(cursor.key()), std::string(cursor.value()));
    }
  });
  if (!front) return false;
  const std::string name = front->second;
  Group& group = load(name);
  std::uint64_t head = 0;
  bool is_head_delayed = false;
  auto cursor = store_.scan(keys_.group_message(name, group.head), after_prefix(keys_.group_messages(name)));
  for (; cursor.valid(); cursor.next()) {
    const std::uint64_t sequence = MessageKeys::last_number(cursor.key());
    const Waiting waiting = decode_waiting(cursor.value()).value_or(Waiting{});
    is_head_delayed = waiting.not_before > now;
    const Verdict verdict = is_head_delayed ? Verdict::stop : visit(name, sequence, waiting);
    if (verdict == Verdict::stop) {
      head = sequence;
      break;
    }
    batch.remove(cursor.key());
    if (verdict == Verdict::hold) ++group.held;
  }
  group.head = head;
  group.is_head_delayed = head != 0 && is_head_delayed;
  relist(batch, name, group);
  return true;
}

void FifoOrder::seal(Batch& batch) {
  for (const auto& [name, group] : changed_) {
    if (group.head == 0 && group.held == 0) {
      batch.remove(keys_.group(name));
    } else {
      batch.put(keys_.group(name), encode(group));
    }
  }
}

void FifoOrder::applied() {
  changed_.clear();
  window_.applied();
}

}  // namespace ads::cloud::sqs
