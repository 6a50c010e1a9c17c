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
  std::optional<Resolver> resolver;
  Graph graph;
  std::set<std::string> imports;  // exports of other stacks that were looked at

  // Of the forward phase:
  std::set<std::string> started, finished;
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

}  // namespace ads::cloud::cloudformation
