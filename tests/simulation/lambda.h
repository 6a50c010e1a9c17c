// Lambda: runs the roles in sandboxes that die at their deadline, repeats asynchronous events, polls the queues.
#pragma once
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <vector>

#include "function/invocation.h"
#include "function/ports.h"
#include "function/settings.h"
#include "simulation/queues.h"
#include "simulation/sandbox.h"

namespace ads::simulation {

struct Cloud;
class Ports;
struct Mutant;

// What the invoker learns; nothing: the sandbox died.
using InvocationEnd = std::optional<Result<std::string>>;

class Lambda {
 public:
  explicit Lambda(Cloud& cloud);
  ~Lambda();

  // Every sandbox from now on gets its ports from this mutant.
  void set_mutant(const Mutant* mutant) { mutant_ = mutant; }

  // An event that Lambda itself queues: repeated twice, then it is one of failed_events().
  void send_event(function::Role role, std::string payload);
  // The queue's messages go to the role; those that it does not name as failed are deleted.
  void map_queue(MessageQueue& queue, function::Role role, std::size_t batch, int concurrency);
  // Something that is no function, such as an operator's command, in a sandbox of its own.
  using Body = std::move_only_function<Task<Result<std::string>>(function::World&, const function::Settings&)>;
  void run_aside(Body body, std::function<void(InvocationEnd)> on_end);

  struct FailedEvent {
    function::Role role;
    std::string payload;
  };
  std::vector<FailedEvent>& failed_events() { return failed_events_; }
  bool is_idle() const { return running_.empty() && waiting_events_ == 0; }
  // Of every sandbox there was, by number: the number of its troubles.
  const std::vector<int>& troubles() const { return troubles_; }

 private:
  struct Running;
  struct Mapping;
  void invoke(function::Role role, std::string request_id, std::string payload,
              std::function<void(InvocationEnd)> on_end);
  std::shared_ptr<Running> start(function::Role role, std::string request_id,
                                 std::function<void(InvocationEnd)> on_end);
  void over(const std::shared_ptr<Running>& running, InvocationEnd end);
  void spawn(std::shared_ptr<Running> running, Task<Result<std::string>> task);
  void attempt_event(function::Role role, std::string request_id, std::string payload, int attempt);
  void poll_soon(Mapping& mapping);
  void poll(Mapping& mapping);
  void settle(Mapping& mapping, const std::vector<Message>& messages, const InvocationEnd& end);
  std::chrono::seconds timeout_of(function::Role role) const;

  Cloud& cloud_;
  const Mutant* mutant_ = nullptr;
  std::list<std::shared_ptr<Running>> running_;
  std::vector<std::shared_ptr<Running>> graveyard_;  // and the living: all there ever were
  std::vector<std::unique_ptr<Mapping>> mappings_;
  std::vector<FailedEvent> failed_events_;
  std::vector<int> troubles_;
  int waiting_events_ = 0;
  int requests_ = 0;
};

}  // namespace ads::simulation
