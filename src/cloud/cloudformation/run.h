// One operation on one stack while it runs: what the engine's phases share. Everything in it is also in the store.
#pragma once
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "cloud/cloudformation/engine.h"

namespace ads::cloud::cloudformation {

struct Engine::Run {
  explicit Run(asio::any_io_executor executor) : bell(std::move(executor)) {}

  Stack stack;
  Operation operation;
  Resources resources;
  Template target;
  ParameterValues values, masked_values;     // what Ref gives; the same with every NoEcho value masked
  std::optional<Resolver> resolver, masked;  // masked: only where there are secrets
  Graph graph;
  std::set<std::string> imports;  // exports of other stacks that were looked at

  // Of the forward phase:
  bool is_open = false;  // steps are still being taken: it can be interrupted
  std::set<std::string> started, finished;
  std::set<std::string> begun_before;  // begun before a crash: to be finished whatever happens
  std::size_t in_flight = 0;
  std::string failure;  // the sentence of the first failure; empty: none
  std::vector<std::string> failed_resources;
  Bell bell;  // rung when a step ends

  void set_status(std::string status, std::string reason) {
    stack.status = std::move(status);
    stack.reason = std::move(reason);
  }
};

// What goes in which order: users before what they use.
std::vector<std::string> removal_order(const Resources& resources);

enum class Occasion { deletion, rollback_of_creation };
// Everything that the resources are and were goes, unless a policy or `retained` keeps it.
void doom_everything(Operation& operation, const Resources& resources, Occasion occasion,
                     const std::set<std::string>& retained = {});
// What an update made and then made anew goes whichever way it ends.
void doom_superseded(Operation& operation, const Resource& resource);

std::string joined(const std::vector<std::string>& names);

}  // namespace ads::cloud::cloudformation
