#include "cloud/sqs/states.h"

#include "cloud/sqs/record.h"

namespace ads::cloud::sqs {
namespace {

constexpr std::uint8_t kNeverReceived = 0;  // sent
constexpr std::uint8_t kWhole = 1;          // every field

std::uint64_t raw(Millis time) {
  return static_cast<std::uint64_t>(time);
}
Millis millis(std::uint64_t number) {
  return static_cast<Millis>(number);
}

void write(RecordWriter& out, const Waiting& waiting) {
  out.number(raw(waiting.sent))
      .number(waiting.receives)
      .number(raw(waiting.first_receive))
      .number(raw(waiting.not_before));
}

Waiting read_waiting(RecordReader& in) {
  Waiting waiting;
  waiting.sent = millis(in.number());
  waiting.receives = in.number();
  waiting.first_receive = millis(in.number());
  waiting.not_before = millis(in.number());
  return waiting;
}

template <class T>
std::optional<T> if_ok(const RecordReader& in, T value) {
  if (!in.ok()) return {};
  return value;
}

}  // namespace

std::string encode(const Waiting& waiting) {
  RecordWriter out;
  if (waiting.receives == 0 && waiting.not_before == 0)
    return out.byte(kNeverReceived).number(raw(waiting.sent)).take();
  out.byte(kWhole);
  write(out, waiting);
  return out.take();
}

std::optional<Waiting> decode_waiting(std::string_view stored) {
  RecordReader in(stored);
  const auto format = in.byte();
  if (format == kNeverReceived) {
    const Waiting waiting{.sent = millis(in.number())};
    return if_ok(in, waiting);
  }
  if (format != kWhole) return {};
  const Waiting waiting = read_waiting(in);
  return if_ok(in, waiting);
}

std::string encode(const Held& held) {
  RecordWriter out;
  out.byte(kWhole);
  write(out, held.waiting);
  return out.number(raw(held.visible_at)).number(raw(held.received_at)).text(held.group).take();
}

std::optional<Held> decode_held(std::string_view stored) {
  RecordReader in(stored);
  if (in.byte() != kWhole) return {};
  Held held;
  held.waiting = read_waiting(in);
  held.visible_at = millis(in.number());
  held.received_at = millis(in.number());
  held.group = in.text();
  return if_ok(in, std::move(held));
}

std::string encode(const Group& group) {
  return RecordWriter()
      .byte(kWhole)
      .number(group.head)
      .number(group.held)
      .number(group.listed)
      .byte(group.is_head_delayed ? 1 : 0)
      .take();
}

std::optional<Group> decode_group(std::string_view stored) {
  RecordReader in(stored);
  if (in.byte() != kWhole) return {};
  Group group;
  group.head = in.number();
  group.held = in.number();
  group.listed = in.number();
  group.is_head_delayed = in.byte() != 0;
  return if_ok(in, group);
}

std::string encode(const SentBefore& before) {
  return RecordWriter().byte(kWhole).number(before.sequence).number(raw(before.sent)).text(before.message_id).take();
}

std::optional<SentBefore> decode_sent_before(std::string_view stored) {
  RecordReader in(stored);
  if (in.byte() != kWhole) return {};
  SentBefore before;
  before.sequence = in.number();
  before.sent = millis(in.number());
  before.message_id = in.text();
  return if_ok(in, std::move(before));
}

std::string encode(const QueueState& state) {
  return RecordWriter()
      .byte(kWhole)
      .number(state.next)
      .number(state.ready)
      .number(state.held)
      .number(state.delayed)
      .number(state.first_ready)
      .number(raw(state.settled))
      .number(state.bucket)
      .take();
}

std::optional<QueueState> decode_queue_state(std::string_view stored) {
  RecordReader in(stored);
  if (in.byte() != kWhole) return {};
  QueueState state;
  state.next = in.number();
  state.ready = in.number();
  state.held = in.number();
  state.delayed = in.number();
  state.first_ready = in.number();
  state.settled = millis(in.number());
  state.bucket = in.number();
  return if_ok(in, state);
}

}  // namespace ads::cloud::sqs
