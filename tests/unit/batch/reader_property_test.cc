// What must hold for every input: nothing is lost, nothing depends on where pieces or shards are cut.
#include <gtest/gtest.h>

#include "batch/counters.h"
#include "batch/shard.h"
#include "unit/batch/hostile_file.h"
#include "unit/batch/read_lines.h"

namespace ads::batch {
namespace {

constexpr unsigned kSeeds = 400;

Layout layout_of(std::string_view text) {
  return read_layout(text);
}

TEST(ReaderProperty, LinesReproduceTheInputExactly) {
  for (unsigned seed = 0; seed < kSeeds; ++seed) {
    HostileFile file(seed);
    std::string text = file.make(60);
    ASSERT_EQ(covered(text, read_all(text)), text) << "seed " << seed;
  }
}

TEST(ReaderProperty, PiecesMakeNoDifference) {
  for (unsigned seed = 0; seed < kSeeds; ++seed) {
    HostileFile file(seed);
    std::string text = file.make(60);
    std::vector<std::string_view> pieces;
    for (std::string_view rest = text; !rest.empty();) {
      std::size_t size = static_cast<std::size_t>(1 + file.pick(file.pick(2) ? 7 : 3000));
      pieces.push_back(rest.substr(0, size));
      rest.remove_prefix(pieces.back().size());
    }
    ASSERT_EQ(read_pieces(pieces), read_all(text)) << "seed " << seed;
  }
}

TEST(ReaderProperty, EachLineBelongsToExactlyOneShard) {
  for (unsigned seed = 0; seed < kSeeds; ++seed) {
    HostileFile file(seed);
    std::string text = file.make(30);
    auto whole = read_all(text);
    Layout layout = layout_of(text);
    for (int count = 1; count <= 9; ++count) {
      std::vector<ReadLine> together;
      std::uint64_t start = 0;
      for (int k = 0; k < count; ++k) {
        std::uint64_t end =
            k + 1 == count ? text.size()
                           : start + static_cast<std::uint64_t>(file.pick(static_cast<int>(text.size() - start) + 1));
        Shard shard{static_cast<std::uint32_t>(k), start, end};
        auto lines = read_all(std::string_view(text).substr(read_from(shard)), ReadRange::of(shard, layout));
        together.insert(together.end(), lines.begin(), lines.end());
        start = end;
      }
      ASSERT_EQ(together, whole) << "seed " << seed << ", " << count << " shards";
    }
  }
}

TEST(ReaderProperty, EveryCutOfAShortFileIntoTwoShards) {
  std::string text = "status_code,retry_count,service_uuid\n503,0,a\r\n\n\n200,1,b\nbad\n404,2,c";
  auto whole = read_all(text);
  Layout layout = layout_of(text);
  for (std::uint64_t cut = 0; cut <= text.size(); ++cut) {
    Shard first{0, 0, cut}, second{1, cut, text.size()};
    auto lines = read_all(text, ReadRange::of(first, layout));
    auto rest = read_all(std::string_view(text).substr(read_from(second)), ReadRange::of(second, layout));
    lines.insert(lines.end(), rest.begin(), rest.end());
    ASSERT_EQ(lines, whole) << "cut at " << cut;
  }
}

TEST(ReaderProperty, ALineOfManyShardsBelongsToTheFirst) {
  std::string text = "503,0,a\n" + std::string(10'000, 'x') + "\n200,0,b\n";
  for (std::uint64_t start = 9; start < 10'009; start += 999) {
    Shard shard{1, start, start + 999};
    auto lines = read_all(std::string_view(text).substr(read_from(shard)), ReadRange::of(shard, Layout{}));
    if (start + 999 > 10'009) {
      EXPECT_EQ(summary(lines), "record 200 0 b");
    } else {
      EXPECT_EQ(summary(lines), "") << start;
    }
  }
}

TEST(ReaderProperty, AReaderStopsAtItsEndWithoutReadingOn) {
  BatchReader reader(ReadRange::of({1, 5, 10}, Layout{}));
  Line line;
  reader.feed("xxxxxx");  // bytes 4 to 9: no line begins before byte 10
  EXPECT_EQ(reader.next(line), BatchReader::Step::done);
}

TEST(ReaderProperty, CountersAddUpOverShardsAndSettle) {
  for (unsigned seed = 0; seed < kSeeds; ++seed) {
    HostileFile file(seed);
    std::string text = file.make(60);
    Counters whole, sum;
    auto count = [&](ReadRange range, std::string_view bytes, Counters& counters) {
      BatchReader reader(range);
      Line line;
      reader.feed(bytes);
      reader.finish();
      while (reader.next(line) == BatchReader::Step::line) {
        counters.count(line);
        if (line.kind == Line::Kind::record) {
          if (line.status_code >= 500)
            ++counters.retry_queued;
          else
            counters.count(Outcome::processed, 0);
        }
      }
    };
    count({}, text, whole);
    std::uint64_t middle = text.size() / 2;
    for (Shard shard : {Shard{0, 0, middle}, Shard{1, middle, text.size()}}) {
      Counters part;
      count(ReadRange::of(shard, layout_of(text)), std::string_view(text).substr(read_from(shard)), part);
      sum += part;
    }
    ASSERT_EQ(sum, whole) << "seed " << seed;
    ASSERT_EQ(whole.bytes, text.size()) << "seed " << seed;
    ASSERT_EQ(whole.lines, whole.settled()) << "seed " << seed;
  }
}

TEST(Shard, PlansCoverTheFile) {
  struct {
    const char* name;
    std::uint64_t size;
    ShardLimits limits;
    std::size_t count;
  } cases[] = {
      {"an empty file is one shard", 0, {}, 1},
      {"one byte more than the target is two", kInlineBytes + 1, {.target_bytes = kInlineBytes}, 2},
      {"up to the target is one", std::uint64_t{64} << 20, {}, 1},
      {"1 GiB", std::uint64_t{1} << 30, {}, 16},
      {"at most max_shards", std::uint64_t{5} << 40, {.max_shards = 1000}, 1000},
      {"a size that doesn't divide", 100'000'007, {.target_bytes = 10'000'000}, 11},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    std::uint32_t count = shard_count(c.size, c.limits);
    ASSERT_EQ(count, c.count);
    std::uint64_t at = 0;
    for (std::uint32_t k = 0; k < count; ++k) {
      Shard shard = shard_of(c.size, count, k);
      EXPECT_EQ(shard.index, k);
      EXPECT_EQ(shard.start, at);
      at = shard.end;
    }
    EXPECT_EQ(at, c.size);
  }
}

}  // namespace
}  // namespace ads::batch
