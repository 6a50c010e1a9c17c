#include "unit/function/fixture.h"

#include "base/log.h"

namespace ads::function {

std::string RoleTest::mixed_file(std::size_t count) {
  set_log_level(LogLevel::error);
  std::string out;
  for (std::size_t i = 0; i < count; ++i) {
    std::string user = fmt::format("user-{}", i % 97);
    if (i % 10 == 9)
      out += fmt::format("oops,{},{}\n", i, user);
    else if (i % 3 == 0)
      out += fmt::format("200,0,{}\n", user);
    else if (i % 3 == 1)
      out += fmt::format("404,1,stranger-{}\n", i);
    else
      out += fmt::format("503,0,{}\n", user);
    world.add_user(user);
  }
  return out;
}

std::optional<Result<std::string>> RoleTest::dispatch(const std::string& event, const std::string& request) {
  return world.invoke(function::dispatch, settings, event, request);
}

void RoleTest::dispatch_to_the_end(const std::string& event) {
  for (int attempt = 0; attempt < 10; ++attempt) {
    auto answer = dispatch(event);
    if (answer && *answer) return;
    world.advance(std::chrono::minutes(1));
  }
  FAIL() << "the event was never answered";
}

std::string RoleTest::shard_event(const batch::ShardMessage& message, int receives) {
  json::object record{
      {"messageId", message.id()}, {"receiptHandle", "handle-" + message.id()},
      {"body", message.body()},    {"attributes", json::object{{"ApproximateReceiveCount", std::to_string(receives)}}},
      {"eventSource", "aws:sqs"},  {"eventSourceARN", "arn:aws:sqs:eu-central-1:000000000000:shards"}};
  return json::serialize(json::object{{"Records", json::array{std::move(record)}}});
}

void RoleTest::work_to_the_end(std::chrono::seconds timeout) {
  for (int turn = 0; turn < 1000 && !world.shard_messages.empty(); ++turn) {
    batch::ShardMessage message = world.shard_messages.front();
    world.shard_messages.erase(world.shard_messages.begin());
    auto answer =
        world.invoke(function::worker, settings, shard_event(message), fmt::format("worker-{}", turn), timeout);
    if (answer && *answer && **answer == R"({"batchItemFailures":[]})") continue;
    world.shard_messages.push_back(message);
    world.advance(std::chrono::minutes(1));
  }
  if (!world.shard_messages.empty()) ADD_FAILURE() << "the shards queue never got empty";
}

batch::Report RoleTest::report() const {
  const auto& content = world.objects.at("reports/" + only_run().run.id + ".json").content;
  return *batch::parse_report(*parse_json_object(content));
}

std::map<std::string, std::string> RoleTest::by_record(const std::vector<Delivery>& deliveries) {
  std::map<std::string, std::string> out;
  for (const auto& delivery : deliveries) {
    auto [found, is_new] = out.emplace(delivery.record_id, delivery.body);
    if (!is_new && found->second != delivery.body) ADD_FAILURE() << delivery.record_id << " has two bodies";
  }
  return out;
}

}  // namespace ads::function
