// The way from a sandbox to a service: each call takes time, has its effect at one moment and is answered at another,
// and what the plan of faults says happens on the way.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/task.h"
#include "simulation/ground.h"
#include "simulation/sandbox.h"

namespace ads::simulation {

class Wire {
 public:
  Wire(Ground& ground, Sandbox& sandbox) : ground_(ground), sandbox_(sandbox) {}

  Ground& ground() { return ground_; }
  Sandbox& sandbox() { return sandbox_; }

  // `act` is the effect: it owns what it needs, since it may happen after the caller has gone. Throws SandboxDied.
  template <class T>
  Task<Result<T>> call(Service service, std::string what, std::move_only_function<Result<T>()> act) {
    Journey journey = begin(service, what);
    auto effect = std::make_shared<Effect<T>>(std::move(act));
    if (journey.has_effect)
      ground_.timeline.at(journey.effect_at, [this, effect, journey, what] {
        if (!arrives(journey, what)) return;
        effect->result = effect->act();
      });
    co_await come_back(journey);
    if (journey.error) {
      ground_.log.note("{} {} {}: {}", sandbox_.name(), to_string(service), what, journey.error->code);
      co_return fail(*journey.error);
    }
    if (!effect->result->has_value())
      ground_.log.note("{} {} {}: {}", sandbox_.name(), to_string(service), what, effect->result->error().code);
    co_return std::move(*effect->result);
  }

  // As the function sleeps: nothing is sent.
  Task<void> sleep(milliseconds time);
  void check_alive() const {
    if (sandbox_.is_dead) throw SandboxDied();
  }
  void die(std::string_view why);
  std::function<void()> on_death = [] {};

 private:
  template <class T>
  struct Effect {
    explicit Effect(std::move_only_function<Result<T>()> act) : act(std::move(act)) {}
    std::move_only_function<Result<T>()> act;
    std::optional<Result<T>> result;
  };
  struct Journey {
    bool has_effect = true;
    bool outlives_sender = false;  // what a sandbox sent before it died may still arrive
    bool kills = false;            // crash_after
    bool freezes = false;
    SystemTime effect_at{}, answer_at{};
    std::optional<Error> error;
  };

  // Throws where the sandbox dies before it has sent anything.
  Journey begin(Service service, std::string_view what);
  Journey draw(Service service);
  std::optional<Fault> fault_of(Service service);
  bool arrives(const Journey& journey, std::string_view what);
  Task<void> come_back(Journey journey);

  Ground& ground_;
  Sandbox& sandbox_;
};

}  // namespace ads::simulation
