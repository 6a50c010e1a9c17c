// The fast way through a file's lines and the careful one give the same lines.
#include "batch/plain_line.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "unit/batch/hostile_file.h"

namespace ads::batch {
namespace {

constexpr std::string_view kId = "6f9619ff-8b86-d011-b42d-00c04fc964ff";

Layout csv(std::uint32_t status, std::uint32_t retry, std::uint32_t uuid, std::uint32_t count, char separator = ',') {
  Layout layout;
  layout.separator = separator;
  layout.status_column = status;
  layout.retry_column = retry;
  layout.uuid_column = uuid;
  layout.column_count = count;
  return layout;
}

Layout json_lines() {
  Layout layout;
  layout.format = Layout::Format::json_lines;
  return layout;
}

Layout ended_by_cr(Layout layout) {
  layout.line_end = Layout::LineEnd::cr;
  return layout;
}

struct Seeds {
  const char* name;
  Layout layout;
  std::vector<std::string> lines;  // all of them plain
};

std::vector<Seeds> all_seeds() {
  std::string id(kId), braces = "{" + id + "}", dots = "user.1:2_3";
  std::vector<std::string> rows{
      "503,0," + id,        "\"404\",\"1\",\"" + id + "\"", " 200 , 2,  " + id + "  ", "0503,01," + dots,
      "503,0," + braces,    "503,0,(" + id + ")",           "503,0,urn:uuid:" + id,    "200,1000,u",
      "503,0," + id + "\r", "503,0," + id + "\r\r",         "503,0," + id + ",,",      "503,0," + id + ", ,\r"};
  std::vector<std::string> objects{
      R"({"statusCode":503,"retryCount":0,"serviceUUID":")" + id + R"("})",
      R"({"status_code": 503, "retry-count": 1, "Service UUID": ")" + braces + "\"}\r",
      R"( { "serviceUUID" : ")" + dots + R"(" , "retryCount" : "1" , "statusCode" : "0200" } )",
      R"({"a":null,"statusCode":200,"b":[1,-2.50,{"c":"\"\\\/x"},[],{}],"retryCount":0,"serviceUUID":"u","d":true})"};
  auto other_end = [](std::vector<std::string> lines) {
    std::erase_if(lines, [](const std::string& line) { return line.contains('\r'); });
    return lines;
  };
  auto with = [](std::string_view separator, std::vector<std::string> lines) {
    for (auto& line : lines)
      for (std::size_t at; (at = line.find(',')) != line.npos;) line.replace(at, 1, separator);
    return lines;
  };
  return {
      {"as usual", csv(0, 1, 2, 3), rows},
      {"semicolons", csv(0, 1, 2, 3, ';'), with(";", rows)},
      {"tabs", csv(0, 1, 2, 3, '\t'), with("\t", rows)},
      {"CR", ended_by_cr(csv(0, 1, 2, 3)), other_end(rows)},
      {"more columns behind", csv(0, 1, 2, 5), {"503,0," + id + ",a,b", "503,0," + id + ",a \"b\",\"c,\"d\",e\r"}},
      {"more columns before", csv(2, 3, 4, 5), {"a,b,503,0," + id, "\"a,b\",,503,0," + id + "\r", "a\"b , c,200,0,x"}},
      {"more columns between", csv(4, 2, 0, 7), {id + ",x,0,\"y, z\",503", id + ",x,0,y z,\"503\", r,s,, \r"}},
      {"JSON Lines", json_lines(), objects},
      {"JSON Lines, CR", ended_by_cr(json_lines()), other_end(objects)},
  };
}

std::size_t read_plain(PlainLineReader& reader, std::string text, char line_end, Line& line) {
  text += line_end;
  text.append(kReadAhead, '#');
  return reader.read(text.data(), line);
}

TEST(PlainLine, WhatProgramsWriteIsReadTheFastWay) {
  for (const Seeds& seeds : all_seeds()) {
    SCOPED_TRACE(seeds.name);
    PlainLineReader reader(seeds.layout, UserKeyForm::as_is);
    for (const std::string& text : seeds.lines) {
      Line line;
      EXPECT_EQ(read_plain(reader, text, seeds.layout.line_end_byte(), line), text.size() + 1) << text;
      EXPECT_EQ(line.kind, Line::Kind::record) << text;
    }
  }
}

