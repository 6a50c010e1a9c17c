#include "simulation/object_store.h"

#include <algorithm>

#include "base/digest.h"
#include "base/encoding.h"

namespace ads::simulation {
namespace {

using function::ObjectFacts;
using function::ObjectPage;
using function::UploadedPart;

constexpr std::size_t kPage = 3;  // small, so that there are several

std::string unquoted(std::string etag) {
  std::erase(etag, '"');
  return etag;
}

std::unexpected<Error> no_such_key(const std::string& key) {
  return fail(ErrorKind::not_found, "NoSuchKey", key);
}

std::unexpected<Error> precondition(const std::string& key) {
  return fail(ErrorKind::conflict, "PreconditionFailed", key);
}

bool is_batch_file(const std::string& key) {
  return !key.starts_with("quarantine/") && !key.starts_with("reports/");
}

}  // namespace

const ObjectStore::Version* ObjectStore::current(const std::string& key) const {
  auto found = keys_.find(key);
  if (found == keys_.end() || found->second.empty() || found->second.back().is_marker) return nullptr;
  return &found->second.back();
}

ObjectStore::Version& ObjectStore::store(const std::string& key, std::string content, std::string copied_by) {
  auto& versions = keys_[key];
  if (!is_versioned_) versions.clear();
  ++versions_;
  std::string id = is_versioned_ ? fmt::format("v{:04}", versions_) : "";
  std::string etag = to_hex(md5(content));
  versions.push_back({std::move(id), std::move(etag), std::move(content), std::move(copied_by), false});
  return versions.back();
}

batch::ObjectIdentity ObjectStore::upload(std::string key, std::string content) {
  const Version& version = store(key, std::move(content), "");
  ground_.log.note("upload of {} {} etag {}, {} bytes", key, version.id, version.etag, version.content.size());
  return {kBucket, std::move(key), version.id, version.etag, version.content.size()};
}

Result<const ObjectStore::Version*> ObjectStore::pinned(const batch::ObjectIdentity& object) const {
  if (!object.version_id.empty() && object.version_id != "null") {
    auto found = keys_.find(object.key);
    if (found != keys_.end())
      for (const Version& version : found->second)
        if (version.id == object.version_id && !version.is_marker) return &version;
    return fail(ErrorKind::not_found, "NoSuchVersion", object.key);
  }
  const Version* version = current(object.key);
  if (!version) return no_such_key(object.key);
  if (!object.etag.empty() && unquoted(object.etag) != version->etag) return precondition(object.key);
  return version;
}

Result<ObjectFacts> ObjectStore::facts(const batch::ObjectIdentity& object) const {
  batch::ObjectIdentity unconditional = object;
  unconditional.etag.clear();
  auto version = pinned(unconditional);
  if (!version) return fail(version.error());
  return ObjectFacts{(*version)->content.size(), (*version)->etag, (*version)->id, (*version)->copied_by};
}

Result<std::string> ObjectStore::read(const batch::ObjectIdentity& object, std::uint64_t begin,
                                      std::uint64_t length) const {
  auto version = pinned(object);
  if (!version) return fail(version.error());
  const std::string& content = (*version)->content;
  if (begin >= content.size()) return fail(ErrorKind::invalid, "InvalidRange", "begins after the object's end");
  return content.substr(begin, length);
}

Result<void> ObjectStore::copy(const batch::ObjectIdentity& source, const std::string& key, const std::string& run_id) {
  auto version = pinned(source);
  if (!version) return fail(version.error());
  if (!source.etag.empty() && unquoted(source.etag) != (*version)->etag) return precondition(source.key);
  if (current(key)) return precondition(key);
  std::string content = (*version)->content;
  store(key, std::move(content), run_id);
  return {};
}

// A file may go once its copy is there.
void ObjectStore::note_loss(const std::string& key, const Version& lost) {
  if (!is_batch_file(key) || lost.is_marker) return;
  for (const auto& [other, versions] : keys_)
    if (other != key && !versions.empty() && !versions.back().is_marker && versions.back().content == lost.content &&
        !versions.back().copied_by.empty())
      return;
  ground_.violate("{} {} is removed while no processed file has its content", key, lost.id);
}

Result<void> ObjectStore::remove(const batch::ObjectIdentity& object) {
  const Version* version = current(object.key);
  if (!version) return no_such_key(object.key);
  if (!object.etag.empty() && unquoted(object.etag) != version->etag) return precondition(object.key);
  return remove_key(object.key);
}

Result<void> ObjectStore::remove_key(const std::string& key) {
  const Version* version = current(key);
  if (!version) return {};
  note_loss(key, *version);
  delete_by_hand(key);
  return {};
}

void ObjectStore::delete_by_hand(const std::string& key) {
  if (is_versioned_)
    keys_[key].push_back({fmt::format("v{:04}", ++versions_), "", "", "", true});
  else
    keys_.erase(key);
}

Result<std::string> ObjectStore::read_whole(const std::string& key) const {
  const Version* version = current(key);
  if (!version) return no_such_key(key);
  return version->content;
}

Result<void> ObjectStore::put(const std::string& key, std::string content) {
  if (is_batch_file(key)) ground_.violate("the function puts {}, which is neither report nor quarantine", key);
  // Reports and quarantines are not kept version by version here: nobody reads older ones.
  keys_[key].clear();
  store(key, std::move(content), "");
  return {};
}

Result<ObjectPage> ObjectStore::list(const std::string& prefix, const std::string& after) const {
  ObjectPage page;
  auto it = after.empty() || after < prefix ? keys_.lower_bound(prefix) : keys_.upper_bound(after);
  for (; it != keys_.end() && it->first.starts_with(prefix); ++it) {
    if (!current(it->first)) continue;
    if (page.keys.size() == kPage) {
      page.is_last = false;
      break;
    }
    page.keys.push_back(it->first);
  }
  return page;
}

Result<std::string> ObjectStore::start_upload(const std::string& key) {
  std::string id = fmt::format("upload-{}", uploads_.size() + 1);
  uploads_[id] = {key, {}};
  return id;
}

Result<UploadedPart> ObjectStore::upload_part(const std::string& upload_id, int number, std::string content) {
  auto found = uploads_.find(upload_id);
  if (found == uploads_.end()) return fail(ErrorKind::not_found, "NoSuchUpload", upload_id);
  std::string etag = to_hex(md5(content));
  found->second.contents[number] = std::move(content);
  return UploadedPart{number, std::move(etag), {}};
}

Result<void> ObjectStore::finish_upload(const std::string& upload_id, const std::vector<UploadedPart>& parts) {
  auto found = uploads_.find(upload_id);
  if (found == uploads_.end()) return fail(ErrorKind::not_found, "NoSuchUpload", upload_id);
  std::string content;
  for (const UploadedPart& part : parts) content += found->second.contents[part.number];
  std::string key = found->second.key;
  uploads_.erase(found);
  return put(key, std::move(content));
}

Result<void> ObjectStore::abort_upload(const std::string& upload_id) {
  uploads_.erase(upload_id);
  return {};
}

void ObjectStore::overwrite(const std::string& key, std::string content, std::string copied_by) {
  if (const Version* version = current(key))
    if (version->content != content || version->copied_by != copied_by)
      ground_.violate("{} is overwritten: it was the file of run {}, now of {}", key, version->copied_by, copied_by);
  store(key, std::move(content), std::move(copied_by));
}

}  // namespace ads::simulation
