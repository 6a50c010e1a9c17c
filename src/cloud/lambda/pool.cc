#include "cloud/lambda/pool.h"

#include <csignal>

#include "cloud/lambda/errors.h"
#include "cloud/lambda/keys.h"

namespace ads::cloud::lambda {

namespace {

std::string running_key(std::string_view region, std::string_view name) {
  return fmt::format("{}/{}", region, name);
}

// A place among the sandboxes (the count) that is given back, unless it was kept, whatever ends the invocation.
class Place {
 public:
  Place(std::size_t& count, Bell& changed) : count_(count), changed_(changed) { ++count_; }
  ~Place() {
    if (is_kept_) return;
    --count_;
    changed_.ring_all();
  }
  Place(const Place&) = delete;
  void keep() { is_kept_ = true; }

 private:
  std::size_t& count_;
  Bell& changed_;
  bool is_kept_ = false;
};

// Counts one running invocation for as long as it lives.
class Running {
 public:
  Running(std::map<std::string, int>& counts, std::string key) : counts_(counts), key_(std::move(key)) {
    ++counts_[key_];
  }
  ~Running() {
    if (--counts_[key_] == 0) counts_.erase(key_);
  }
  Running(const Running&) = delete;

 private:
  std::map<std::string, int>& counts_;
  std::string key_;
};

}  // namespace

void Pool::start() {
  tasks_.spawn("idle sandboxes", end_idle());
}

Pool::Room Pool::room_for(const std::string& key) const {
  auto slash = key.find('/');
  auto running = running_.find(key);
  int mine = running == running_.end() ? 0 : running->second;
  auto about = state_.about(key.substr(0, slash), key.substr(slash + 1));
  if (about && about->reserved_concurrency && mine >= *about->reserved_concurrency) return Room::reserved_full;
  int all = 0;
  for (auto& [_, count] : running_) all += count;
  if (all >= limits_.account_concurrency) return Room::full;
  return count_ < limits_.sandboxes || !idle_.empty() ? Room::yes : Room::full;
}

std::shared_ptr<Sandbox> Pool::take_idle(const std::string& key, const Function& function) {
  for (auto entry = idle_.rbegin(); entry != idle_.rend(); ++entry) {
    if (entry->key != key) continue;
    auto sandbox = entry->sandbox;
    idle_.erase(std::next(entry).base());
    auto needed = environment_.clock.now() + function.time_limit() + std::chrono::seconds(5);
    bool is_current = sandbox->function().revision_id == function.revision_id &&
                      (sandbox->credentials().access_key_id.empty() || sandbox->credentials().expires > needed);
    if (sandbox->is_usable() && is_current) return sandbox;
    end(std::move(sandbox));
    return take_idle(key, function);
  }
  return nullptr;
}

Task<Outcome<std::shared_ptr<Sandbox>>> Pool::make(Function function) {
  auto directory = co_await codes_.unpacked(function.code_sha);
  if (!directory) co_return refuse(directory.error());
  Source source{"lambda.amazonaws.com", function_arn(function.region, environment_.account, function.name)};
  auto credentials =
      co_await environment_.identities->assume(function.role, function.name, source, limits_.credentials);
  if (!credentials)
    co_return refuse(invalid_parameter("The role defined for the function cannot be assumed by Lambda. (" +
                                       credentials.error().message + ")"));
  co_return std::make_shared<Sandbox>(environment_, std::move(function), std::move(*directory), std::move(*credentials),
                                      limits_.init);
}

Task<Outcome<InvocationResult>> Pool::invoke(Function function, Invocation invocation, Patience patience) {
  auto name = running_key(function.region, function.name);
  auto key = name + "/" + function.version;
  for (;;) {
    if (is_stopping_) co_return refuse(service_error("The local cloud is stopping."));
    auto room = room_for(name);
    if (room == Room::yes) break;
    auto wait_until = room == Room::reserved_full ? patience.reserved : patience.machine;
    if (Steady::now() >= wait_until) {
      count(function, nullptr, {});
      co_return refuse(too_many_requests(room == Room::reserved_full
                                             ? "ReservedFunctionConcurrentInvocationLimitExceeded"
                                             : "ConcurrentInvocationLimitExceeded"));
    }
    co_await changed_.wait_until(wait_until);
  }
  Running counted(running_, name);
  count_concurrency(function);
  auto sandbox = take_idle(key, function);
  if (!sandbox) {
    // Somebody else's unused sandbox makes room.
    if (count_ >= limits_.sandboxes && !idle_.empty()) {
      auto oldest = idle_.front().sandbox;
      idle_.pop_front();
      end(std::move(oldest));
    }
    Place place(count_, changed_);
    auto made = co_await make(function);
    if (!made) co_return refuse(made.error());
    sandbox = std::move(*made);
    place.keep();
  }
  // Whatever ends the invocation, the sandbox leaves the busy ones: to be used again, or ended.
  struct Busy {
    Pool& pool;
    const std::string& key;
    std::shared_ptr<Sandbox> sandbox;
    std::list<std::shared_ptr<Sandbox>>::iterator place = pool.busy_.insert(pool.busy_.end(), sandbox);
    bool is_done = false;
    ~Busy() {
      pool.busy_.erase(place);
      if (is_done && sandbox->is_usable() && !pool.is_stopping_)
        pool.idle_.push_back({key, sandbox, Steady::now()});
      else
        pool.end(sandbox);
      pool.changed_.ring_all();
    }
  } busy{*this, key, sandbox};
  auto began = Steady::now();
  auto result = co_await sandbox->invoke(std::move(invocation));
  busy.is_done = true;
  count(function, &result, Steady::now() - began);
  co_return result;
}

void Pool::count(const Function& function, const InvocationResult* result,
                 std::chrono::duration<double, std::milli> took) {
  if (!environment_.metrics) return;
  std::vector<MetricDatum> data;
  auto add = [&](const char* name, double value, const char* unit) {
    data.push_back({"AWS/Lambda", name, {{"FunctionName", function.name}}, value, unit, environment_.clock.now()});
  };
  if (!result) {
    add("Throttles", 1, "Count");
  } else {
    add("Invocations", 1, "Count");
    add("Errors", result->is_success() ? 0 : 1, "Count");
    add("Duration", took.count(), "Milliseconds");
  }
  environment_.metrics->record(function.region, std::move(data));
}

// A sample at each beginning: the largest of them is what runs at most, per function and in the whole account.
void Pool::count_concurrency(const Function& function) {
  if (!environment_.metrics) return;
  int all = 0;
  for (auto& [_, running] : running_) all += running;
  auto now = environment_.clock.now();
  environment_.metrics->record(function.region,
                               {{"AWS/Lambda",
                                 "ConcurrentExecutions",
                                 {{"FunctionName", function.name}},
                                 static_cast<double>(running_[running_key(function.region, function.name)]),
                                 "Count",
                                 now},
                                {"AWS/Lambda", "ConcurrentExecutions", {}, static_cast<double>(all), "Count", now}});
}

Task<bool> Pool::wait_for_room(std::string region, std::string name, Steady::time_point until) {
  auto key = running_key(region, name);
  while (room_for(key) != Room::yes) {
    if (Steady::now() >= until) co_return false;
    co_await changed_.wait_until(until);
  }
  co_return true;
}

void Pool::end(std::shared_ptr<Sandbox> sandbox) {
  --count_;
  tasks_.spawn("end of a sandbox", end_and_wait(std::move(sandbox)));
}

Task<void> Pool::end_and_wait(std::shared_ptr<Sandbox> sandbox) {
  co_await sandbox->stop(limits_.stop_grace);
}

void Pool::retire(const std::string& region, const std::string& name) {
  auto prefix = running_key(region, name) + "/";
  for (auto entry = idle_.begin(); entry != idle_.end();) {
    if (!entry->key.starts_with(prefix)) {
      ++entry;
      continue;
    }
    end(entry->sandbox);
    entry = idle_.erase(entry);
  }
  // A busy one is found to be of an old revision when somebody wants to use it again.
  changed_.ring_all();
}

Task<void> Pool::end_idle() {
  while (!is_stopping_) {
    auto until = idle_.empty() ? Steady::time_point::max() : idle_.front().since + limits_.idle;
    if (Steady::now() < until) {
      co_await changed_.wait_until(until);
      continue;
    }
    auto sandbox = idle_.front().sandbox;
    idle_.pop_front();
    end(std::move(sandbox));
  }
}

Task<void> Pool::stop() {
  is_stopping_ = true;
  changed_.ring_all();
  for (auto& sandbox : busy_) sandbox->signal(SIGTERM);
  while (!idle_.empty()) {
    auto sandbox = idle_.front().sandbox;
    idle_.pop_front();
    end(std::move(sandbox));
  }
  auto end = Steady::now() + limits_.stop_grace;
  while (!busy_.empty() && Steady::now() < end) co_await changed_.wait_until(end);
  for (auto& sandbox : busy_) sandbox->signal(SIGKILL);
  while (!running_.empty()) co_await changed_.wait_until(Steady::now() + std::chrono::milliseconds(20));
  co_await tasks_.drain();
}

int Pool::concurrency_reserved_by_others(const std::string& region, const std::string& name) const {
  int sum = 0;
  auto prefix = key_of({"about", region});
  for (auto cursor = state_.store().scan_prefix(prefix); cursor.valid(); cursor.next()) {
    std::string_view rest = cursor.key().substr(prefix.size());
    auto other = take_text(rest);
    if (!other || *other == name) continue;
    if (auto about = state_.about(region, *other)) sum += about->reserved_concurrency.value_or(0);
  }
  return sum;
}

}  // namespace ads::cloud::lambda
