// Pages of objects, versions and uploads: prefix, delimiter, markers. What lies below a common prefix is skipped by
// seeking, never walked through.
#pragma once
#include <string>
#include <vector>

#include "cloud/s3/bucket.h"
#include "cloud/s3/object_record.h"
#include "cloud/s3/upload_record.h"

namespace ads::cloud::s3 {

struct ListQuery {
  std::string prefix, delimiter;
  std::string after;          // keys (and common prefixes) up to and with this one are left out
  std::string after_version;  // versions: within `after`, those up to and with this one; uploads: likewise by upload id
  std::size_t most = 1000;    // entries and common prefixes together
};

template <class Entry>
struct ListPage {
  std::vector<Entry> entries;
  std::vector<std::string> prefixes;
  bool is_truncated = false;
  std::string last;          // the last key or common prefix shown
  std::string last_version;  // its version or upload id; empty after a common prefix
};

struct ListedObject {
  std::string key;
  ObjectSummary object;
};
struct ListedVersion {
  std::string key;
  ObjectSummary object;
  bool is_latest = false;
};
struct ListedUpload {
  std::string key;
  UploadRecord upload;
};

ListPage<ListedObject> list_objects(const Store& store, const Bucket& bucket, const ListQuery& query);
ListPage<ListedVersion> list_versions(const Store& store, const Bucket& bucket, const ListQuery& query);
ListPage<ListedUpload> list_uploads(const Store& store, const Bucket& bucket, const ListQuery& query);

// The part of `key` up to and with the first delimiter behind `prefix`; empty where there is none.
std::string_view common_prefix(std::string_view key, std::string_view prefix, std::string_view delimiter);

}  // namespace ads::cloud::s3
