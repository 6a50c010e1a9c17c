// A store in a temporary directory and S3's tables over it, for tests that read as English.
#pragma once
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <future>

#include "cloud/s3/listing.h"
#include "cloud/s3/state.h"

namespace ads::cloud::s3 {

class Bench : public ::testing::Test {
 protected:
  Bench() : clock(*parse_iso8601("2026-11-22T12:00:00Z")) {
    std::string form = (std::filesystem::temp_directory_path() / "ads-s3-XXXXXX").string();
    directory = ::mkdtemp(form.data());
    open();
    bucket.id = state->sequence.next();
    bucket.name = "bucket";
  }
  ~Bench() override {
    close();
    std::filesystem::remove_all(directory);
  }

  void open() {
    store = std::move(*Store::open(io.get_executor(), directory, Durability::durable));
    environment.emplace(Environment{io.get_executor(), *store, clock});
    state = std::make_unique<State>(*environment);
    run(state->blobs.start());
    settle();
  }
  // As a crash would: nothing is stopped in order, the store's files stay as they are.
  void reopen() {
    close();
    open();
  }
  void close() {
    run(state->blobs.stop());
    run(store->close());
    state.reset();
    environment.reset();
    store.reset();
  }
  void run(Task<void> task) {
    bool is_done = false;
    asio::co_spawn(io, std::move(task), [&](std::exception_ptr) { is_done = true; });
    io.restart();
    while (!is_done) io.run_one();
  }
  // Lets background work go on until the list of doomed blobs is empty.
  void settle() {
    run([](Bench& bench) -> Task<void> {
      for (int turn = 0; turn < 2000 && !bench.garbage_is_empty(); ++turn)
        co_await sleep_for(std::chrono::milliseconds(1));
    }(*this));
  }
  bool garbage_is_empty();

  std::string put(std::string key, std::string body = "x") {
    ObjectRecord record;
    record.is_inline = true;
    record.inline_body = body;
    record.size = body.size();
    record.etag = body;
    return put_record(key, record);
  }
  std::string put_record(const std::string& key, ObjectRecord record) {
    Transaction transaction;
    state->objects.put(transaction, bucket, key, record);
    EXPECT_TRUE(state->blobs.commit(std::move(transaction)));
    return record.version_id;
  }
  // A body in a file of its own.
  std::uint64_t put_file(const std::string& key, const std::string& body) {
    auto blob = state->blobs.begin();
    EXPECT_TRUE(blob);
    EXPECT_EQ(::pwrite(blob->file()->descriptor(), body.data(), body.size(), 0), ssize_t(body.size()));
    ObjectRecord record;
    record.size = body.size();
    record.slices = {{blob->id(), 0, body.size()}};
    Transaction transaction;
    state->objects.put(transaction, bucket, key, record);
    blob->adopt(transaction);
    EXPECT_TRUE(state->blobs.commit(std::move(transaction)));
    return blob->id();
  }
  Objects::Removed remove(const std::string& key) {
    Transaction transaction;
    auto removed = state->objects.remove(transaction, bucket, key, clock.now());
    EXPECT_TRUE(state->blobs.commit(std::move(transaction)));
    return removed;
  }
  Objects::Removed remove_version(const std::string& key, const std::string& version) {
    Transaction transaction;
    auto removed = state->objects.remove_version(transaction, bucket, key, version);
    EXPECT_TRUE(state->blobs.commit(std::move(transaction)));
    return removed;
  }
  std::string current(const std::string& key) {
    auto found = state->objects.current(bucket, key);
    return found ? found->inline_body : "(none)";
  }
  bool file_exists(std::uint64_t blob) { return bool(state->blobs.open(blob)); }
  // "a b/ c*": objects, common prefixes, and a star where more follow.
  std::string list(ListQuery query) {
    auto page = list_objects(*store, bucket, query);
    std::string out;
    for (const auto& entry : page.entries) out += entry.key + " ";
    for (const auto& prefix : page.prefixes) out += prefix + " ";
    if (page.is_truncated) out += "*";
    return out;
  }

  asio::io_context io{1};
  ManualClock clock;
  std::filesystem::path directory;
  std::unique_ptr<Store> store;
  std::optional<Environment> environment;
  std::unique_ptr<State> state;
  Bucket bucket;
};

}  // namespace ads::cloud::s3
