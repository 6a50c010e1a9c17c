// The engine broken on purpose, through its ports: the simulation must find each of these.
#pragma once
#include <memory>
#include <span>
#include <string_view>

#include "simulation/ports.h"

namespace ads::simulation {

// The ports of one sandbox with something wrong between them and the function.
struct WrappedWorld {
  explicit WrappedWorld(function::World world) : world(std::move(world)) {}
  virtual ~WrappedWorld() = default;
  virtual const function::World& mutated() const = 0;

 protected:
  function::World world;  // as it was
};

struct Mutant {
  std::string_view name;
  std::string_view what;
  std::unique_ptr<WrappedWorld> (*wrap)(Cloud& cloud, Wire& wire, Ports& ports);
  void (*change)(function::Settings& settings) = nullptr;
};

std::span<const Mutant> all_mutants();
const Mutant* find_mutant(std::string_view name);

}  // namespace ads::simulation
