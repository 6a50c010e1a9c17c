// A city of fakes around a real Lambda: real processes, an in-memory queue, log lines kept in a list.
#pragma once
#include <archive.h>
#include <archive_entry.h>
#include <gtest/gtest.h>

#include <boost/asio/executor_work_guard.hpp>
#include <filesystem>

#include "base/encoding.h"
#include "base/ids.h"
#include "cloud/lambda/service.h"
#include "unit/cloud/every_role.h"

namespace ads::cloud::lambda {

inline constexpr auto kRegion = "eu-central-1";

// A queue whose messages stay hidden once received, until removed or released.
class FakeQueues : public QueuePort {
 public:
  explicit FakeQueues(asio::any_io_executor executor) : arrived_(executor) {}

  Task<Outcome<std::string>> send(std::string arn, OutgoingMessage message, Source) override {
    sent[arn].push_back(message);
    put(arn, message.body);
    co_return "id";
  }
  Task<Outcome<std::vector<ReceivedMessage>>> receive(std::string arn, int most,
                                                      std::chrono::milliseconds wait) override {
    auto until = std::chrono::steady_clock::now() + wait;
    while (visible[arn].empty())
      if (!co_await arrived_.wait_until(until)) co_return std::vector<ReceivedMessage>{};
    std::vector<ReceivedMessage> out;
    while (!visible[arn].empty() && static_cast<int>(out.size()) < most) {
      out.push_back(visible[arn].front());
      visible[arn].pop_front();
    }
    co_return out;
  }
  Task<Outcome<void>> remove(std::string, std::vector<std::string> handles) override {
    for (auto& handle : handles) removed.push_back(handle);
    co_return Outcome<void>{};
  }
  Task<Outcome<void>> change_visibility(std::string, std::string, std::chrono::seconds) override {
    co_return Outcome<void>{};
  }
  std::vector<Outcome<std::string>> enqueue(const std::string&, std::vector<OutgoingMessage> messages,
                                            const Source&) override {
    return std::vector<Outcome<std::string>>(messages.size(), Outcome<std::string>(refuse(not_implemented("enqueue"))));
  }
  Outcome<void> may(const std::string&, std::string_view, const Source&) override { return {}; }
  Outcome<std::map<std::string, std::string>> attributes(const std::string& arn) override {
    if (arn.find("missing") != std::string::npos)
      return refuse(400, "AWS.SimpleQueueService.NonExistentQueue", "The specified queue does not exist.");
    return std::map<std::string, std::string>{{"VisibilityTimeout", "30"}};
  }

  // The message's id, its handle with an "h".
  void put(const std::string& arn, const std::string& body, const std::string& id = random_hex(8)) {
    ReceivedMessage message{.message_id = id, .receipt_handle = "h" + id, .body = body, .md5_of_body = "md5"};
    message.system_attributes["ApproximateReceiveCount"] = "1";
    visible[arn].push_back(message);
    arrived_.ring_all();
  }

  std::map<std::string, std::deque<ReceivedMessage>> visible;
  std::map<std::string, std::vector<OutgoingMessage>> sent;
  std::vector<std::string> removed;

 private:
  Bell arrived_;
};

class FakeLogs : public LogPort {
 public:
  Outcome<void> may_append(const std::string&, const std::string&, const std::string&, const Source&) override {
    return {};
  }
  Task<Outcome<void>> append(std::string, std::string group, std::string stream,
                             std::vector<LogEvent> events) override {
    for (auto& event : events) lines.push_back(event.message);
    last_group = group;
    streams.insert(stream);
    co_return Outcome<void>{};
  }
  bool has(std::string_view text) const {
    for (auto& line : lines)
      if (line.find(text) != std::string::npos) return true;
    return false;
  }
  std::vector<std::string> lines;
  std::string last_group;
  std::set<std::string> streams;
};

// A zip with the given files, all of them executable.
inline std::string zip_of(const std::map<std::string, std::string>& files) {
  std::string out(16 << 20, '\0');
  std::size_t used = 0;
  archive* zip = archive_write_new();
  archive_write_set_format_zip(zip);
  archive_write_open_memory(zip, out.data(), out.size(), &used);
  for (auto& [name, content] : files) {
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, name.c_str());
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0755);
    archive_entry_set_size(entry, static_cast<la_int64_t>(content.size()));
    archive_write_header(zip, entry);
    archive_write_data(zip, content.data(), content.size());
    archive_entry_free(entry);
  }
  archive_write_close(zip);
  archive_write_free(zip);
  out.resize(used);
  return out;
}

// A bootstrap in Python: `handler` is the body of handle(event, headers), what it returns is the answer.
inline std::string bootstrap(const std::string& handler, const std::string& init = "") {
  std::string indented;
  for (std::size_t at = 0; at < handler.size();) {
    auto end = handler.find('\n', at);
    indented += "    " + handler.substr(at, end == std::string::npos ? end : end - at) + "\n";
    at = end == std::string::npos ? handler.size() : end + 1;
  }
  return R"(#!/usr/bin/env python3
import http.client, json, os, sys, time
calls = 0
api = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
def post(path, body, headers={}):
    api.request("POST", "/2018-06-01/runtime/" + path, json.dumps(body), headers)
    answer = api.getresponse(); answer.read(); return answer.status
)" + init +
         R"(
