// What a service is given when the city is built.
#pragma once
#include <string>

#include "base/clock.h"
#include "base/task.h"
#include "cloud/call.h"
#include "cloud/ports.h"
#include "cloud/resource_type.h"
#include "cloud/store.h"

namespace ads::cloud {

// The ports are set before any service starts; a service's constructor must not use them.
struct Environment {
  asio::any_io_executor executor;
  Store& store;
  Clock& clock;
  std::string account = "000000000000";
  std::string default_region = "us-east-1";
  std::string endpoint;           // "http://127.0.0.1:4566", set once the port is known, before start()
  std::string runtime_directory;  // for sockets and unpacked functions; below the data directory

  Enforcement enforcement = Enforcement::on;

  QueuePort* queues = nullptr;
  TopicPort* topics = nullptr;
  FunctionPort* functions = nullptr;
  ObjectPort* objects = nullptr;
  LogPort* logs = nullptr;
  MetricPort* metrics = nullptr;
  IdentityPort* identities = nullptr;
  ParameterPort* parameters = nullptr;  // nullptr: this city has no parameter store
};

}  // namespace ads::cloud