// All of a line, with what its views show.
std::string print(const Line& line) {
  std::string out = fmt::format("{} {} {} '{}' {} ", static_cast<int>(line.kind), line.offset, line.length, line.text,
                                line.is_truncated);
  if (line.kind == Line::Kind::record)
    out += fmt::format("{} {} '{}'", line.status_code, line.retry_count, line.service_uuid);
  if (line.kind == Line::Kind::bad) out += fmt::format("{} '{}'", to_string(line.reason), line.detail);
  return out;
}

// The lines of a text behind the preamble. In pieces shorter than kReadAhead no line is read the fast way.
std::vector<std::string> read(std::string_view text, const Layout& layout, UserKeyForm form, std::size_t piece_bytes) {
  BatchReader reader(ReadRange::resume(1, kToEnd, layout), form);
  std::vector<std::string> lines;
  Line line;
  auto drain = [&] {
    while (reader.next(line) == BatchReader::Step::line) lines.push_back(print(line));
  };
  for (; !text.empty(); text.remove_prefix(std::min(piece_bytes, text.size()))) {
    std::string_view piece = text.substr(0, piece_bytes);
    std::vector<char> copy(piece.begin(), piece.end());  // its exact size: a sanitizer sees a step beyond it
    reader.feed({copy.data(), copy.size()});
    drain();
  }
  reader.finish();
  drain();
  return lines;
}

void expect_same(std::string_view text, const Layout& layout, UserKeyForm form) {
  auto fast = read(text, layout, form, text.size()), careful = read(text, layout, form, kReadAhead - 1);
  ASSERT_EQ(fast.size(), careful.size()) << text;
  for (std::size_t i = 0; i < fast.size(); ++i) ASSERT_EQ(fast[i], careful[i]);
}

class Mutator {
 public:
  explicit Mutator(unsigned seed) : random_(seed) {}
  std::size_t pick(std::size_t below) { return random_() % below; }

  std::string mutate(std::string line) {
    for (std::size_t changes = pick(4); changes > 0; --changes) {
      std::size_t at = pick(line.size() + 1);
      switch (pick(4)) {
        case 0:
          line.erase(at, 1 + pick(3));
          break;
        case 1:
          line.insert(at, line.substr(pick(line.size() + 1), pick(20)));
          break;
        case 2:
          line = line.substr(0, at) + token() + line.substr(std::min(line.size(), at + 1));
          break;
        default:
          line.insert(at, token());
      }
    }
    return line;
  }

 private:
  std::string token() {
    using namespace std::string_literals;
    static const std::vector<std::string> tokens{",",
                                                 ";",
                                                 "\t",
                                                 "|",
                                                 "\"",
                                                 "\"\"",
                                                 " ",
                                                 "\r",
                                                 "\r\r",
                                                 "\n",
                                                 "\v",
                                                 "\0"s,
                                                 "\x1a",
                                                 "\xc2\xa0",
                                                 "\xe2\x80\x8b",
                                                 "\xa0",
                                                 "\xef\xbb\xbf",
                                                 "\xff",
                                                 "{",
                                                 "}",
                                                 "(",
                                                 ")",
                                                 "[",
                                                 "]",
                                                 ":",
                                                 "\\",
                                                 "\\u0041",
                                                 "\\n",
                                                 "/",
                                                 "-",
                                                 "+",
                                                 ".",
                                                 "_",
                                                 "@",
                                                 "~",
                                                 "0",
                                                 "00",
                                                 "1",
                                                 "503",
                                                 "999",
                                                 "1000",
                                                 "1001",
                                                 "99999",
                                                 "100000",
                                                 "e2",
                                                 ".0",
                                                 "1e400",
                                                 "true",
                                                 "false",
                                                 "null",
                                                 "\"statusCode\":1,",
                                                 "\"status_code\":\"500\",",
                                                 "\"serviceUUID\":\"a\",",
                                                 "urn:uuid:",
                                                 "U",
                                                 "\t\"a,b\",",
                                                 " \"a,b\",",
                                                 std::string(130, 'a'),
                                                 std::string(300, ' '),
                                                 std::string(1, '\x7f')};
    return tokens[pick(tokens.size())];
  }

