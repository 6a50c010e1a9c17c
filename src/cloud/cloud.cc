#include "cloud/cloud.h"

#include <sys/resource.h>

#include <algorithm>

#include "cloud/cloudformation/service.h"
#include "cloud/cloudwatch/service.h"
#include "cloud/deadline_clock.h"
#include "cloud/dynamodb/service.h"
#include "cloud/environment.h"
#include "cloud/iam/service.h"
#include "cloud/lambda/service.h"
#include "cloud/logs/service.h"
#include "cloud/s3/service.h"
#include "cloud/scheduler/service.h"
#include "cloud/ses/service.h"
#include "cloud/sns/service.h"
#include "cloud/sqs/service.h"
#include "cloud/ssm/service.h"

namespace ads::cloud {
namespace {

void move_into(ResourceTypes& all, ResourceTypes types) {
  for (auto& type : types) all.push_back(std::move(type));
}

// Debian starts programs with 1,024 descriptors and allows them more; each connection and open body is one.
void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == limit.rlim_max) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

template <class... ServicesWithTypes>
ResourceTypes every_type(ServicesWithTypes&... services) {
  ResourceTypes all;
  (move_into(all, services.resource_types()), ...);
  return all;
}

}  // namespace

struct Cloud::State {
  State(asio::any_io_executor executor, CloudOptions o, std::unique_ptr<Store> s, Clock& clock)
      : options(std::move(o)),
        store(std::move(s)),
        wall(clock),
        deadlines(clock),
        environment{.executor = executor,
                    .store = *store,
                    .clock = deadlines,
                    .account = options.account,
                    .default_region = options.region,
                    .runtime_directory = (options.directory / "runtime").string()} {
    if (options.authentication == Authentication::off) environment.enforcement = Enforcement::off;
    environment.queues = &sqs;
    environment.topics = &sns;
    environment.functions = &lambda;
    environment.logs = &logs;
    environment.metrics = &cloudwatch;
    environment.identities = &iam;
    environment.objects = &s3;
    environment.parameters = &ssm;
  }

  CloudOptions options;
  std::unique_ptr<Store> store;
  Clock& wall;              // signatures are checked against it
  DeadlineClock deadlines;  // what is in flight or delayed comes back in time, though the clock is set back
  Environment environment;

  iam::Iam iam{environment};
  cloudwatch::Service cloudwatch{environment};
  logs::Service logs{environment};
  s3::S3 s3{environment};
  dynamodb::DynamoDb dynamodb{environment};
  sqs::Service sqs{environment};
  sns::Service sns{environment};
  ses::Ses ses{environment};
  lambda::Lambda lambda{environment};
  scheduler::Service scheduler{environment};
  ssm::Service ssm{environment};
  cloudformation::CloudFormation cloudformation{
      environment, every_type(iam, cloudwatch, logs, s3, dynamodb, sqs, sns, ses, lambda, scheduler, ssm)};

  FrontDoor door{environment,
                 {{"iam", &iam},
                  {"sts", &iam},
                  {"monitoring", &cloudwatch},
                  {"logs", &logs},
                  {"s3", &s3},
                  {"dynamodb", &dynamodb},
                  {"sqs", &sqs},
                  {"sns", &sns},
                  {"ses", &ses},
                  {"lambda", &lambda},
                  {"scheduler", &scheduler},
                  {"ssm", &ssm},
                  {"cloudformation", &cloudformation}},
                 {options.authentication, options.visitors, options.console_token, &wall}};
  http::Server server{environment.executor, [this](http::IncomingRequest& request) { return door.answer(request); }};

  // What acts on its own starts after what it acts on, and ends before it.
  std::vector<Service*> in_order() {
    return {&iam, &cloudwatch, &logs, &dynamodb, &sqs, &ses, &sns, &lambda, &s3, &scheduler, &ssm, &cloudformation};
  }
};

Cloud::Cloud() = default;
Cloud::~Cloud() = default;

Result<std::unique_ptr<Cloud>> Cloud::open(asio::any_io_executor executor, CloudOptions options, Clock& clock) {
  auto store = Store::open(executor, options.directory, options.durability);
  if (!store) return fail(store.error());
  std::unique_ptr<Cloud> cloud(new Cloud);
  cloud->state_ = std::make_unique<State>(executor, std::move(options), std::move(*store), clock);
  if (auto key = cloud->state_->iam.root_key(); !key) return fail(key.error());
  return cloud;
}

Task<Result<std::string>> Cloud::start() {
  State& state = *state_;
  raise_descriptor_limit();
  auto port = state.server.listen(state.options.address, state.options.port);
  if (!port) co_return fail(port.error());
  state.environment.endpoint = "http://" + state.options.address + ":" + std::to_string(*port);
  for (Service* service : state.in_order()) co_await service->start();
  co_return state.environment.endpoint;
}

Task<void> Cloud::stop() {
  State& state = *state_;
  auto services = state.in_order();
  std::ranges::reverse(services);
  for (Service* service : services) co_await service->stop();
  co_await state.server.stop(std::chrono::milliseconds(300));
  for (Service* service : services) co_await service->stop();  // what the last requests have begun
  co_await state.store->close();
}

RootKey Cloud::root_key() const {
  auto key = state_->iam.root_key();
  return {key->id, key->secret};
}

}  // namespace ads::cloud
