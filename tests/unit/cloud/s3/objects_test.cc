#include "cloud/s3/objects.h"

#include <unistd.h>

#include "bench.h"
#include "cloud/s3/keys.h"

namespace ads::cloud::s3 {

bool Bench::garbage_is_empty() {
  return !store->scan_prefix(keys::garbage()).valid();
}

namespace {

using ObjectsTest = Bench;

TEST_F(ObjectsTest, WithoutVersioningTheLastPutWins) {
  EXPECT_EQ(put("a", "1"), "");
  put("a", "2");
  EXPECT_EQ(current("a"), "2");
  EXPECT_TRUE(remove("a").existed);
  EXPECT_EQ(current("a"), "(none)");
  EXPECT_FALSE(remove("a").existed);
  EXPECT_TRUE(state->objects.is_empty(bucket));
}

TEST_F(ObjectsTest, VersionsStayAndDeleteMarkersCover) {
  put("a", "before");
  bucket.versioning = Versioning::enabled;
  auto one = put("a", "1"), two = put("a", "2");
  EXPECT_EQ(current("a"), "2");
  EXPECT_EQ(state->objects.version(bucket, "a", one)->inline_body, "1");
  EXPECT_EQ(state->objects.version(bucket, "a", "null")->inline_body, "before");
  auto marker = remove("a");
  EXPECT_TRUE(marker.is_marker_made);
  EXPECT_EQ(current("a"), "(none)");
  EXPECT_TRUE(state->objects.current_marker(bucket, "a"));
  EXPECT_TRUE(state->objects.version(bucket, "a", marker.version_id)->is_delete_marker);
  EXPECT_TRUE(remove_version("a", marker.version_id).is_marker_removed);
  EXPECT_EQ(current("a"), "2") << "what the marker covered comes to light";
  remove_version("a", two);
  EXPECT_EQ(current("a"), "1");
  remove_version("a", one);
  EXPECT_EQ(current("a"), "before");
  remove_version("a", "null");
  EXPECT_TRUE(state->objects.is_empty(bucket));
}

TEST_F(ObjectsTest, SuspendedVersioningReplacesTheNullVersionOnly) {
  bucket.versioning = Versioning::enabled;
  auto one = put("a", "1");
  bucket.versioning = Versioning::suspended;
  EXPECT_EQ(put("a", "null 1"), "");
  put("a", "null 2");
  EXPECT_EQ(state->objects.version(bucket, "a", "null")->inline_body, "null 2");
  EXPECT_EQ(state->objects.version(bucket, "a", one)->inline_body, "1");
  EXPECT_EQ(remove("a").version_id, "null");
  EXPECT_TRUE(state->objects.version(bucket, "a", "null")->is_delete_marker);
  bucket.versioning = Versioning::enabled;
  put("a", "3");
  bucket.versioning = Versioning::suspended;
  put("a", "null 3");
  EXPECT_EQ(list_versions(*store, bucket, {}).entries.size(), 3u) << "the null marker gave way to the null version";
  remove_version("a", "null");
  EXPECT_EQ(current("a"), "3");
}

TEST_F(ObjectsTest, RemovingAnOldVersionLeavesTheCurrentOne) {
  bucket.versioning = Versioning::enabled;
  auto one = put("a", "1");
  put("a", "2");
  EXPECT_TRUE(remove_version("a", one).existed);
  EXPECT_FALSE(remove_version("a", one).existed);
  EXPECT_FALSE(remove_version("a",
                              "0000000000000000"
                              "0000000000000000")
                   .existed);
  EXPECT_EQ(current("a"), "2");
}

TEST_F(ObjectsTest, RecordsSurviveTheirEncoding) {
  ObjectRecord record;
  record.sequence = 1234567890123;
  record.modified = clock.now();
  record.size = 5'000'000'000;
  record.etag = "abc-2";
  record.version_id = "v";
  record.storage_class = "STANDARD_IA";
  record.checksum = {ChecksumAlgorithm::crc32c, ChecksumType::composite, "AAAA-2"};
  record.headers = {{"Content-Type", "text/plain"}, {"x-amz-meta-a", "b"}};
  record.tags = {{"k", "v"}};
  record.parts = {{1, 10, "x"}, {2, 20, "y"}};
  record.slices = {{7, 0, 30}, {8, 5, 6}};
  record.is_multipart = true;
  auto value = encode(record);
  auto again = decode_object(value);
  ASSERT_TRUE(again);
  EXPECT_EQ(encode(*again), value);
  EXPECT_EQ(again->slices, record.slices);
  EXPECT_EQ(again->checksum, record.checksum);
  EXPECT_EQ(decode_summary(value)->size, record.size);
  for (std::size_t length = 0; length < value.size(); ++length)
    EXPECT_FALSE(decode_object(value.substr(0, length))) << "cut at " << length;
  value[0] = 9;
  EXPECT_FALSE(decode_object(value)) << "another format";
}

TEST(Slices, JoinAndCut) {
  Slices slices;
  append_slice(slices, {1, 0, 10});
  append_slice(slices, {1, 10, 5});
  append_slice(slices, {1, 20, 5});
  append_slice(slices, {2, 0, 0});
  append_slice(slices, {2, 3, 4});
  EXPECT_EQ(slices, (Slices{{1, 0, 15}, {1, 20, 5}, {2, 3, 4}}));
  EXPECT_EQ(cut(slices, 0, 24), slices);
  EXPECT_EQ(cut(slices, 14, 3), (Slices{{1, 14, 1}, {1, 20, 2}}));
  EXPECT_EQ(cut(slices, 20, 4), (Slices{{2, 3, 4}}));
  EXPECT_EQ(cut(slices, 5, 0), Slices{});
}

using BlobsTest = Bench;

TEST_F(BlobsTest, GoWithTheLastReference) {
  auto blob = put_file("a", "hello");
  auto record = *state->objects.current(bucket, "a");
  Transaction copy;
  copy.retain(record.slices);
  state->objects.put(copy, bucket, "b", record);
  ASSERT_TRUE(state->blobs.commit(std::move(copy)));
  remove("a");
  settle();
  EXPECT_TRUE(file_exists(blob)) << "the copy still refers to it";
  remove("b");
  settle();
  EXPECT_FALSE(file_exists(blob));
}

TEST_F(BlobsTest, AReaderGoesOnReadingWhatWasDeleted) {
  auto blob = put_file("a", "hello");
  auto slices = *state->blobs.open_slices(state->objects.current(bucket, "a")->slices);
  put("a", "other");
  settle();
  EXPECT_FALSE(file_exists(blob));
  char buffer[5];
  EXPECT_EQ(::pread(slices[0].file->descriptor(), buffer, 5, 0), 5);
  EXPECT_EQ(std::string(buffer, 5), "hello");
}

TEST_F(BlobsTest, WhatACrashLeftIsRemovedAtTheNextStart) {
  std::uint64_t unfinished;
  {
    auto pending = std::move(*state->blobs.begin());
    unfinished = pending.id();
    EXPECT_TRUE(file_exists(unfinished));
    // The process dies here: the destructor's cleaning is undone by writing the entry again.
  }
  settle();
  EXPECT_FALSE(file_exists(unfinished)) << "an abandoned upload goes at once";
  auto kept = put_file("a", "hello");
  auto lost = put_file("b", "world");
  Batch crash;
  crash.put(keys::writing(lost), "");
  ASSERT_TRUE(store->apply(std::move(crash)));
  reopen();
  settle();
  EXPECT_TRUE(file_exists(kept));
  EXPECT_FALSE(file_exists(lost));
  EXPECT_FALSE(store->scan_prefix(keys::writing()).valid());
}

TEST_F(BlobsTest, SequencesGrowAcrossRestartsAndClocksGoingBack) {
  auto before = state->sequence.next();
  clock.advance(std::chrono::hours(-5));
  reopen();
  EXPECT_GT(state->sequence.next(), before);
}

}  // namespace
}  // namespace ads::cloud::s3
