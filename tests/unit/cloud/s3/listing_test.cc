#include "cloud/s3/listing.h"

#include "bench.h"

namespace ads::cloud::s3 {
namespace {

using ListingTest = Bench;

TEST_F(ListingTest, PrefixDelimiterAndMarkers) {
  for (auto key : {"a", "b/1", "b/2", "b/c/3", "c", "d//e", "d/f", "\xC3\xA9"}) put(key);
  struct Case {
    std::string name;
    ListQuery query;
    std::string expected;
  } cases[] = {{"everything", {}, "a b/1 b/2 b/c/3 c d//e d/f \xC3\xA9 "},
               {"prefix", {"b/"}, "b/1 b/2 b/c/3 "},
               {"prefix of nothing", {"x"}, ""},
               {"rolled up", {"", "/"}, "a c \xC3\xA9 b/ d/ "},
               {"rolled up below", {"b/", "/"}, "b/1 b/2 b/c/ "},
               {"empty names", {"d/", "/"}, "d/f d// "},
               {"long delimiter", {"", "/c/"}, "a b/1 b/2 c d//e d/f \xC3\xA9 b/c/ "},
               {"after a key", {"", "", "b/1"}, "b/2 b/c/3 c d//e d/f \xC3\xA9 "},
               {"after what is not there", {"", "", "b/10"}, "b/2 b/c/3 c d//e d/f \xC3\xA9 "},
               {"after a common prefix", {"", "/", "b/"}, "c \xC3\xA9 d/ "},
               {"after a key below a common prefix", {"", "/", "b/1"}, "c \xC3\xA9 b/ d/ "},
               {"after, before the prefix", {"c", "", "a"}, "c "},
               {"a page", {"", "", "", "", 3}, "a b/1 b/2 *"},
               {"a page of both", {"", "/", "", "", 2}, "a b/ *"},
               {"the last page is whole", {"b/", "", "", "", 3}, "b/1 b/2 b/c/3 "},
               {"no keys wanted", {"", "", "", "", 0}, ""}};
  for (const auto& c : cases) EXPECT_EQ(list(c.query), c.expected) << c.name;
}

TEST_F(ListingTest, PagesJoinToTheWhole) {
  for (int i = 0; i < 60; ++i)
    put("dir" + std::to_string(i % 7) + "/" + std::to_string(i)), put("k" + std::to_string(i));
  for (std::string delimiter : {"", "/"})
    for (std::size_t most : {1, 2, 7, 50}) {
      std::vector<std::string> seen;
      ListQuery query{"", delimiter, "", "", most};
      for (;;) {
        auto page = list_objects(*store, bucket, query);
        for (auto& entry : page.entries) seen.push_back(entry.key);
        for (auto& prefix : page.prefixes) seen.push_back(prefix);
        if (!page.is_truncated) break;
        query.after = page.last;
      }
      auto distinct = std::set<std::string>(seen.begin(), seen.end());
      EXPECT_EQ(seen.size(), distinct.size()) << delimiter << most;
      EXPECT_EQ(seen.size(), delimiter.empty() ? 120u : 67u) << delimiter << most;
    }
}

TEST_F(ListingTest, ManyKeysBelowOnePrefixAreSkipped) {
  for (int i = 0; i < 500; ++i) put("a/" + std::to_string(i));
  put("b");
  EXPECT_EQ(list({"", "/"}), "b a/ ");
}

TEST_F(ListingTest, VersionsNewestFirstAcrossPages) {
  put("a", "null");
  bucket.versioning = Versioning::enabled;
  put("a", "1");
  put("b", "1");
  remove("b");
  put("b/c", "1");
  auto whole = list_versions(*store, bucket, {});
  std::string text;
  for (auto& entry : whole.entries)
    text += entry.key + (entry.object.is_delete_marker ? "!" : "") + (entry.is_latest ? "+" : "") + " ";
  EXPECT_EQ(text, "a+ a b!+ b b/c+ ");
  ListQuery query;
  query.most = 1;
  std::string paged;
  for (int page_number = 0; page_number < 10; ++page_number) {
    auto page = list_versions(*store, bucket, query);
    for (auto& entry : page.entries)
      paged += entry.key + (entry.object.is_delete_marker ? "!" : "") + (entry.is_latest ? "+" : "") + " ";
    if (!page.is_truncated) break;
    query.after = page.last;
    query.after_version = page.last_version;
  }
  EXPECT_EQ(paged, text);
  ListQuery rolled{"", "/"};
  EXPECT_EQ(list_versions(*store, bucket, rolled).prefixes, (std::vector<std::string>{"b/"}));
}

TEST_F(ListingTest, UploadsByKeyThenAge) {
  auto create = [&](std::string key) {
    UploadRecord record;
    Transaction transaction;
    state->uploads.create(transaction, bucket, key, record);
    EXPECT_TRUE(state->blobs.commit(std::move(transaction)));
    return record.upload_id;
  };
  create("b");
  auto first = create("a"), second = create("a");
  auto page = list_uploads(*store, bucket, {});
  ASSERT_EQ(page.entries.size(), 3u);
  EXPECT_EQ(page.entries[0].upload.upload_id, first);
  EXPECT_EQ(page.entries[1].upload.upload_id, second);
  EXPECT_EQ(page.entries[2].key, "b");
  auto rest = list_uploads(*store, bucket, {"", "", "a", first, 1});
  ASSERT_EQ(rest.entries.size(), 1u);
  EXPECT_EQ(rest.entries[0].upload.upload_id, second);
  EXPECT_TRUE(rest.is_truncated);
}

}  // namespace
}  // namespace ads::cloud::s3
