#include "cloud/s3/address.h"

#include <gtest/gtest.h>

namespace ads::cloud::s3 {
namespace {

TEST(BucketNames, FollowTheRules) {
  struct Case {
    std::string name;
    bool is_valid;
  } cases[] = {{"abc", true},
               {"ab", false},
               {std::string(63, 'a'), true},
               {std::string(64, 'a'), false},
               {"my.bucket-1", true},
               {"Capital", false},
               {"under_score", false},
               {"-start", false},
               {"end-", false},
               {".start", false},
               {"two..dots", false},
               {"192.168.5.4", false},
               {"192.168.5.4a", true},
               {"xn--bucket", false},
               {"sthree-x", false},
               {"name-s3alias", false},
               {"name--ol-s3", false},
               {"name--x-s3", false},
               {"sp ace", false},
               {"", false}};
  for (const auto& c : cases) EXPECT_EQ(is_valid_bucket_name(c.name), c.is_valid) << c.name;
}

TEST(Addresses, ArePathStyleOrVirtualHosted) {
  struct Case {
    std::string host, path, bucket, key;
  } cases[] = {{"127.0.0.1:4566", "/", "", ""},
               {"127.0.0.1:4566", "/bucket", "bucket", ""},
               {"127.0.0.1:4566", "/bucket/", "bucket", ""},
               {"localhost:4566", "/bucket/a/b", "bucket", "a/b"},
               {"localhost", "/bucket//a", "bucket", "/a"},
               {"localhost", "/bucket/a%20b+c%2Fd", "bucket", "a b+c/d"},
               {"bucket.localhost:4566", "/key", "bucket", "key"},
               {"my.bucket.localhost", "/key", "my.bucket", "key"},
               {"bucket.s3.localhost:4566", "/a/b", "bucket", "a/b"},
               {"s3.localhost:4566", "/bucket/key", "bucket", "key"},
               {"s3.eu-west-1.amazonaws.com", "/bucket/key", "bucket", "key"},
               {"bucket.s3.eu-west-1.amazonaws.com", "/", "bucket", ""},
               {"bucket.s3-eu-west-1.amazonaws.com", "/key", "bucket", "key"},
               {"my.bucket.s3.amazonaws.com", "/key", "my.bucket", "key"},
               {"bucket.127.0.0.1:4566", "/key", "bucket", "key"},
               {"[::1]:4566", "/bucket/key", "bucket", "key"},
               {"some-host:4566", "/bucket/key", "bucket", "key"}};
  for (const auto& c : cases) {
    auto address = parse_address(c.host, c.path);
    EXPECT_EQ(address.bucket, c.bucket) << c.host << c.path;
    EXPECT_EQ(address.key, c.key) << c.host << c.path;
  }
}

}  // namespace
}  // namespace ads::cloud::s3
