#include "cloud/s3/checksums.h"

#include <gtest/gtest.h>

#include "base/encoding.h"
#include "cloud/s3/xml.h"

namespace ads::cloud::s3 {
namespace {

std::string checksum(ChecksumAlgorithm algorithm, std::string_view bytes) {
  RunningChecksum running(algorithm);
  running.update(bytes.substr(0, bytes.size() / 3));
  running.update(bytes.substr(bytes.size() / 3));
  return running.finish();
}

TEST(Checksums, AreThoseOfTheStandards) {
  // The check values of the catalogues, of "123456789".
  EXPECT_EQ(to_hex(checksum(ChecksumAlgorithm::crc32, "123456789")), "cbf43926");
  EXPECT_EQ(to_hex(checksum(ChecksumAlgorithm::crc32c, "123456789")), "e3069283");
  EXPECT_EQ(to_hex(checksum(ChecksumAlgorithm::crc64nvme, "123456789")), "ae8b14860a799888");
  EXPECT_EQ(to_hex(checksum(ChecksumAlgorithm::sha1, "123456789")), "f7c3bc1d808e04732adf679965ccc34ca7ae3441");
}

TEST(Checksums, OfPartsCombineToThatOfTheWhole) {
  std::string a(1000, 'a'), b(12345, 'b'), c = "c";
  for (auto algorithm : {ChecksumAlgorithm::crc32, ChecksumAlgorithm::crc32c, ChecksumAlgorithm::crc64nvme}) {
    CombinedChecksum combined(algorithm, ChecksumType::full_object);
    for (const auto& part : {a, b, c}) combined.add(checksum(algorithm, part), part.size());
    EXPECT_EQ(combined.finish().value, to_base64(checksum(algorithm, a + b + c))) << to_string(algorithm);
  }
  CombinedChecksum composite(ChecksumAlgorithm::sha256, ChecksumType::composite);
  composite.add(checksum(ChecksumAlgorithm::sha256, a), a.size());
  composite.add(checksum(ChecksumAlgorithm::sha256, b), b.size());
  EXPECT_EQ(composite.finish().value,
            to_base64(sha256(checksum(ChecksumAlgorithm::sha256, a) + checksum(ChecksumAlgorithm::sha256, b))) + "-2");
}

TEST(Checksums, HaveAwsNames) {
  EXPECT_EQ(header_name(ChecksumAlgorithm::crc64nvme), "x-amz-checksum-crc64nvme");
  EXPECT_EQ(element_name(ChecksumAlgorithm::sha1), "ChecksumSHA1");
  EXPECT_EQ(algorithm_of_header("X-Amz-Checksum-Crc32c"), ChecksumAlgorithm::crc32c);
  EXPECT_FALSE(algorithm_of_header("x-amz-checksum-mode"));
}

TEST(Documents, AreCheckedAgainstTheirShape) {
  std::string_view shape = "Root{Rule*!{ID,Tag*{Key!,Value}},Status}";
  auto good = normalise_xml(
      "<?xml version='1.0'?><s:Root xmlns:s='x'>\n <s:Status>on</s:Status> <Rule><Tag><Key>a&amp;b</Key></Tag><ID> "
      "</ID></Rule></s:Root>",
      shape);
  ASSERT_TRUE(good);
  EXPECT_EQ(*good,
            "<Root xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Rule><ID> "
            "</ID><Tag><Key>a&amp;b</Key></Tag></Rule><Status>on</Status></Root>");
  for (auto bad :
       {"", "<Root>", "<Other/>", "<Root/>", "<Root><Rule/><Unknown/></Root>", "<Root><Rule><Tag/></Rule></Root>",
        "<Root><Rule/><Status>a</Status><Status>b</Status></Root>", "<Root><Rule/><Status><x/></Status></Root>"})
    EXPECT_EQ(normalise_xml(bad, shape).error().code, "MalformedXML") << bad;
}

}  // namespace
}  // namespace ads::cloud::s3
