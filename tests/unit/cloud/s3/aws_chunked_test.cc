#include "cloud/s3/aws_chunked.h"

#include <gtest/gtest.h>

namespace ads::cloud::s3 {
namespace {

struct Decoded {
  std::string bytes, error;
  bool is_complete = false;
  std::vector<std::pair<std::string, std::string>> trailers;
};

// Feeds the wire in pieces of `step` bytes.
Decoded decode(std::string_view wire, std::size_t step, AwsChunkedDecoder::Signatures signatures = {}) {
  AwsChunkedDecoder decoder(std::move(signatures));
  Decoded decoded;
  for (std::size_t at = 0; at < wire.size(); at += step) {
    auto fed = decoder.feed(wire.substr(at, step), decoded.bytes);
    if (!fed) {
      decoded.error = fed.error().code;
      break;
    }
  }
  decoded.is_complete = decoder.is_complete();
  decoded.trailers = decoder.trailers();
  return decoded;
}

TEST(AwsChunked, DecodesWhereverItIsCut) {
  std::string wire = "5\r\nhello\r\n6;chunk-signature=00\r\n world\r\n0\r\nx-amz-checksum-crc32:sOO8/Q==\r\n\r\n";
  for (std::size_t step = 1; step <= wire.size(); ++step) {
    auto decoded = decode(wire, step);
    EXPECT_EQ(decoded.bytes, "hello world") << step;
    EXPECT_TRUE(decoded.is_complete) << step;
    ASSERT_EQ(decoded.trailers.size(), 1u) << step;
    EXPECT_EQ(decoded.trailers[0].second, "sOO8/Q==");
  }
}

TEST(AwsChunked, RefusesBrokenFraming) {
  struct Case {
    std::string name, wire, error;
  } cases[] = {{"no size", "\r\nhello", "IncompleteBody"},
               {"size is not hex", "xyz\r\n", "IncompleteBody"},
               {"size too large", "fffffffffffffffff\r\n", "IncompleteBody"},
               {"negative size", "-5\r\nhello", "IncompleteBody"},
               {"no line break behind a chunk", "2\r\nhello\r\n", "IncompleteBody"},
               {"bare line feed", "5\nhello\r\n", "IncompleteBody"},
               {"bytes behind the end", "0\r\n\r\nmore", "IncompleteBody"},
               {"trailer without a colon", "0\r\nx-amz-checksum-crc32\r\n\r\n", "MalformedTrailerError"},
               {"endless line", std::string(5000, '0'), "MaxMessageLengthExceeded"}};
  for (const auto& c : cases) EXPECT_EQ(decode(c.wire, 3).error, c.error) << c.name;
  std::string many = "0\r\n";
  for (int i = 0; i < 40; ++i) many += "x-a-" + std::to_string(i) + ":1\r\n";
  EXPECT_EQ(decode(many + "\r\n", 100).error, "MalformedTrailerError");
}

TEST(AwsChunked, IsNotCompleteBeforeItsEnd) {
  for (auto wire : {"5\r\nhello\r\n", "5\r\nhel", "0\r\n", "0\r\nx-a:1\r\n"}) {
    auto decoded = decode(wire, 100);
    EXPECT_EQ(decoded.error, "") << wire;
    EXPECT_FALSE(decoded.is_complete) << wire;
  }
}

TEST(AwsChunked, ChecksEverySignature) {
  auto signatures = [] {
    auto count = std::make_shared<int>(0);
    return AwsChunkedDecoder::Signatures{[count](std::string_view) { return "s" + std::to_string((*count)++); },
                                         [](std::string_view lines) { return "t" + std::to_string(lines.size()); }};
  };
  std::string good = "1;chunk-signature=s0\r\na\r\n0;chunk-signature=s1\r\nx-b:c\r\nx-amz-trailer-signature:t6\r\n\r\n";
  EXPECT_EQ(decode(good, 7, signatures()).error, "");
  for (auto wrong : {"s0", "s1", "t6"}) {
    std::string wire = good;
    wire[wire.find(wrong)] = 'X';
    EXPECT_EQ(decode(wire, 7, signatures()).error, "SignatureDoesNotMatch") << wrong;
  }
  EXPECT_EQ(decode("1\r\na\r\n", 7, signatures()).error, "SignatureDoesNotMatch") << "a chunk without a signature";
}

}  // namespace
}  // namespace ads::cloud::s3
