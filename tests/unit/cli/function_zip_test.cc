#include "cli/function_zip.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

namespace ads::cli {
namespace {

std::string little(std::uint32_t value, int width) {
  std::string out;
  for (; width-- > 0; value >>= 8) out += static_cast<char>(value);
  return out;
}

struct File {
  std::string name = "bootstrap", content;
  std::uint32_t mode = 0100755;
  enum class Packed { stored, deflated } packed = Packed::deflated;
};

std::string deflated(std::string content) {
  std::string out(content.size() + 64, '\0');
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
  stream.next_in = reinterpret_cast<Bytef*>(content.data());
  stream.avail_in = static_cast<uInt>(content.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

// A zip as APPNOTE lays it out; checksums are left 0: nobody here reads them.
std::string zip(const std::vector<File>& files) {
  std::string body, directory;
  for (const auto& file : files) {
    bool is_packed = file.packed == File::Packed::deflated;
    auto bytes = is_packed ? deflated(file.content) : file.content;
    auto packed = static_cast<std::uint32_t>(bytes.size()), plain = static_cast<std::uint32_t>(file.content.size());
    auto sizes = little(0, 4) + little(packed, 4) + little(plain, 4) +
                 little(static_cast<std::uint32_t>(file.name.size()), 2) + little(0, 2);
    auto common = little(20, 2) + little(0, 2) + little(is_packed ? 8 : 0, 2) + little(0, 4) + sizes;
    directory += "PK\x01\x02" + little(20, 2) + common + little(0, 2) + little(0, 2) + little(0, 2) +
                 little(file.mode << 16, 4) + little(static_cast<std::uint32_t>(body.size()), 4) + file.name;
    body += "PK\x03\x04" + common + file.name + bytes;
  }
  auto count = little(static_cast<std::uint32_t>(files.size()), 2);
  return body + directory + "PK\x05\x06" + little(0, 4) + count + count +
         little(static_cast<std::uint32_t>(directory.size()), 4) + little(static_cast<std::uint32_t>(body.size()), 4) +
         little(0, 2);
}

std::string elf(std::uint32_t machine) {
  return std::string("\x7f") + "ELF" + std::string(14, '\0') + little(machine, 2) + std::string(1000, 'x');
}

TEST(FunctionZip, SaysTheArchitecture) {
  EXPECT_EQ(*architecture_of(zip({{.content = elf(62)}}), "f.zip"), "x86_64");
  EXPECT_EQ(*architecture_of(zip({{.content = elf(183)}}), "f.zip"), "arm64");
  EXPECT_EQ(*architecture_of(zip({{.content = elf(62), .packed = File::Packed::stored}}), "f.zip"), "x86_64");
  EXPECT_EQ(*architecture_of(zip({{.name = "README", .content = "hello"}, {.content = elf(183)}}), "f.zip"), "arm64");
  EXPECT_EQ(*architecture_of(zip({{.content = "#!/bin/sh\nexec ./program\n"}}), "f.zip"), "");
}

TEST(FunctionZip, RefusesWhatLambdaCouldNotStart) {
  auto good = zip({{.content = elf(62)}});
  struct Case {
    const char* name;
    std::string zip;
    const char* words;
  };
  for (const Case& c : {
           Case{"nothing", "", "not a zip file"},
           Case{"the program itself", elf(62), "not a zip file"},
           Case{"another name", zip({{.name = "main", .content = elf(62)}}), "no file named bootstrap"},
           Case{"in a folder", zip({{.name = "x/bootstrap", .content = elf(62)}}), "no file named bootstrap"},
           Case{"not executable", zip({{.content = elf(62), .mode = 0100644}}), "not executable"},
           Case{"RISC-V", zip({{.content = elf(243)}}), "neither x86-64 nor arm64"},
           Case{"text", zip({{.content = "hello, this is no program"}}), "not a program"},
       }) {
    auto found = architecture_of(c.zip, "f.zip");
    ASSERT_FALSE(found) << c.name;
    EXPECT_THAT(found.error().message, testing::AllOf(testing::HasSubstr("f.zip: "), testing::HasSubstr(c.words)))
        << c.name;
  }
  // Cut off anywhere, it is refused and nothing is read past its end.
  for (std::size_t length = 0; length < good.size(); ++length)
    EXPECT_FALSE(architecture_of(std::string_view(good).substr(0, length), "f.zip")) << length;
}

}  // namespace
}  // namespace ads::cli
