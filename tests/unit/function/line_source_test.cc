#include "function/line_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>

#include "unit/batch/packed.h"

namespace ads::function {
namespace {

// Reads an object that is a string, in small ranges.
class Source : public testing::Test {
 protected:
  std::string object;
  LineSource::Options options{.range = {0, 0, batch::kToEnd}, .range_bytes = 100, .chunk_lines = 10};
  std::size_t longest_answer = std::string::npos;  // a server may answer less than asked for
  std::uint64_t bytes_read = 0;

  Result<std::vector<Chunk>> read() {
    asio::io_context context;
    std::optional<Result<std::vector<Chunk>>> chunks;
    asio::co_spawn(context, read_all(context.get_executor()),
                   [&](std::exception_ptr, auto result) { chunks = result; });
    context.run();
    return *chunks;
  }
  static std::vector<std::uint64_t> offsets(const std::vector<Chunk>& chunks) {
    std::vector<std::uint64_t> out;
    for (auto& chunk : chunks)
      for (auto& record : chunk.records) out.push_back(record.offset);
    return out;
  }

 private:
  Task<Result<std::vector<Chunk>>> read_all(asio::any_io_executor executor) {
    TaskGroup group(executor);
    LineSource source([this](std::uint64_t begin, std::uint64_t length) { return range(begin, length); }, object.size(),
                      options, group, executor);
    std::vector<Chunk> chunks;
    std::optional<Error> error;
    while (!error && (chunks.empty() || !chunks.back().is_last)) {
      auto chunk = co_await source.next_chunk();
      if (chunk)
        chunks.push_back(std::move(*chunk));
      else
        error = chunk.error();
    }
    bytes_read = source.bytes_read();
    co_await group.stop();
    if (error) co_return fail(*error);
    co_return chunks;
  }
  Task<Result<std::string>> range(std::uint64_t begin, std::uint64_t length) {
    co_return object.substr(begin, std::min<std::size_t>(length, longest_answer));
  }
};

std::string lines(int count) {
  std::string out;
  for (int i = 0; i < count; ++i) out += "200,0,user-" + std::to_string(i) + "\n";
  return out;
}

TEST_F(Source, CutsAFileIntoChunksThatCoverIt) {
  object = lines(35);
  auto chunks = read();
  ASSERT_TRUE(chunks);
  ASSERT_EQ(chunks->size(), 4u);
  std::uint64_t end = 0;
  for (auto& chunk : *chunks) {
    EXPECT_EQ(chunk.begin, end);
    end = chunk.end;
    for (std::size_t i = 0; i < chunk.records.size(); ++i)
      EXPECT_EQ(chunk.text_of(i), object.substr(chunk.records[i].offset, chunk.records[i].length - 1));
  }
  EXPECT_EQ(end, object.size());
  EXPECT_EQ(bytes_read, object.size());
}

TEST_F(Source, AnEmptyObjectIsOneEmptyChunk) {
  auto chunks = read();
  ASSERT_TRUE(chunks);
  ASSERT_EQ(chunks->size(), 1u);
  EXPECT_EQ(chunks->front().counters.lines, 0u);
}

TEST_F(Source, GoesOnFromEachCheckpointInEveryCompression) {
  std::string content = lines(95);
  struct Case {
    const char* name;
    std::string object;
    batch::Compression compression;
  };
  for (auto& [name, bytes, compression] : std::vector<Case>{{"none", content, batch::Compression::none},
                                                            {"gzip", batch::gzip(content), batch::Compression::gzip},
                                                            {"zstd", batch::zstd(content), batch::Compression::zstd}}) {
    SCOPED_TRACE(name);
    object = bytes;
    options.offset = 0;
    options.layout.reset();
    options.compression = batch::Compression::none;
    auto whole = read();
    ASSERT_TRUE(whole) << whole.error().message;
    EXPECT_EQ(whole->back().compression, compression);
    EXPECT_EQ(bytes_read, object.size());
    auto all = offsets(*whole);
    EXPECT_EQ(all.size(), 95u);
    for (std::size_t done = 0; done + 1 < whole->size(); ++done) {
      options.offset = (*whole)[done].end;
      options.layout = (*whole)[done].layout;
      options.compression = (*whole)[done].compression;
      auto rest = read();
      ASSERT_TRUE(rest) << rest.error().message;
      EXPECT_EQ(offsets(*rest), std::vector(all.begin() + std::ptrdiff_t(10 * (done + 1)), all.end()));
      EXPECT_EQ(bytes_read, object.size());
    }
  }
}

TEST_F(Source, GoesOnFromEachCheckpointInEveryPacking) {
  std::string content = lines(35);
  for (const batch::Packing& packing : batch::packings()) {
    SCOPED_TRACE(packing.name);
    object = packing.pack(content);
    options.offset = 0;
    options.layout.reset();
    options.compression = batch::Compression::none;
    auto whole = read();
    ASSERT_TRUE(whole) << whole.error().message;
    ASSERT_EQ(whole->back().end, content.size());
    auto all = offsets(*whole);
    EXPECT_EQ(all.size(), 35u);
    for (std::size_t done = 0; done + 1 < whole->size(); ++done) {
      options.offset = (*whole)[done].end;
      options.layout = (*whole)[done].layout;
      options.compression = (*whole)[done].compression;
      auto rest = read();
      ASSERT_TRUE(rest) << rest.error().message;
      EXPECT_EQ(offsets(*rest), std::vector(all.begin() + std::ptrdiff_t(10 * (done + 1)), all.end()));
    }
  }
}

// Files whose content, lines or chunks end exactly at a buffer's edge, or just not.
TEST_F(Source, FilesOfEverySizeAroundABuffersEdgeAreWhole) {
  options.range_bytes = std::uint64_t{8} << 20;
  options.chunk_lines = batch::kChunkLines;
  auto check = [&](const std::string& content, std::size_t records) {
    for (const batch::Packing& packing : batch::packings()) {
      if (content.size() > 1'000'000 && packing.name != std::string_view("gzip") &&
          packing.name != std::string_view("zstd"))
        continue;
      object = packing.pack(content);
      auto chunks = read();
      ASSERT_TRUE(chunks) << packing.name << ", " << content.size() << ": " << chunks.error().message;
      ASSERT_EQ(offsets(*chunks).size(), records) << packing.name << ", " << content.size();
      ASSERT_EQ(chunks->back().end, content.size()) << packing.name;
    }
    object = content;
    auto chunks = read();
    ASSERT_TRUE(chunks);
    ASSERT_EQ(offsets(*chunks).size(), records) << content.size();
    ASSERT_EQ(chunks->back().end, content.size());
  };
  auto of_size = [](std::size_t size) {  // lines of 12 bytes, the last one longer
    std::string text;
    for (std::size_t i = 0; text.size() + 24 <= size; ++i) text += "200,0,u" + std::to_string(1000 + i % 9000) + "\n";
    text += "404,1,";
    text.append(size - text.size() - 1, 'x');
    return text + "\n";
  };
  for (std::size_t edge : {4096u, 65'536u, 131'072u})
    for (std::size_t size = edge - 1; size <= edge + 1; ++size) check(of_size(size), (size - 24) / 12 + 2);
  for (int count : {999, 1000, 1001, 2000}) check(lines(count), static_cast<std::size_t>(count));
  for (std::size_t length : {4095u, 4096u, 4097u})
    check("200,0,u" + std::string(length - 7, ' ') + "\n200,0,v\n", length > 4096 ? 1 : 2);
}

TEST_F(Source, FilesAroundOneRangeAreWhole) {
  options.range_bytes = std::uint64_t{8} << 20;
  options.max_expansion = 1'000'000;
  options.chunk_lines = batch::kChunkLines;
  std::string line = "200,0,u" + std::string(4096 - 8, ' ') + "\n";
  std::string text;
  for (int i = 0; i < 2048; ++i) text += line;
  ASSERT_EQ(text.size(), options.range_bytes);
  for (const std::string& content : {text.substr(1), text, text + "\n", text + line}) {
    std::size_t records = content.size() / line.size() + (content.size() % line.size() > 1 ? 1 : 0);
    for (const std::string& bytes : {content, batch::gzip(content), batch::zstd(content)}) {
      object = bytes;
      auto chunks = read();
      ASSERT_TRUE(chunks) << chunks.error().message;
      ASSERT_EQ(chunks->back().end, content.size());
      // Without its first byte, the first line has another status code: "00" is out of range.
      ASSERT_EQ(offsets(*chunks).size(), records - (content[0] == '0' ? 1 : 0));
    }
  }
}

TEST_F(Source, RangesThatEndAtALinesEdgeAreWhole) {
  object = lines(200);
  auto whole = offsets(*read());
  for (options.range_bytes = 1; options.range_bytes < 40; ++options.range_bytes) {
    auto chunks = read();
    ASSERT_TRUE(chunks);
    ASSERT_EQ(offsets(*chunks), whole) << options.range_bytes;
  }
}

TEST_F(Source, LinesWithoutAnEffectCostNoCheckpoint) {
  object = lines(5) + std::string(100'000, '\n') + lines(5);
  options.range_bytes = 8192;
  auto chunks = read();
  ASSERT_TRUE(chunks);
  EXPECT_EQ(chunks->size(), 2u) << "ten records fill one chunk, the second is the end";
  object = batch::gzip(std::string(2'000'000, '\n'));
  options.max_expansion = 1'000'000;
  chunks = read();
  ASSERT_TRUE(chunks);
  EXPECT_EQ(chunks->size(), 3u);
  EXPECT_EQ(chunks->front().counters.blank, kSkippedLines);
}

TEST_F(Source, AFileThatExpandsTooMuchIsRefused) {
  object = batch::zstd(std::string(20'000'000, '\n'));
  auto chunks = read();
  ASSERT_FALSE(chunks);
  EXPECT_EQ(chunks.error().code, batch::kUnreadableFile);
}

TEST_F(Source, UuidsAreWrittenAsTheTableSpellsThem) {
  object = "200,0,{6F9619FF-8B86-D011-B42D-00C04FC964FF}\n";
  options.user_key_form = batch::UserKeyForm::uuid_lower;
  auto chunks = read();
  ASSERT_TRUE(chunks);
  EXPECT_EQ(chunks->front().records.at(0).service_uuid, "6f9619ff-8b86-d011-b42d-00c04fc964ff");
}

TEST_F(Source, TheMiddleOfAFileIsNotTakenForACompressedOne) {
  object = "200,0,a\n\x1f\x8b\x08 is no record\n200,0,b\n";
  options.offset = 8;
  options.layout = batch::Layout{};
  auto chunks = read();
  ASSERT_TRUE(chunks) << chunks.error().message;
  EXPECT_EQ(chunks->front().records.size(), 1u);
  EXPECT_EQ(chunks->front().bad_lines.size(), 1u);
}

TEST_F(Source, ShorterAnswersAreGoneOnFrom) {
  object = lines(35);
  longest_answer = 7;
  auto chunks = read();
  ASSERT_TRUE(chunks);
  EXPECT_EQ(offsets(*chunks).size(), 35u);
  EXPECT_EQ(bytes_read, object.size());
}

TEST_F(Source, DamageIsAnError) {
  object = batch::gzip(lines(1000));
  object.resize(object.size() / 2);
  auto chunks = read();
  ASSERT_FALSE(chunks);
  EXPECT_EQ(chunks.error().code, "CorruptGzip");
  object = lines(35);
  longest_answer = 0;
  chunks = read();
  ASSERT_FALSE(chunks);
  EXPECT_EQ(chunks.error().code, "ShortObject");
}

TEST_F(Source, AChunkIsCutWhereTimeWants) {
  object = lines(20) + "bad\n\n" + lines(9);
  options.chunk_lines = 100;
  auto whole = *read();
  ASSERT_EQ(whole.size(), 1u);
  for (std::size_t cut = 1; cut <= 31; ++cut) {
    Chunk rest = whole[0];
    Chunk front = rest.take_front(cut);
    EXPECT_EQ(front.line_count(), cut);
    EXPECT_EQ(rest.line_count(), 31 - cut);
    EXPECT_EQ(front.begin, whole[0].begin);
    EXPECT_EQ(front.end, rest.begin);
    EXPECT_EQ(rest.end, whole[0].end);
    EXPECT_FALSE(front.is_last);
    EXPECT_TRUE(rest.is_last);
    EXPECT_EQ(front.counters, whole[0].counters_of(cut));
    batch::Counters sum = front.counters;
    sum += rest.counters;
    EXPECT_EQ(sum, whole[0].counters);
    EXPECT_EQ(front.counters.bytes, front.end - front.begin);
    EXPECT_EQ(front.bad_lines.size() + rest.bad_lines.size(), 1u);
    EXPECT_EQ(front.bad_lines.size(), cut > 20 ? 1u : 0u);
    std::size_t index = 0;
    for (const Chunk* part : {&front, &rest})
      for (std::size_t i = 0; i < part->records.size(); ++i, ++index) {
        EXPECT_EQ(part->records[i], whole[0].records[index]);
        EXPECT_EQ(part->text_of(i), whole[0].text_of(index));
        EXPECT_EQ(part->lines_before(part->records[i].offset) + (part == &rest ? cut : 0),
                  whole[0].lines_before(whole[0].records[index].offset));
      }
    EXPECT_EQ(index, whole[0].records.size());
  }
}

TEST_F(Source, ShardsOwnTheLinesThatBeginInThem) {
  object = lines(50);
  options.layout = batch::Layout{};
  std::vector<std::uint64_t> all, sum;
  for (std::uint64_t begin = 0; begin < object.size(); begin = object.find('\n', begin) + 1) all.push_back(begin);
  for (std::uint64_t start = 0, index = 0; start < object.size(); start += 77, ++index) {
    options.range = {static_cast<std::uint32_t>(index), start, std::min<std::uint64_t>(object.size(), start + 77)};
    options.offset = start;
    auto chunks = read();
    ASSERT_TRUE(chunks);
    for (auto offset : offsets(*chunks)) sum.push_back(offset);
  }
  EXPECT_EQ(sum, all);
}

}  // namespace
}  // namespace ads::function
