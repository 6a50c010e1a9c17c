#include "cloud/sqs/deadlines.h"

#include "cloud/sqs/definition.h"
#include "cloud/sqs/keys.h"
#include "cloud/sqs/queue.h"
#include "cloud/sqs/states.h"

namespace ads::cloud::sqs {
namespace {

class Queued {
 public:
  Queued(const Store& store, Batch& batch, std::uint64_t queue, Millis by)
      : store_(store), batch_(batch), keys_(queue), by_(by) {}

  void bring_forward() {
    const auto stored = store_.get(keys_.of(Kind::state));
    auto state = stored ? decode_queue_state(*stored) : std::nullopt;
    if (!state) return;
    if (state->held > 0) each_due(Kind::timeout, [this](std::uint64_t sequence, std::string_view) { hold(sequence); });
    if (state->delayed > 0)
      each_due(Kind::delayed, [this](std::uint64_t sequence, std::string_view group) { delay(group, sequence); });
    state->settled = earlier(state->settled);
    state->bucket = deduplication();
    batch_.put(keys_.of(Kind::state), encode(*state));
  }

 private:
  Millis earlier(Millis time) const { return std::max<Millis>(0, time - by_); }

  template <class Use>
  void each_due(Kind kind, Use use) {
    for (auto cursor = store_.scan_prefix(keys_.of(kind)); cursor.valid(); cursor.next()) {
      const auto due = static_cast<Millis>(MessageKeys::number_before_last(cursor.key()));
      const auto sequence = MessageKeys::last_number(cursor.key());
      batch_.remove(cursor.key());
      batch_.put(keys_.of(kind, static_cast<std::uint64_t>(earlier(due)), sequence), cursor.value());
      use(sequence, cursor.value());
    }
  }

  void hold(std::uint64_t sequence) {
    const auto key = keys_.of(Kind::held, sequence);
    const auto stored = store_.get(key);
    auto held = stored ? decode_held(*stored) : std::nullopt;
    if (!held) return;
    held->visible_at = earlier(held->visible_at);
    batch_.put(key, encode(*held));
  }

  // A FIFO message says itself until when it is delayed; a standard one's entry is all there is.
  void delay(std::string_view group, std::uint64_t sequence) {
    const auto key = keys_.group_message(group, sequence);
    const auto stored = store_.get(key);
    auto waiting = stored ? decode_waiting(*stored) : std::nullopt;
    if (!waiting) return;
    waiting->not_before = earlier(waiting->not_before);
    batch_.put(key, encode(*waiting));
  }

  // The newest bucket there is then.
  std::uint64_t deduplication() {
    std::uint64_t newest = 0;
    const auto prefix = keys_.of(Kind::duplicate);
    for (auto cursor = store_.scan_prefix(prefix); cursor.valid(); cursor.next()) {
      auto before = decode_sent_before(cursor.value());
      std::string_view rest = cursor.key().substr(prefix.size());
      const auto bucket = take_number(rest);
      const auto scope = take_text(rest), id = take_text(rest);
      if (!before || !bucket || !scope || !id) continue;
      before->sent = earlier(before->sent);
      newest = std::max(newest, static_cast<std::uint64_t>(before->sent / kDeduplicationWindow));
      batch_.remove(cursor.key());
      batch_.put(keys_.duplicate(static_cast<std::uint64_t>(before->sent / kDeduplicationWindow), *scope, *id),
                 encode(*before));
    }
    return newest;
  }

  const Store& store_;
  Batch& batch_;
  MessageKeys keys_;
  Millis by_;
};

}  // namespace

void bring_forward(const Store& store, Batch& batch, Millis by) {
  std::string definitions;
  append_text(definitions, "sqs");
  append_text(definitions, "queue");
  for (auto cursor = store.scan_prefix(definitions); cursor.valid(); cursor.next())
    if (const auto definition = decode_definition(cursor.value()))
      Queued(store, batch, definition->number, by).bring_forward();
}

}  // namespace ads::cloud::sqs
