#include "batch/user_key.h"

#include <gtest/gtest.h>

namespace ads::batch {
namespace {

constexpr std::string_view kWithHyphens = "6f9619ff-8b86-d011-b42d-00c04fc964ff",
                           kPlain = "6f9619ff8b86d011b42d00c04fc964ff";

TEST(UserKey, AUuidHasHexDigitsAndHyphensInTheirPlacesOnly) {
  for (std::string_view uuid : {kWithHyphens, kPlain}) {
    EXPECT_TRUE(is_uuid(uuid));
    for (std::size_t at = 0; at < uuid.size(); ++at) {
      for (int byte = 0; byte < 256; ++byte) {
        std::string text(uuid);
        text[at] = static_cast<char>(byte);
        bool is_hex = byte != 0 && std::string_view("0123456789abcdefABCDEF").contains(static_cast<char>(byte));
        ASSERT_EQ(is_uuid(text), uuid[at] == '-' ? byte == '-' : is_hex) << "byte " << byte << " at " << at;
      }
    }
    for (std::size_t size = 0; size < 40; ++size) EXPECT_EQ(is_uuid(std::string(size, 'a')), size == 32) << size;
  }
}

TEST(UserKey, EachSpellingBecomesTheOneOfTheTable) {
  std::string lower(kWithHyphens), upper = "6F9619FF-8B86-D011-B42D-00C04FC964FF";
  UuidText buffer;
  for (std::string spelled : {lower, upper, std::string("6F9619ff-8b86-D011-b42D-00c04FC964Ff"), std::string(kPlain),
                              std::string("6F9619FF8B86D011B42D00C04FC964FF")}) {
    for (std::string text :
         {spelled, "{" + spelled + "}", "(" + spelled + ")", "urn:uuid:" + spelled, "URN:UUID:" + spelled}) {
      EXPECT_EQ(user_key(text, UserKeyForm::as_is, buffer), spelled) << text;
      EXPECT_EQ(user_key(text, UserKeyForm::uuid_lower, buffer), lower) << text;
      EXPECT_EQ(user_key(text, UserKeyForm::uuid_upper, buffer), upper) << text;
    }
  }
  for (std::string text :
       {"", "user-1", "{user-1}", "(6f9619ff}", "{6f9619ff-8b86-d011-b42d-00c04fc964f}", "urn:uuid:x"})
    for (auto form : {UserKeyForm::as_is, UserKeyForm::uuid_lower, UserKeyForm::uuid_upper})
      EXPECT_EQ(user_key(text, form, buffer), text);
}

}  // namespace
}  // namespace ads::batch
