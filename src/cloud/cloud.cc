#include "cloud/cloud.h"

#include <sys/resource.h>

#include <algorithm>

#include "base/log.h"
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

// "clock" -> the time, in milliseconds, at which deadlines were last reckoned.
std::string clock_key() {
  std::string key;
  append_text(key, "clock");
  return key;
}

// Debian starts programs with 1,024 descriptors and allows them more; each connection and open body is one.
// Gives how many there are.
std::size_t raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 1024;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  return limit.rlim_max == RLIM_INFINITY ? 1u << 20 : limit.rlim_max;
}

// Connections leave descriptors for the store, open bodies and functions: at the limit the one that is idle longest
// goes.
http::ServerLimits limits_of(const CloudOptions& options) {
  constexpr std::size_t kOfOthers = 256;
  http::ServerLimits limits;
  const auto descriptors = raise_descriptor_limit();
  limits.connections =
      std::min(limits.connections, descriptors > 2 * kOfOthers ? descriptors - kOfOthers : descriptors / 2);
  limits.idle = options.idle;
  return limits;
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
  http::Server server{environment.executor, [this](http::IncomingRequest& request) { return door.answer(request); },
                      limits_of(options)};

  // Where the machine's clock was set back since the last run, what is in flight, delayed or to be tried again would
  // come back too late by as much. The services' changes and the new mark are one batch: a crash repeats nothing.
  Result<void> bring_deadlines_forward() {
    const auto now = wall.now();
    SystemTime mark = now;
    if (const auto stored = store->get(clock_key())) {
      std::string_view bytes = *stored;
      mark = SystemTime(std::chrono::milliseconds(static_cast<std::int64_t>(take_number(bytes).value_or(0))));
    }
    constexpr std::chrono::seconds kSlew{1};
    Batch batch;
    if (mark > now + kSlew) {
      log(LogLevel::warning, "clock was set back since the last run; deadlines are brought forward",
          {{"milliseconds", (mark - now).count()}});
      for (Service* service : in_order()) service->bring_deadlines_forward(batch, mark - now);
    }
    put_mark(batch, now);
    return store->apply(std::move(batch));
  }
  static void put_mark(Batch& batch, SystemTime time) {
    std::string value;
    append_number(value, static_cast<std::uint64_t>(time.time_since_epoch().count()));
    batch.put(clock_key(), value);
  }
  void keep_mark(SystemTime time) {
    Batch batch;
    put_mark(batch, time);
    if (auto kept = store->apply(std::move(batch)); !kept)
      log(LogLevel::warning, "time of deadlines was not kept", {{"error", kept.error().message}});
  }

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
  State& state = *cloud->state_;
  if (auto brought = state.bring_deadlines_forward(); !brought) return fail(brought.error());
  state.deadlines.mark_by([&state](SystemTime time) { state.keep_mark(time); });
  if (auto key = state.iam.root_key(); !key) return fail(key.error());
  return cloud;
}

Task<Result<std::string>> Cloud::start() {
  State& state = *state_;
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
