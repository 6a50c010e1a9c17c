#include "cloud/s3/outbox.h"

#include "bench.h"
#include "cloud/s3/keys.h"

namespace ads::cloud::s3 {
namespace {

// A queue service that refuses until it is told otherwise, and counts.
struct Queues : QueuePort {
  Task<Outcome<std::string>> send(std::string, OutgoingMessage message, Source source) override {
    ++asked;
    if (!is_up) co_return refuse(500, "InternalError", "down");
    EXPECT_EQ(source.principal, "s3.amazonaws.com");
    received.push_back(message.body);
    co_return std::string("id");
  }
  Task<Outcome<std::vector<ReceivedMessage>>> receive(std::string, int, std::chrono::milliseconds) override {
    co_return refuse(501, "", "");
  }
  Task<Outcome<void>> remove(std::string, std::vector<std::string>) override { co_return refuse(501, "", ""); }
  Task<Outcome<void>> change_visibility(std::string, std::string, std::chrono::seconds) override {
    co_return refuse(501, "", "");
  }
  std::vector<Outcome<std::string>> enqueue(const std::string&, std::vector<OutgoingMessage> messages,
                                            const Source&) override {
    return std::vector<Outcome<std::string>>(messages.size(), Outcome<std::string>(refuse(not_implemented("enqueue"))));
  }
  Outcome<void> may(const std::string&, std::string_view, const Source&) override { return {}; }
  Outcome<std::map<std::string, std::string>> attributes(const std::string&) override { return refuse(501, "", ""); }

  bool is_up = false;
  int asked = 0;
  std::vector<std::string> received;
};

struct NoBody : http::IncomingBody {
  Task<Result<std::size_t>> read_some(char*, std::size_t) override { co_return std::size_t{0}; }
  std::optional<std::uint64_t> declared_length() const override { return 0; }
};

using OutboxTest = Bench;

TEST_F(OutboxTest, AnEventIsSentAgainAfterARestart) {
  Queues queues;
  environment->queues = &queues;
  bucket.notifications.rules = {{"rule",
                                 DestinationKind::queue,
                                 "arn:aws:sqs:eu-west-1:000000000000:q",
                                 {"s3:ObjectCreated:*"},
                                 "in/",
                                 "",
                                 true}};
  NoBody body;
  http::IncomingRequest head{{}, body, "127.0.0.1:5"};
  Call call{head, {}, "000000000000", "eu-west-1", "request", clock.now()};
  auto add = [&](std::string key) {
    Transaction transaction;
    state->outbox.add(transaction, call, bucket, {"ObjectCreated:Put", key, "etag", "", 5, state->sequence.next()});
    EXPECT_TRUE(state->blobs.commit(std::move(transaction)));
    state->outbox.deliver();
  };
  auto wait_for = [&](auto condition) {
    for (int turn = 0; turn < 2000 && !condition(); ++turn) run(sleep_for(std::chrono::milliseconds(1)));
    EXPECT_TRUE(condition());
  };
  run(state->outbox.start());
  add("in/a b");
  add("out/a");
  wait_for([&] { return queues.asked > 0; });
  run(state->outbox.stop());
  EXPECT_TRUE(store->scan_prefix(keys::events()).valid()) << "what was not accepted stays on record";

  reopen();
  environment->queues = &queues;
  queues.is_up = true;
  run(state->outbox.start());
  wait_for([&] { return !store->scan_prefix(keys::events()).valid(); });
  ASSERT_EQ(queues.received.size(), 1u);
  EXPECT_NE(queues.received[0].find("\"key\":\"in/a+b\""), std::string::npos) << queues.received[0];
  add("in/c");
  wait_for([&] { return queues.received.size() == 2; });
  run(state->outbox.stop());
}

}  // namespace
}  // namespace ads::cloud::s3
