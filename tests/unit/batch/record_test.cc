#include "batch/record.h"

#include <gtest/gtest.h>

#include <set>

namespace ads::batch {
namespace {

// The expected values were computed with Python's hashlib and base64 from the words of the header.
TEST(RunId, IsTheHashOfTheObjectsIdentity) {
  ObjectIdentity object{"files", "DES_Manually_Process_22-11-2026", "v1", "abc", 12};
  EXPECT_EQ(run_id(object), "da69cd0d980185bb1e6ea975ec29f296");
  object.etag = "other";  // a version says it all
  EXPECT_EQ(run_id(object), "da69cd0d980185bb1e6ea975ec29f296");
  object = {"files", "DES_Manually_Process_22-11-2026", "", "abc", 12};
  EXPECT_EQ(run_id(object), "baf21674d6363efbb21c5a4891a2ce38");
  object.etag = "\"abc\"";
  EXPECT_EQ(run_id(object), "baf21674d6363efbb21c5a4891a2ce38");
  object.version_id = "null";
  EXPECT_EQ(run_id(object), "baf21674d6363efbb21c5a4891a2ce38");
}

TEST(RunId, NoTwoIdentitiesAreWrittenAlike) {
  std::set<std::string> ids;
  const ObjectIdentity objects[] = {
      {"a", "bc", "v", "", 0},  {"ab", "c", "v", "", 0},  {"a", "b", "cv", "", 0},    {"a", "bc", "", "v", 0},
      {"a", "bc", "", "v", 10}, {"a", "bc", "", "v1", 0}, {"a", "bc,1:v", "", "", 0}, {"a", "bc", "1:v,", "", 0},
  };
  for (const ObjectIdentity& object : objects) ids.insert(run_id(object));
  EXPECT_EQ(ids.size(), std::size(objects));
}

TEST(RecordId, IsTheHashOfRunAndOffset) {
  std::string run = "0123456789abcdef0123456789abcdef";
  EXPECT_EQ(record_id(run, 0), "zjxrvbyq35wq2qrs6lvgihpgts");
  EXPECT_EQ(record_id(run, 37), "kmikcflugm7qs4nnnkgpf4dd67");
  EXPECT_EQ(record_id(run, std::uint64_t{1} << 40), "arl73oboem3y4fzenvpldqkfbb");
}

TEST(ServiceUuid, HasOneTo128OfItsCharacters) {
  EXPECT_TRUE(is_service_uuid("6f9619ff-8b86-d011-b42d-00c04fc964ff"));
  EXPECT_TRUE(is_service_uuid("A_z.9:-"));
  EXPECT_TRUE(is_service_uuid(std::string(128, 'x')));
  for (std::string text :
       {std::string(), std::string(129, 'x'), std::string("a b"), std::string("a/b"), std::string("a\0", 2),
        std::string("\xc3\xa4"), std::string("a@"), std::string("["), std::string("`")})
    EXPECT_FALSE(is_service_uuid(text)) << text;
}

}  // namespace
}  // namespace ads::batch
