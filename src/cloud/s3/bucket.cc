#include "cloud/s3/bucket.h"

#include "base/json.h"
#include "base/log.h"
#include "cloud/s3/keys.h"

namespace ads::cloud::s3 {
namespace {

constexpr std::size_t kCachedBuckets = 1000;

std::string_view to_string(Versioning versioning) {
  switch (versioning) {
    case Versioning::never:
      return "";
    case Versioning::enabled:
      return "Enabled";
    case Versioning::suspended:
      return "Suspended";
  }
  return "";
}

// {"id","name","region","account","created","versioning","configurations":{..}}
std::string encode(const Bucket& bucket) {
  json::object configurations;
  for (const auto& [name, text] : bucket.configurations) configurations[name] = text;
  return json::serialize(json::object{{"id", bucket.id},
                                      {"name", bucket.name},
                                      {"region", bucket.region},
                                      {"account", bucket.account},
                                      {"created", bucket.created.time_since_epoch().count()},
                                      {"versioning", to_string(bucket.versioning)},
                                      {"configurations", std::move(configurations)}});
}

BucketPointer decode(std::string_view value) {
  auto object = parse_json_object(value);
  if (!object) {
    log(LogLevel::error, "a stored bucket is damaged", {{"error", object.error().message}});
    return nullptr;
  }
  auto bucket = std::make_shared<Bucket>();
  bucket->id = static_cast<std::uint64_t>(get_integer(*object, "id").value_or(0));
  bucket->name = get_string(*object, "name").value_or("");
  bucket->region = get_string(*object, "region").value_or("");
  bucket->account = get_string(*object, "account").value_or("");
  bucket->created = SystemTime(std::chrono::milliseconds(get_integer(*object, "created").value_or(0)));
  auto versioning = get_string(*object, "versioning").value_or("");
  bucket->versioning = versioning == "Enabled"     ? Versioning::enabled
                       : versioning == "Suspended" ? Versioning::suspended
                                                   : Versioning::never;
  if (const auto* configurations = get_object(*object, "configurations"))
    for (const auto& [name, text] : *configurations)
      bucket->configurations.emplace(name, std::string(text.as_string()));
  if (const auto* xml = bucket->configuration("notification"))
    if (auto parsed = parse_notification_xml(*xml)) bucket->notifications = std::move(*parsed);
  return bucket;
}

}  // namespace

const std::string* Bucket::configuration(std::string_view name) const {
  auto found = configurations.find(name);
  return found == configurations.end() ? nullptr : &found->second;
}

BucketPointer Buckets::find(std::string_view name) {
  std::string key(name);
  if (auto found = cache_.find(key); found != cache_.end()) return found->second;
  auto value = store_.get(keys::bucket(name));
  if (!value) return nullptr;
  auto bucket = decode(*value);
  if (!bucket) return nullptr;
  if (cache_.size() >= kCachedBuckets) cache_.clear();
  cache_.emplace(std::move(key), bucket);
  return bucket;
}

std::vector<BucketPointer> Buckets::list(std::string_view prefix, std::string_view after, std::size_t most) {
  std::vector<BucketPointer> found;
  auto range = keys::bucket(prefix);
  auto from = std::max(range, after.empty() ? range : keys::bucket(after) + '\0');
  for (auto cursor = store_.scan(from, after_prefix(range)); cursor.valid() && found.size() < most; cursor.next())
    if (auto bucket = decode(cursor.value())) found.push_back(std::move(bucket));
  return found;
}

Result<void> Buckets::save(Blobs& blobs, Bucket bucket) {
  Transaction transaction;
  transaction.put(keys::bucket(bucket.name), encode(bucket));
  auto committed = blobs.commit(std::move(transaction));
  if (committed) cache_.erase(bucket.name);
  return committed;
}

Result<void> Buckets::remove(Blobs& blobs, const Bucket& bucket) {
  Transaction transaction;
  transaction.remove(keys::bucket(bucket.name));
  std::string name = bucket.name;
  auto committed = blobs.commit(std::move(transaction));
  if (committed) cache_.erase(name);
  return committed;
}

}  // namespace ads::cloud::s3
