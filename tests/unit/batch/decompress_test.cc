#include "batch/decompress.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "unit/batch/packed.h"

namespace ads::batch {
namespace {

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
  std::string message{};
  // Of a file that cannot be read, how much was given before that was seen depends on the cuts.
  bool operator==(const Outcome& other) const {
    return error == other.error && (content == other.content || !error.empty());
  }
  friend void PrintTo(const Outcome& outcome, std::ostream* out) {
    *out << outcome.content.size() << " bytes, error '" << outcome.error << "': " << outcome.message;
  }
};

Outcome expand(const std::vector<std::string_view>& pieces) {
  Decompressor stream;
  Outcome outcome;
  auto drain = [&] {
    for (;;) {
      auto block = stream.next();
      if (!block) {
        outcome.error = block.error().code;
        EXPECT_EQ(block.error().kind, block.error().code == kUnreadableFile ? ErrorKind::invalid : ErrorKind::corrupt);
        outcome.message = block.error().message;
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
      {"zstd with a window of 128 MiB", zstd(text, 27), {text, ""}},
      {"zstd with a window of 256 MiB", zstd(text, 28), {"", "UnreadableFile"}},
      {"zip64", zip({{.name = "b", .content = text, .is_zip64 = true}}), {text, ""}},
      {"zip64 with its sizes behind",
       zip({{.name = "b", .content = text, .has_descriptor = true, .is_zip64 = true}}),
       {text, ""}},
      {"a zip of macOS",
       zip({{.name = "x/", .method = 0},
            {.name = "x/b.csv", .content = text},
            {.name = "__MACOSX/x/._b.csv", .content = "metadata"},
            {.name = "x/.DS_Store", .content = "more"}}),
       {text, ""}},
      {"a zip of an empty file", zip_of(""), {}},
      {"a zip of two files",
       zip({{.name = "a", .content = text}, {.name = "b", .content = "x"}}),
       {text, "UnreadableFile"}},
      {"an encrypted zip", zip({{.name = "a", .content = text, .flags = 1}}), {"", "UnreadableFile"}},
      {"a zip of folders", zip({{.name = "a/", .method = 0}}), {"", "UnreadableFile"}},
      {"a zip with another method", zip({{.name = "a", .content = text, .method = 12}}), {"", "UnreadableFile"}},
      {"a zip that stores and does not say how much",
       zip({{.name = "a", .content = text, .method = 0, .has_descriptor = true}}),
       {"", "UnreadableFile"}},
      {"xz padded with zeros", xz(text) + std::string(8, '\0') + xz("more\n"), {text + "more\n", ""}},
      {"xz with a large dictionary", xz(text, 64u << 20), {text, ""}},
      {"xz with too large a dictionary", xz(text, 100u << 20), {"", "UnreadableFile"}},
      {"bzip2 with junk behind", bzip2(text) + "junk", {text, "CorruptBzip2"}},
      {"xz with junk behind", xz(text) + "junk junk junk", {text, "CorruptXz"}},
      {"UTF-16 beyond 16 bits",
       "\xff\xfe\x3d\xd8\x00\xde\xe4\x00\xac\x20"s,
       {"\xf0\x9f\x98\x80\xc3\xa4\xe2\x82\xac", ""}},
      {"UTF-16 with lone surrogates",
       "\xff\xfe\x3d\xd8"
       "a\0"
       "\x00\xde"s,
       {"\xef\xbf\xbd"
        "a\xef\xbf\xbd",
        ""}},
      {"half a character of UTF-16",
       "\xff\xfe"
       "a\0b"s,
       {"a", "CorruptUtf16"}},
      {"a PDF in gzip", gzip("%PDF-1.7\n"), {"", "UnreadableFile"}},
      {"an Excel workbook in gzip",
       gzip(zip({{.name = "[Content_Types].xml", .content = "x"}})),
       {"", "UnreadableFile"}},
      {"gzip in gzip in gzip", gzip(gzip(gzip(text))), {"", "UnreadableFile"}},
  };
  for (const Packing& packing : packings()) {
    all.push_back({packing.name, packing.pack(text), {text, ""}});
    all.push_back({std::string(packing.name) + " of nothing", packing.pack(""), {}});
    all.push_back({std::string(packing.name) + " of many blocks", packing.pack(large), {large, ""}});
  }
  all.push_back({"two bzip2 streams", bzip2(text) + bzip2("more\n"), {text + "more\n", ""}});
  all.push_back({"two xz streams", xz(text) + xz("more\n"), {text + "more\n", ""}});
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
    if (input.size() > 100'000) continue;
    std::size_t step = input.size() > 5000 ? 4999 : input.size() > 300 ? 17 : 1;
    for (std::size_t cut = 0; cut <= input.size(); cut += step)
      ASSERT_EQ(expand({input.substr(0, cut), input.substr(cut)}), c.outcome) << "cut at " << cut;
    std::vector<std::string_view> bytes;
    for (std::size_t i = 0; i < input.size(); ++i) bytes.push_back(input.substr(i, 1));
    EXPECT_EQ(expand(bytes), c.outcome);
  }
}

TEST(Decompress, ACharacterAnywhereInAsciiIsReadFromUtf16) {
  for (bool is_big : {false, true}) {
    auto unit = [&](unsigned value) {
      std::string bytes{static_cast<char>(value >> 8), static_cast<char>(value)};
      return is_big ? bytes : std::string(bytes.rbegin(), bytes.rend());
    };
    struct {
      std::string units, content;
    } characters[] = {{unit(0x7f), "\x7f"},
                      {unit(0x80), "\xc2\x80"},
                      {unit(0x100), "\xc4\x80"},
                      {unit(0x4100), "\xe4\x84\x80"},
                      {unit(0xd83d) + unit(0xde00), "\xf0\x9f\x98\x80"},
                      {unit(0xd83d), "\xef\xbf\xbd"}};
    std::string ascii = "503,0,user-12345\n404,1,user-67890\n";
    for (const auto& character : characters) {
      for (std::size_t at = 0; at <= ascii.size(); ++at) {
        std::string file = utf16(ascii.substr(0, at), is_big) + character.units;
        file += utf16(ascii.substr(at), is_big).substr(2);
        std::string content = ascii.substr(0, at) + character.content + ascii.substr(at);
        // A surrogate alone at the end may still get its partner.
        if (at == ascii.size() && character.content == "\xef\xbf\xbd") continue;
        ASSERT_EQ(expand({file}).content, content) << at;
        for (std::size_t cut : {1uz, 2uz, 15uz, 16uz, 17uz, 18uz, 33uz, 50uz})
          ASSERT_EQ(expand({std::string_view(file).substr(0, cut), std::string_view(file).substr(cut)}).content,
                    content)
              << at << " " << cut;
      }
    }
  }
}

TEST(Decompress, EveryTruncationIsSeen) {
  std::string text = sample(2000);
  for (const Packing& packing : packings()) {
    SCOPED_TRACE(packing.name);
    std::string whole = packing.pack(text);
    bool is_utf16 = std::string_view(packing.name).starts_with("utf-16,") || packing.name == std::string_view("utf-16");
    for (std::size_t length = 10; length < whole.size(); length += length < 100 || length + 50 > whole.size() ? 1 : 7) {
      auto outcome = expand({std::string_view(whole).substr(0, length)});
      if (!is_utf16 || length % 2 == 1) ASSERT_NE(outcome.error, "") << "at " << length;
      ASSERT_NE(outcome.error, "UnreadableFile") << "at " << length << ": " << outcome.message;
      ASSERT_TRUE(text.starts_with(outcome.content));
    }
  }
}

TEST(Decompress, DamageInTheContentIsSeen) {
  std::string text = sample(2000);
  for (const Packing& packing : packings()) {
    if (std::string_view(packing.name).starts_with("utf-16") && packing.pack(text).size() > text.size()) continue;
    SCOPED_TRACE(packing.name);
    std::string whole = packing.pack(text);
    whole[whole.size() / 2] = static_cast<char>(whole[whole.size() / 2] ^ 0x55);
    EXPECT_THAT(expand({whole}).error, testing::StartsWith("Corrupt"));
  }
}

TEST(Decompress, WhatCannotBeReadIsCalledByItsName) {
  using namespace std::string_literals;
  std::string text = sample(20'000);
  struct {
    std::string input;
    const char* sentence;
  } cases[] = {
      {zip({{.name = "[Content_Types].xml", .content = "x"}, {.name = "xl/workbook.xml", .content = "x"}}),
       "This is an Excel workbook (.xlsx): open it and save it as CSV (\"CSV UTF-8\")."},
      {zip({{.name = "[Content_Types].xml", .content = "x"}, {.name = "word/document.xml", .content = "x"}}),
       "This is a Word document (.docx): export the records as CSV or JSON Lines."},
      {zip({{.name = "mimetype", .content = "application/vnd.oasis.opendocument.spreadsheet", .method = 0}}),
       "This is an OpenDocument spreadsheet (.ods): open it and save it as CSV (\"CSV UTF-8\")."},
      {"%PDF-1.7\n", "This is a PDF document: export the records as CSV or JSON Lines."},
      {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
       "This is an Excel workbook (.xls) or another Office document: open it and save it as CSV (\"CSV UTF-8\")."},
      {std::string(257, 'x') + "ustar",
       "This is a tar archive: unpack it and submit the file in it, as it is or compressed with gzip."},
      {gzip(std::string(257, 'x') + "ustar"),
       "The gzip file contains a tar archive: unpack it and submit the file in it, as it is or compressed with gzip."},
      {"\xff\xfe\0\0a\0\0\0"s, "This is text in UTF-32: save it as UTF-8 (in Excel: \"CSV UTF-8\")."},
      {utf16("503,0,user-1\n").substr(2),
       "This is text in UTF-16 without a byte-order mark: save it as UTF-8 (in Excel: \"CSV UTF-8\")."},
      {zstd(text, 28),
       "This zstd file was compressed with `zstd --long`: unpacking it takes more than 128 MiB of memory. Compress it "
       "again without --long."},
      {zip({{.name = "a", .content = "x"}, {.name = "b", .content = "x"}}),
       "This zip archive contains more than one file: submit each of them on its own, as it is or compressed."},
      {zip({{.name = "a", .content = "x", .flags = 1}}),
       "This zip archive is encrypted: pack the batch file again without a password."},
      {zip({{.name = "a", .content = "x", .method = 99}}),
       "This zip archive is encrypted: pack the batch file again without a password."},
  };
  for (const auto& c : cases) {
    auto outcome = expand({c.input});
    EXPECT_EQ(outcome.error, "UnreadableFile") << c.sentence;
    EXPECT_EQ(outcome.message, c.sentence);
  }
  for (std::string plain :
       {"503,0,a\n"s, "\0\0\0\0\0\0\0\0"s, "Rar!"s, "{}"s, "BZh9 is no bzip2\n"s, "503,0,\0\n200,0,b\n"s})
    EXPECT_EQ(expand({plain}), (Outcome{plain, ""}));
}

TEST(Decompress, ADictionaryIsCalledByItsName) {
  std::string file = zstd(sample(3000));
  // Frame_Header_Descriptor with Dictionary_ID_flag 1, then the id: no content is needed to refuse it.
  std::string header = "\x28\xb5\x2f\xfd\x01\x58\x07" + file.substr(6);
  auto outcome = expand({header});
  EXPECT_EQ(outcome.error, "UnreadableFile");
  EXPECT_THAT(outcome.message, testing::HasSubstr("dictionary"));
}

TEST(Decompress, ABombIsRefused) {
  std::string zeros(20'000'000, '0');
  for (const Packing& packing : packings()) {
    std::string bomb = packing.pack(zeros);
    if (bomb.size() > 18'000) continue;
    SCOPED_TRACE(packing.name);
    auto outcome = expand({bomb});
    EXPECT_EQ(outcome.error, "UnreadableFile");
    EXPECT_LE(outcome.content.size(), kAlwaysExpanded + bomb.size() * kMaxExpansion);
    EXPECT_THAT(outcome.message, testing::HasSubstr("MaxExpansion"));
  }
  std::string small(kAlwaysExpanded, '0');
  EXPECT_EQ(expand({zstd(small)}), (Outcome{small, ""})) << "a small file may be of one line again and again";
}

TEST(Decompress, ABoundThatIsRaisedLetsABombBeLong) {
  std::string zeros(20'000'000, '0');
  for (const std::string& bomb : {gzip(zeros), zstd(zeros), bzip2(zeros), xz(zeros)}) {
    Decompressor stream(1'000'000);
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

// Sizes at which a block of 64 KiB, or what is looked at first, is filled exactly, just not, or by a little more.
TEST(Decompress, ContentsThatFillABufferExactlyAreWhole) {
  std::string text = sample(3 * 65'536 + 10);
  for (const Packing& packing : packings()) {
    SCOPED_TRACE(packing.name);
    for (std::size_t edge : {4096u, 8192u, 65'536u, 131'072u, 196'608u}) {
      for (std::size_t size = edge - 2; size <= edge + 2; ++size) {
        std::string_view content = std::string_view(text).substr(0, size);
        std::string bytes = packing.pack(content);
        Outcome whole{std::string(content), ""};
        ASSERT_EQ(expand({bytes}), whole) << size;
        std::string_view all = bytes;
        ASSERT_EQ(expand({all.substr(0, all.size() - 1), all.substr(all.size() - 1)}), whole) << size;
        ASSERT_NE(expand({all.substr(0, all.size() - 1)}).error, "") << size;
      }
    }
  }
}

TEST(Decompress, FramesThatFillABlockExactlyFollowEachOther) {
  std::string text = sample(65'536 + 2);
  for (auto pack : {+[](std::string_view t) { return gzip(t); }, +[](std::string_view t) { return zstd(t); },
                    +[](std::string_view t) { return bzip2(t); }, +[](std::string_view t) { return xz(t); }}) {
    for (std::size_t size = 65'534; size <= 65'538; ++size) {
      std::string content = text.substr(0, size);
      ASSERT_EQ(expand({pack(content) + pack("next\n")}), (Outcome{content + "next\n", ""})) << size;
      ASSERT_EQ(expand({pack(content) + pack("") + pack(content)}), (Outcome{content + content, ""})) << size;
    }
  }
}

TEST(Decompress, SaysTheFormat) {
  EXPECT_EQ(detect_compression(gzip("x")), Compression::gzip);
  EXPECT_EQ(detect_compression(zstd("x")), Compression::zstd);
  EXPECT_EQ(detect_compression("503,0,a\n"), Compression::none);
  EXPECT_EQ(detect_compression("\x1f"), Compression::none);
  EXPECT_EQ(detect_compression(""), Compression::none);
  EXPECT_EQ(detect_compression(bzip2("x")), Compression::bzip2);
  EXPECT_EQ(detect_compression(bzip2("")), Compression::bzip2);
  EXPECT_EQ(detect_compression(xz("x")), Compression::xz);
  EXPECT_EQ(detect_compression(zip_of("x")), Compression::zip);
  EXPECT_EQ(detect_compression(utf16("x")), Compression::utf16);
  EXPECT_EQ(detect_compression(utf16("x", true)), Compression::utf16);
  for (Compression compression : kAllCompressions) EXPECT_EQ(parse_compression(to_string(compression)), compression);
  EXPECT_EQ(parse_compression("lzma"), std::nullopt);
}

}  // namespace
}  // namespace ads::batch
