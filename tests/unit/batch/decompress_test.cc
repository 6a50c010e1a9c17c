#include "batch/decompress.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>
#include <zstd.h>

#include <random>
#include <vector>

namespace ads::batch {
namespace {

std::string gzip(std::string_view text) {
  z_stream z{};
  deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&z, text.size()) + 32, '\0');
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  z.avail_in = static_cast<uInt>(text.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&z, Z_FINISH), Z_STREAM_END);
  out.resize(z.total_out);
  deflateEnd(&z);
  return out;
}

std::string zstd(std::string_view text, int window_log = 0) {
  ZSTD_CCtx* context = ZSTD_createCCtx();
  if (window_log) {
    ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, window_log);
    ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, 0);
  }
  ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
  std::string out(ZSTD_compressBound(text.size()), '\0');
  ZSTD_inBuffer in{text.data(), text.size(), 0};
  ZSTD_outBuffer output{out.data(), out.size(), 0};
  // In two steps, so that the encoder does not know the size and keeps the window it was told.
  ZSTD_compressStream2(context, &output, &in, ZSTD_e_continue);
  EXPECT_EQ(ZSTD_compressStream2(context, &output, &in, ZSTD_e_end), 0u);
  out.resize(output.pos);
  ZSTD_freeCCtx(context);
  return out;
}

std::string sample(std::size_t size) {
  std::mt19937 random(1);
  std::string text;
  while (text.size() < size) text += std::to_string(random() % 1000) + ",0,user-" + std::to_string(random()) + "\n";
  text.resize(size);
  return text;
}

struct Outcome {
  std::string content;
  std::string error;
  bool operator==(const Outcome&) const = default;
};

Outcome expand(const std::vector<std::string_view>& pieces) {
  Decompressor stream;
  Outcome outcome;
  auto drain = [&] {
    for (;;) {
      auto block = stream.next();
      if (!block) {
        outcome.error = block.error().code;
        EXPECT_EQ(block.error().kind, ErrorKind::corrupt);
        EXPECT_FALSE(stream.next()) << "an error stays";
        return false;
      }
      if (block->empty()) return true;
      outcome.content += *block;
    }
  };
  for (std::string_view piece : pieces) {
    std::vector<char> copy(piece.begin(), piece.end());
    stream.feed({copy.data(), copy.size()});
    if (!drain()) return outcome;
  }
  stream.finish();
  drain();
  return outcome;
}

struct Case {
  std::string name;
  std::string input;
  Outcome outcome;
};

std::vector<Case> cases() {
  using namespace std::string_literals;
  std::string text = sample(3000), large = sample(300'000);
  std::string skippable = "\x50\x2a\x4d\x18\x04\x00\x00\x00"s + "abcd";
  std::vector<Case> all{
      {"nothing", "", {}},
      {"one byte", "5", {"5", ""}},
      {"three bytes", "503", {"503", ""}},
      {"plain", text, {text, ""}},
      {"gzip", gzip(text), {text, ""}},
      {"gzip of nothing", gzip(""), {}},
      {"gzip of many blocks", gzip(large), {large, ""}},
      {"two gzip members", gzip(text) + gzip("more\n"), {text + "more\n", ""}},
      {"an empty member between", gzip(text) + gzip("") + gzip("more\n"), {text + "more\n", ""}},
      {"gzip padded with zeros", gzip(text) + std::string(512, '\0'), {text, ""}},
      {"gzip with junk behind", gzip(text) + "junk", {text, "CorruptGzip"}},
      {"gzip magic and nothing else", "\x1f\x8b", {"", "CorruptGzip"}},
      {"zstd", zstd(text), {text, ""}},
      {"zstd of nothing", zstd(""), {}},
      {"zstd of many blocks", zstd(large), {large, ""}},
      {"two zstd frames", zstd(text) + zstd("more\n"), {text + "more\n", ""}},
      {"a skippable zstd frame first", skippable + zstd(text), {text, ""}},
      {"zstd with junk behind", zstd(text) + "junk", {text, "CorruptZstd"}},
      {"zstd with a window of 8 MiB", zstd(text, 23), {text, ""}},
      {"zstd with a window of 128 MiB", zstd(text, 27), {"", "CorruptZstd"}},
  };
  return all;
}

TEST(Decompress, ExpandsWhateverTheContentIs) {
  for (const Case& c : cases()) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(expand({c.input}), c.outcome);
  }
}

