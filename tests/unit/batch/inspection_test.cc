#include "batch/inspection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include "batch/progress.h"

namespace ads::batch {
namespace {

using testing::HasSubstr;
using testing::Not;
using Step = Inspector::Step;

std::string gzip(const std::string& content) {
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, content.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));
  stream.avail_in = static_cast<uInt>(content.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string records(int count) {
  std::string out;
  for (int i = 0; i < count; ++i) out += "503," + std::to_string(i % 7) + ",user-" + std::to_string(i) + "\n";
  return out;
}

struct Seen {
  std::string objection;
  Inspection result = Inspection::none;
  std::size_t used = 0;  // bytes of the object

  bool operator==(const Seen&) const = default;
};

Seen inspect(const std::string& object, InspectionRules rules = {}, std::size_t piece = 4096) {
  Inspector inspector(rules);
  std::size_t at = 0;
  for (;;) {
    Step step = inspector.step();
    if (step == Step::done) break;
    if (step == Step::more) continue;
    std::string_view next = std::string_view(object).substr(at, piece);
    at += next.size();
    if (next.empty())
      inspector.finish();
    else
      inspector.feed(next);
  }
  return {inspector.objection(), inspector.objection().empty() ? inspector.result() : Inspection::none, at};
}

TEST(Inspector, OfAPlainFileReadsTheBeginningAlone) {
  Seen seen = inspect(records(100'000));
  EXPECT_EQ(seen.objection, "");
  EXPECT_EQ(seen.result, Inspection::beginning);
  EXPECT_LT(seen.used, 64'000u);
}

TEST(Inspector, OfACompressedFileReadsToTheEnd) {
  std::string object = gzip(records(100'000));
  Seen seen = inspect(object);
  EXPECT_EQ(seen.objection, "");
  EXPECT_EQ(seen.result, Inspection::verified);
  EXPECT_EQ(seen.used, object.size());
  seen = inspect(object, {.depth = Depth::beginning});
  EXPECT_EQ(seen.result, Inspection::beginning);
  EXPECT_LT(seen.used, object.size());
}

TEST(Inspector, FindsDamageWhereverItIs) {
  std::string object = gzip(records(50'000));
  for (std::size_t cut : {object.size() - 1, object.size() - 9, object.size() / 2, std::size_t{20}, std::size_t{3}}) {
    Seen seen = inspect(object.substr(0, cut));
    EXPECT_THAT(seen.objection, HasSubstr("gzip")) << cut;
    EXPECT_THAT(seen.objection, HasSubstr("Compress it again")) << cut;
    EXPECT_THAT(seen.objection, Not(HasSubstr("twice"))) << "nothing was sent yet";
    EXPECT_EQ(seen.objection.front(), 'T');
  }
  std::string flipped = object;
  flipped[object.size() - 6] ^= 1;  // of the checksum
  EXPECT_THAT(inspect(flipped).objection, HasSubstr("damaged"));
  EXPECT_EQ(inspect(flipped, {.depth = Depth::beginning}).objection, "");
}

TEST(Inspector, TheSameBytesGiveTheSameAnswerHoweverTheyAreCut) {
  std::string garbage;
  for (int i = 0; i < 3000; ++i) garbage += i % 3 ? "garbage\n" : "503,0,u\n";
  std::vector<std::string> objects{"",
                                   "\n\n\n",
                                   records(5),
                                   garbage,
                                   gzip(garbage),
                                   gzip(records(3000)),
                                   gzip(records(3000)).substr(0, 300),
                                   records(1500) + garbage,
                                   std::string(200'000, 'x')};
  for (const std::string& object : objects) {
    Seen seen = inspect(object);
    for (std::size_t piece : {1, 7, 100, 65'536, 10'000'000}) {
      Seen other = inspect(object, {}, piece);
      EXPECT_EQ(other.objection, seen.objection) << piece;
      EXPECT_EQ(other.result, seen.result) << piece;
    }
  }
  EXPECT_NE(inspect(garbage).objection, "");
  EXPECT_EQ(inspect(garbage).objection, inspect(gzip(garbage)).objection);
}

TEST(Inspector, ExpandsAsFarAsTheStackAllows) {
  std::string object = gzip(records(5) + std::string(20'000'000, '\n'));
  EXPECT_THAT(inspect(object, {.max_expansion = 100}).objection, HasSubstr("MaxExpansion"));
  EXPECT_EQ(inspect(object, {.max_expansion = 1'000'000}).objection, "");
}

// One line without an end: what is read of it is bounded.
TEST(Inspector, AnEndlessLineIsGivenUp) {
  Seen seen = inspect(std::string(40 << 20, 'x'), {}, 1 << 20);
  EXPECT_NE(seen.objection, "");
  EXPECT_LE(seen.used, kBeginningBytes + (1 << 20));
}

TEST(Inspector, AFileWithoutRecordsIsAccepted) {
  for (const char* content : {"", "\n", "status_code,retry_count,service_uuid\n"})
    EXPECT_EQ(inspect(content).objection, "") << content;
  EXPECT_NE(inspect(std::string(5000, '\n')).objection, "");
}

TEST(Inspection, IsStoredByName) {
  for (Inspection inspection : {Inspection::none, Inspection::beginning, Inspection::verified, Inspection::unverified})
    EXPECT_EQ(parse_inspection(to_string(inspection)), inspection);
  EXPECT_EQ(parse_inspection("soon"), std::nullopt);
}

TEST(ReadingFailure, AdvisesByWhatWasSentBefore) {
  Error damage{ErrorKind::corrupt, "CorruptGzip",
               "the gzip file is damaged: it ends in the middle. Compress it again and upload it again."};
  EXPECT_EQ(reading_failure(damage, 0, 0),
            "The gzip file is damaged: it ends in the middle. Compress it again and upload it again.");
  std::string late = reading_failure(damage, 8'999, 123'456);
  EXPECT_THAT(late, HasSubstr("The gzip file is damaged: it ends in the middle; lines 1 to 8,999"));
  EXPECT_THAT(late, HasSubstr("123,456 bytes"));
  EXPECT_THAT(late, HasSubstr("tail -n +9000"));
  EXPECT_THAT(late, Not(HasSubstr("upload it again")));
  EXPECT_THAT(reading_failure({ErrorKind::not_found, "", ""}, 0, 0), HasSubstr("removed before a line"));
  EXPECT_THAT(reading_failure({ErrorKind::not_found, "", ""}, 5, 0), HasSubstr("lines 1 to 5"));
  EXPECT_THAT(reading_failure({ErrorKind::conflict, "", ""}, 5, 0), HasSubstr("a run of its own"));
  EXPECT_EQ(reading_failure({ErrorKind::unavailable, "", ""}, 5, 0), "");
  EXPECT_EQ(reading_failure({ErrorKind::denied, "", ""}, 0, 0), "");
}

// The first line of a shard is not line 1, and that it has processed none says nothing about the others.
TEST(ReadingFailure, OfAShardClaimsNothingAboutTheOthers) {
  for (std::uint64_t lines : {0, 1'000})
    for (ErrorKind kind : {ErrorKind::not_found, ErrorKind::conflict, ErrorKind::corrupt}) {
      std::string failure = reading_failure({kind, "ShortObject", "the object ended early"}, lines, 9, Portion::shard);
      EXPECT_THAT(failure, HasSubstr("listed by byte range"));
      EXPECT_THAT(failure, Not(HasSubstr("lines 1 to")));
      EXPECT_THAT(failure, Not(HasSubstr("before a line of it")));
    }
  EXPECT_EQ(reading_failure({ErrorKind::unavailable, "", ""}, 0, 0, Portion::shard), "");
}

ShardState shard(ShardStatus status, std::uint64_t lines) {
  ShardState state;
  state.status = status;
  state.counters.lines = lines;
  return state;
}

TEST(LinesBefore, AreKnownBehindShardsThatAreDone) {
  using testing::ElementsAre;
  std::vector<std::optional<ShardState>> shards{shard(ShardStatus::done, 10), shard(ShardStatus::done, 5),
                                                shard(ShardStatus::dead, 3), shard(ShardStatus::done, 7)};
  EXPECT_THAT(lines_before(shards), ElementsAre(0u, 10u, 15u, std::nullopt));
  shards[0].reset();
  EXPECT_THAT(lines_before(shards), ElementsAre(0u, std::nullopt, std::nullopt, std::nullopt));
}

TEST(ShardAt, IsTheOneThatOwnsTheByte) {
  for (std::uint32_t count : {1u, 2u, 7u, 1000u})
    for (std::uint32_t index = 0; index < count; ++index) {
      Shard range = shard_of(1'000'003, count, index);
      EXPECT_EQ(shard_at(1'000'003, count, range.start), index);
      EXPECT_EQ(shard_at(1'000'003, count, range.end - 1), index);
    }
}

// Canceled before a shard began: nothing was done, and the run is not DONE.
TEST(Closing, ACanceledRunWithoutShardsIsPartial) {
  batch::Run run;
  run.id = "r";
  run.object.size = 400;
  run.shard_count = 1;
  run.is_partial = true;
  run.sentence = "Canceled.";
  std::vector<std::optional<ShardState>> shards(1);
  Closing closing = close(run, shards, 50);
  EXPECT_TRUE(closing.is_partial);
  EXPECT_TRUE(closing.is_canceled);
  EXPECT_THAT(closing.sentence, HasSubstr("Canceled."));
  shards[0] = shard(ShardStatus::done, 3);
  closing = close(run, shards, 50);
  EXPECT_FALSE(closing.is_partial || closing.is_canceled) << "every shard was done first";
  EXPECT_EQ(closing.sentence, "");
}

TEST(Closing, SaysAllThatWasNotProcessed) {
  batch::Run run;
  run.id = "r";
  run.object.size = 400;
  run.shard_count = 4;
  run.sentence = "stopped";
  std::vector<std::optional<ShardState>> shards(4);
  EXPECT_EQ(close(run, shards, 50).unprocessed, (std::vector<ByteRange>{{0, 400}})) << "one range, not one a shard";
  shards[0] = shard(ShardStatus::done, 3);
  shards[2] = shard(ShardStatus::dead, 3);
  shards[2]->range = shard_of(400, 4, 2);
  shards[2]->offset = 250;
  EXPECT_EQ(close(run, shards, 50).unprocessed, (std::vector<ByteRange>{{100, 200}, {250, 400}}));
  run.shard_count = 1;
  run.compression = Compression::gzip;
  std::vector<std::optional<ShardState>> one{shard(ShardStatus::dead, 3)};
  one[0]->offset = 1'000;
  one[0]->range = kOnlyShard;
  one[0]->compression = Compression::gzip;
  EXPECT_EQ(close(run, one, 50).unprocessed, (std::vector<ByteRange>{{1'000, kToEnd}}));
  run.compression = one[0]->compression = Compression::none;
  one[0]->offset = 0;
  EXPECT_EQ(close(run, one, 50).unprocessed, (std::vector<ByteRange>{{0, kToEnd}}))
      << "before the first checkpoint nobody knows whether it is compressed";
  one[0]->offset = 100;
  EXPECT_EQ(close(run, one, 50).unprocessed, (std::vector<ByteRange>{{100, 400}}));
}

}  // namespace
}  // namespace ads::batch
