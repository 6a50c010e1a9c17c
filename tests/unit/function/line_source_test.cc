#include "function/line_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>
#include <zstd.h>

#include <boost/asio/io_context.hpp>

namespace ads::function {
namespace {

std::string gzipped(std::string_view content) {
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, content.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));
  stream.avail_in = static_cast<uInt>(content.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string zstandard(std::string_view content) {
  std::string out(ZSTD_compressBound(content.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), content.data(), content.size(), 3));
  return out;
}

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
                                                            {"gzip", gzipped(content), batch::Compression::gzip},
                                                            {"zstd", zstandard(content), batch::Compression::zstd}}) {
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
  object = gzipped(lines(1000));
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