def handle(event, headers):
    global calls
    calls += 1
)" + indented +
         R"(
while True:
    api.request("GET", "/2018-06-01/runtime/invocation/next")
    got = api.getresponse()
    event = json.loads(got.read())
    request = got.headers["Lambda-Runtime-Aws-Request-Id"]
    try:
        post("invocation/" + request + "/response", handle(event, got.headers))
    except Exception as problem:
        kind = type(problem).__name__
        post("invocation/" + request + "/error", {"errorType": kind, "errorMessage": str(problem)}, {"Lambda-Runtime-Function-Error-Type": kind})
)";
}

class City : public testing::Test {
 public:
  City() : queues(io.get_executor()) { build(); }
  ~City() override {
    take_down();
    std::filesystem::remove_all(directory);
  }

  // Runs a task to its end.
  template <class T>
  T run(Task<T> task) {
    std::optional<T> out;
    std::exception_ptr failure;
    asio::co_spawn(io, std::move(task), [&](std::exception_ptr e, T value) {
      failure = e;
      out.emplace(std::move(value));
    });
    while (!out) io.run_one();
    if (failure) std::rethrow_exception(failure);
    return std::move(*out);
  }
  void run(Task<void> task) {
    bool is_done = false;
    asio::co_spawn(io, std::move(task), [&](std::exception_ptr) { is_done = true; });
    while (!is_done) io.run_one();
  }
  // Lets the city work until the condition holds; false after ten seconds.
  bool eventually(const std::function<bool()>& condition) {
    auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (!condition()) {
      if (std::chrono::steady_clock::now() > end) return false;
      io.run_one_for(std::chrono::milliseconds(20));
    }
    return true;
  }

  void build() {
    auto opened = Store::open(io.get_executor(), directory, Durability::durable);
    if (!opened) throw std::runtime_error(opened.error().message);
    store = std::move(*opened);
    environment.emplace(Environment{.executor = io.get_executor(), .store = *store, .clock = system_clock()});
    environment->runtime_directory = (directory / "run").string();
    environment->endpoint = "http://127.0.0.1:1";
    environment->queues = &queues;
    environment->logs = &logs;
    environment->identities = &identities;
    lambda = std::make_unique<Lambda>(*environment, limits);
    environment->functions = lambda.get();
    run(lambda->start());
  }
  void take_down() {
    run(lambda->stop());
    run(store->close());
    lambda.reset();
    environment.reset();
    store.reset();
  }
  // As after a restart of the cloud, on the same disk.
  void restart() {
    take_down();
    build();
  }

  void function(const std::string& name, const std::string& code, json::object more = {}) {
    json::object input{{"FunctionName", name},
                       {"Runtime", "provided.al2023"},
                       {"Handler", "main"},
                       {"Role", "arn:aws:iam::000000000000:role/r"},
                       {"Timeout", 5},
                       {"MemorySize", 256},
                       {"Code", {{"ZipFile", to_base64(zip_of({{"bootstrap", code}}))}}}};
    for (auto& [key, value] : more) input[key] = value;
    auto made = run(create_function(lambda->parts(), kRegion, input));
    ASSERT_TRUE(made) << made.error().message;
  }
  Outcome<InvocationResult> invoke(const std::string& name, const std::string& payload = "{}") {
    auto found = lambda->parts().state.resolve(kRegion, {name, ""});
    if (!found) return refuse(found.error());
    return run(lambda->parts().pool.invoke(
        *found, {.request_id = random_uuid(), .payload = payload, .function_arn = arn(name)}));
  }
  void invoke_later(const std::string& name, const std::string& payload = "{}") {
    auto queued =
        run(lambda->parts().queue.add(kRegion, {name, ""}, {.request_id = random_uuid(), .payload = payload}));
    ASSERT_TRUE(queued);
  }
  std::string arn(const std::string& name) const { return function_arn(kRegion, "000000000000", name); }
  static std::string queue_arn(const std::string& name) {
    return std::string("arn:aws:sqs:") + kRegion + ":000000000000:" + name;
  }
  Reply act(Action action, json::object input) { return run(action(lambda->parts(), kRegion, std::move(input))); }

  asio::io_context io;
  asio::executor_work_guard<asio::io_context::executor_type> work{io.get_executor()};
  std::filesystem::path directory = std::filesystem::temp_directory_path() / ("ads-lambda-" + random_hex(12));
  Limits limits{.init = std::chrono::milliseconds(3000),
                .stop_grace = std::chrono::milliseconds(100),
                .retry_delays = {std::chrono::milliseconds(30), std::chrono::milliseconds(60)},
                .throttle_delay = std::chrono::milliseconds(20)};
  FakeQueues queues;
  FakeLogs logs;
  EveryRole identities;
  std::unique_ptr<Store> store;
  std::optional<Environment> environment;
  std::unique_ptr<Lambda> lambda;
};

}  // namespace ads::cloud::lambda