  std::mt19937 random_;
};

TEST(PlainLine, NoMutationOfALineIsReadOtherwiseThanTheCarefulWay) {
  for (const Seeds& seeds : all_seeds()) {
    SCOPED_TRACE(seeds.name);
    Mutator mutator(20200406);
    PlainLineReader reader(seeds.layout, UserKeyForm::as_is);
    int lines = 0, plain = 0;
    for (int file = 0; file < 400; ++file) {
      std::string text;
      for (int i = 0; i < 30; ++i) {
        std::string line = mutator.mutate(seeds.lines[mutator.pick(seeds.lines.size())]);
        Line read;
        if (!line.contains(seeds.layout.line_end_byte())) {
          ++lines;
          plain += read_plain(reader, line, seeds.layout.line_end_byte(), read) > 0;
        }
        text += line + seeds.layout.line_end_byte();
      }
      if (mutator.pick(2)) text.append(20, '\n');  // else its last lines are not read the fast way
      auto form = static_cast<UserKeyForm>(mutator.pick(3));
      ASSERT_NO_FATAL_FAILURE(expect_same(text, seeds.layout, form)) << "file " << file;
    }
    // Both ways are asked often.
    EXPECT_GT(plain, lines / 10);
    EXPECT_LT(plain, lines * 9 / 10);
  }
}

TEST(PlainLine, AHostileFileIsReadAsTheCarefulWayReadsIt) {
  for (unsigned seed = 0; seed < 400; ++seed) {
    std::string text = HostileFile(seed).make(100);
    ASSERT_NO_FATAL_FAILURE(expect_same(text, read_layout(text), UserKeyForm::as_is)) << "seed " << seed;
  }
}

TEST(PlainLine, LinesAroundTheLongest) {
  for (std::size_t size = kMaxLine - 3; size <= kMaxLine + 3; ++size) {
    for (std::string_view end : {"\n", "\r\n", "\r\r\n", "\r\r\r\n"}) {
      std::string row = "503,0,a,", object = R"({"statusCode":503,"retryCount":0,"serviceUUID":"a","x":")";
      row += std::string(size - row.size(), 'x') + std::string(end);
      object += std::string(size - object.size() - 2, 'x') + "\"}" + std::string(end);
      ASSERT_NO_FATAL_FAILURE(expect_same(row + row + row, csv(0, 1, 2, 4), UserKeyForm::as_is)) << size;
      ASSERT_NO_FATAL_FAILURE(expect_same(object + object + object, json_lines(), UserKeyForm::as_is)) << size;
    }
  }
}

TEST(PlainLine, AnyEndOfAPieceIsSafe) {
  std::string text;
  for (int i = 0; i < 6; ++i) text += "503,0," + std::string(kId) + "\n";
  auto careful = read(text, Layout{}, UserKeyForm::as_is, 1);
  for (std::size_t bytes = 1; bytes <= text.size(); ++bytes)
    EXPECT_EQ(read(text, Layout{}, UserKeyForm::as_is, bytes), careful) << bytes;
}

TEST(PlainLine, AReaderAskedAgainWithoutAPieceNeedsMore) {
  std::string text = "503,0,a\n503,0,b\n503,0,c\n503,0,d\n";
  BatchReader reader;
  Line line;
  reader.feed(text);
  while (reader.next(line) == BatchReader::Step::line) {
  }
  EXPECT_EQ(reader.next(line), BatchReader::Step::need_more);
  reader.finish();
  EXPECT_EQ(reader.next(line), BatchReader::Step::done);
  EXPECT_EQ(reader.next(line), BatchReader::Step::done);
}

}  // namespace
}  // namespace ads::batch
