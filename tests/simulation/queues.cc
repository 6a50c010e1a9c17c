#include "simulation/queues.h"

#include <algorithm>

namespace ads::simulation {

using std::chrono::minutes;
using Kind = QueueRules::Kind;

void MessageQueue::wake_at(SystemTime when) {
  ground_.timeline.at(when, [this] {
    take_snapshot();
    if (listener_) listener_();
  });
}

void MessageQueue::take_snapshot() {
  function::QueueDepth depth;
  for (const Message& message : messages_) ++(is_in_flight(message) ? depth.in_flight : depth.waiting);
  snapshots_.emplace_back(ground_.now(), depth);
  while (snapshots_.size() > 1 && snapshots_[1].first < ground_.now() - minutes(1)) snapshots_.pop_front();
}

std::string MessageQueue::send(std::string body, std::string group, std::string deduplication_id) {
  std::string number = fmt::format("{:020}", ids_ + 1);
  if (rules_.kind == Kind::fifo) {
    auto [known, is_new] = deduplication_.try_emplace({group, deduplication_id}, Known{ground_.now(), number});
    if (!is_new && ground_.now() - known->second.when < minutes(5)) return known->second.sequence_number;
    known->second = {ground_.now(), number};
  }
  accepted_.push_back({body, deduplication_id, ground_.now()});
  Message message{fmt::format("{}-{}", rules_.name, ++ids_), std::move(body), std::move(group),
                  std::move(deduplication_id)};
  messages_.push_back(std::move(message));
  take_snapshot();
  wake_at(ground_.now());
  return number;
}

std::vector<Message> MessageQueue::receive(std::size_t limit) {
  std::vector<Message> out;
  std::set<std::string> closed_groups;  // a message of them is in flight, or was passed over
  std::vector<std::size_t> order(messages_.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  if (rules_.kind == Kind::standard) ground_.dice.shuffle(order);
  std::vector<std::size_t> dead;
  bool has_passed_over = false;
  for (std::size_t index : order) {
    if (out.size() == limit) break;
    Message& message = messages_[index];
    if (rules_.kind == Kind::fifo) {
      if (closed_groups.contains(message.group)) continue;
      bool is_passed_over = !is_in_flight(message) && ground_.dice.chance(0.2);
      if (is_in_flight(message) || is_passed_over) {
        has_passed_over = has_passed_over || is_passed_over;
        closed_groups.insert(message.group);
        continue;
      }
    } else if (is_in_flight(message)) {
      continue;
    }
    if (rules_.max_receives > 0 && message.receives >= rules_.max_receives) {
      dead.push_back(index);
      continue;
    }
    ++message.receives;
    message.receipt = fmt::format("{}/{}", message.id, message.receives);
    bool comes_twice =
        rules_.kind == Kind::standard && ground_.strikes(ground_.faults.message_twice, Fault::message_twice);
    message.visible_from = ground_.now() + (comes_twice ? milliseconds(1) : milliseconds(rules_.visibility));
    wake_at(message.visible_from);
    out.push_back(message);
  }
  std::sort(dead.begin(), dead.end());
  for (auto index = dead.rbegin(); index != dead.rend(); ++index) {
    Message message = messages_[*index];
    messages_.erase(messages_.begin() + static_cast<std::ptrdiff_t>(*index));
    ground_.log.note("{} goes to the dead letters: {}", message.id, message.body);
    ground_.count(Fault::to_dead_letters);
    dead_letters_->send(message.body, message.group, message.id);
    wake_at(ground_.now());
  }
  if (has_passed_over) wake_at(ground_.now() + milliseconds(500));
  take_snapshot();
  return out;
}

void MessageQueue::remove(const Message& message) {
  auto found = std::find_if(messages_.begin(), messages_.end(), [&](const Message& m) { return m.id == message.id; });
  if (found == messages_.end()) return;
  bool is_last_receive = found->receipt == message.receipt;
  if (!is_last_receive && (rules_.kind == Kind::fifo || ground_.dice.chance(0.5))) return;
  if (rules_.kind == Kind::fifo && !is_in_flight(*found)) return;
  messages_.erase(found);
  take_snapshot();
  wake_at(ground_.now());
}

Result<void> MessageQueue::postpone(const std::vector<std::string>& receipts, std::chrono::seconds time) {
  if (receipts.empty() || receipts.size() > 10 || time < std::chrono::seconds(0) || time > std::chrono::hours(12))
    ground_.violate("{}: {} receipts postponed by {} s", rules_.name, receipts.size(), time.count());
  bool are_all_known = true;
  for (const std::string& receipt : receipts) {
    auto found = std::find_if(messages_.begin(), messages_.end(),
                              [&](const Message& m) { return m.receipt == receipt && is_in_flight(m); });
    if (found == messages_.end()) {
      are_all_known = false;
      continue;
    }
    found->visible_from = ground_.now() + time;
    wake_at(found->visible_from);
  }
  take_snapshot();
  if (!are_all_known) return fail(ErrorKind::conflict, "MessageNotInflight", "a receipt is not the last one");
  return {};
}

function::QueueDepth MessageQueue::depth() {
  take_snapshot();
  SystemTime when = ground_.now() - ground_.dice.time(milliseconds(0), minutes(1));
  const function::QueueDepth* found = &snapshots_.front().second;
  for (const auto& [time, depth] : snapshots_)
    if (time <= when) found = &depth;
  return *found;
}

void MessageQueue::move_all(MessageQueue& target) {
  std::deque<Message> messages = std::move(messages_);
  messages_.clear();
  for (Message& message : messages) target.send(message.body, message.group, std::string(kRedriven) + message.id);
}

}  // namespace ads::simulation
