#include "base/encoding.h"

#include <gtest/gtest.h>

#include "base/checksum.h"
#include "base/digest.h"
#include "base/ids.h"

namespace ads {
namespace {

using namespace std::string_literals;

TEST(Encoding, Hex) {
  EXPECT_EQ(to_hex("\x00\xff\x10"s), "00ff10");
  EXPECT_EQ(*from_hex("00FF10"), "\x00\xff\x10"s);
  EXPECT_FALSE(from_hex("0"));
  EXPECT_FALSE(from_hex("zz"));
}

TEST(Encoding, Base64OfRfc4648) {
  struct Case {
    const char *plain, *coded;
  };
  for (Case c :
       {Case{"", ""}, Case{"f", "Zg=="}, Case{"fo", "Zm8="}, Case{"foo", "Zm9v"}, Case{"foobar", "Zm9vYmFy"}}) {
    EXPECT_EQ(to_base64(c.plain), c.coded);
    ASSERT_TRUE(from_base64(c.coded));
    EXPECT_EQ(*from_base64(c.coded), c.plain);
  }
  for (const char* bad : {"Zg=", "Z===", "Zm9v!", "Zm 9", "====", "Zg==Zg=="}) EXPECT_FALSE(from_base64(bad)) << bad;
}

TEST(Encoding, Base32OfRfc4648InLowerCase) {
  EXPECT_EQ(to_base32(""), "");
  EXPECT_EQ(to_base32("f"), "my");
  EXPECT_EQ(to_base32("foobar"), "mzxw6ytboi");
  EXPECT_EQ(to_base32(sha256("")).substr(0, 8), "4oymiquy");
}

TEST(Encoding, PercentAndForm) {
  EXPECT_EQ(percent_encode("a b/c~ü"), "a%20b%2Fc~%C3%BC");
  EXPECT_EQ(percent_encode_path("a b/c"), "a%20b/c");
  EXPECT_EQ(percent_decode("a%20b+c%2"), "a b+c%2");
  EXPECT_EQ(percent_decode("%41%"), "A%");
  EXPECT_EQ(form_decode("a+b%2Bc"), "a b+c");
  for (int c = 0; c < 256; ++c) {
    std::string byte(1, static_cast<char>(c));
    EXPECT_EQ(percent_decode(percent_encode(byte)), byte);
  }
}

TEST(Digest, KnownVectors) {
  EXPECT_EQ(to_hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(to_hex(sha1("abc")), "a9993e364706816aba3e25717850c26c9cd0d89d");
  EXPECT_EQ(to_hex(md5("abc")), "900150983cd24fb0d6963f7d28e17f72");
  EXPECT_EQ(to_hex(hmac_sha256("key", "The quick brown fox jumps over the lazy dog")),
            "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8");
  Digest digest(Digest::sha256);
  digest.update("a");
  digest.update("bc");
  EXPECT_EQ(digest.finish(), sha256("abc"));
}

TEST(Checksum, KnownVectorsAndContinuation) {
  constexpr std::string_view kText = "123456789";
  EXPECT_EQ(crc32(kText), 0xCBF43926u);
  EXPECT_EQ(crc32c(kText), 0xE3069283u);
  EXPECT_EQ(crc64nvme(kText), 0xAE8B14860A799888ull);
  std::string text = random_bytes(1000);
  for (std::size_t cut : {0u, 1u, 7u, 8u, 9u, 500u, 1000u}) {
    std::string_view view = text;
    EXPECT_EQ(crc32c(view.substr(cut), crc32c(view.substr(0, cut))), crc32c(view)) << cut;
    EXPECT_EQ(crc64nvme(view.substr(cut), crc64nvme(view.substr(0, cut))), crc64nvme(view)) << cut;
  }
}

TEST(Ids, LookAsTheyShould) {
  std::string uuid = random_uuid();
  EXPECT_EQ(uuid.size(), 36u);
  EXPECT_EQ(uuid[14], '4');
  EXPECT_NE(uuid, random_uuid());
  EXPECT_EQ(random_hex(5).size(), 5u);
  EXPECT_EQ(random_base36(16).find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"), std::string::npos);
}

}  // namespace
}  // namespace ads