TEST(Decompress, ExpandsTheSameWhereverTheInputIsCut) {
  for (const Case& c : cases()) {
    SCOPED_TRACE(c.name);
    std::string_view input = c.input;
    std::size_t step = input.size() > 5000 ? 997 : 1;
    for (std::size_t cut = 0; cut <= input.size(); cut += step)
      ASSERT_EQ(expand({input.substr(0, cut), input.substr(cut)}), c.outcome) << "cut at " << cut;
    std::vector<std::string_view> bytes;
    for (std::size_t i = 0; i < input.size(); ++i) bytes.push_back(input.substr(i, 1));
    EXPECT_EQ(expand(bytes), c.outcome);
  }
}

TEST(Decompress, EveryTruncationIsSeen) {
  std::string text = sample(2000);
  for (const std::string& whole : {gzip(text), zstd(text)}) {
    for (std::size_t length = 4; length < whole.size(); ++length) {
      auto outcome = expand({std::string_view(whole).substr(0, length)});
      ASSERT_NE(outcome.error, "") << "at " << length;
      ASSERT_TRUE(text.starts_with(outcome.content));
    }
  }
}

TEST(Decompress, DamageInTheContentIsSeen) {
  std::string text = sample(2000);
  for (std::string whole : {gzip(text), zstd(text)}) {
    whole[whole.size() / 2] = static_cast<char>(whole[whole.size() / 2] ^ 0x55);
    EXPECT_NE(expand({whole}).error, "");
  }
}

TEST(Decompress, ABombIsOnlyLong) {
  std::string zeros(50'000'000, '0');
  for (const std::string& bomb : {gzip(zeros), zstd(zeros)}) {
    ASSERT_LT(bomb.size(), 60'000u);
    Decompressor stream;
    stream.feed(bomb);
    stream.finish();
    std::size_t total = 0;
    for (;;) {
      auto block = stream.next();
      ASSERT_TRUE(block);
      if (block->empty()) break;
      ASSERT_LE(block->size(), 64u * 1024);
      total += block->size();
    }
    EXPECT_EQ(total, zeros.size());
  }
}

// Sizes at which a block of 64 KiB, or a piece of the input, is filled exactly, just not, or by a little more.
TEST(Decompress, ContentsThatFillTheBlockExactlyAreWhole) {
  std::string text = sample(5 * 65'536 + 10);
  for (auto compress : {+[](std::string_view t) { return gzip(t); }, +[](std::string_view t) { return zstd(t); }}) {
    for (std::size_t blocks = 1; blocks <= 5; ++blocks) {
      for (std::size_t size = blocks * 65'536 - 3; size <= blocks * 65'536 + 3; ++size) {
        std::string_view content = std::string_view(text).substr(0, size);
        std::string bytes = compress(content);
        Outcome whole{std::string(content), ""};
        ASSERT_EQ(expand({bytes}), whole) << size;
        ASSERT_EQ(expand({std::string_view(bytes).substr(0, bytes.size() - 1),
                          std::string_view(bytes).substr(bytes.size() - 1)}),
                  whole)
            << size;
        std::string twice = bytes + compress("next\n");
        ASSERT_EQ(expand({twice}), (Outcome{std::string(content) + "next\n", ""})) << size;
        ASSERT_NE(expand({std::string_view(bytes).substr(0, bytes.size() - 1)}).error, "") << size;
      }
    }
  }
}

TEST(Decompress, SaysTheFormat) {
  EXPECT_EQ(detect_compression(gzip("x")), Compression::gzip);
  EXPECT_EQ(detect_compression(zstd("x")), Compression::zstd);
  EXPECT_EQ(detect_compression("503,0,a\n"), Compression::none);
  EXPECT_EQ(detect_compression("\x1f"), Compression::none);
  EXPECT_EQ(detect_compression(""), Compression::none);
}

}  // namespace
}  // namespace ads::batch
