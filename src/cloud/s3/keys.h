// Where everything of S3 stands in the store. Bucket names are global, so nothing here is per region.
//
// Each key is "s3", a table's letter, then the fields below. Letters are on disk: do not reuse or reorder.
//   m                                 high-water mark of sequence numbers, decimal text
//   b  name                           a bucket, JSON (bucket.h)
//   o  bucket-id  object key, raw     the current object, binary (object_record.h); raw so that byte order is listing
//   order v  bucket-id  object key  ~seq    a noncurrent version, or a delete marker (which may be current); newest
//   first n  bucket-id  object key          sequence number of the null version, where it stands in v u  bucket-id
//   object key  upload  a multipart upload, binary (upload_record.h) p  upload  part number            a part, binary
//   r  blob                           how many records refer to a blob, where that is not one
//   w  blob                           a blob being written: removed at the next start unless its record was committed
//   g  blob                           a blob that nothing refers to: to be removed
//   e  seq                            an event not yet accepted by its destination, JSON (outbox.h)
// A current object is never in v as well: it moves there when a newer version or a delete marker covers it.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace ads::cloud::s3::keys {

std::string sequence_mark();
std::string buckets();  // the prefix of all
std::string bucket(std::string_view name);

std::string objects(std::uint64_t bucket_id);
std::string object(std::uint64_t bucket_id, std::string_view key);

std::string versions(std::uint64_t bucket_id);
std::string versions_of(std::uint64_t bucket_id, std::string_view key);
std::string version(std::uint64_t bucket_id, std::string_view key, std::uint64_t sequence);
// The prefix of every version whose object key starts with `key_prefix`.
std::string versions_below(std::uint64_t bucket_id, std::string_view key_prefix);
struct VersionPlace {
  std::string key;
  std::uint64_t sequence = 0;
};
VersionPlace take_version(std::uint64_t bucket_id, std::string_view store_key);
std::string null_version(std::uint64_t bucket_id, std::string_view key);

std::string uploads(std::uint64_t bucket_id);
std::string uploads_of(std::uint64_t bucket_id, std::string_view key);
std::string uploads_below(std::uint64_t bucket_id, std::string_view key_prefix);
std::string upload(std::uint64_t bucket_id, std::string_view key, std::string_view upload_id);
struct UploadPlace {
  std::string key, upload_id;
};
UploadPlace take_upload(std::uint64_t bucket_id, std::string_view store_key);

std::string parts(std::string_view upload_id);
std::string part(std::string_view upload_id, std::uint64_t number);

std::string references(std::uint64_t blob);
std::string writing();
std::string writing(std::uint64_t blob);
std::string garbage();
std::string garbage(std::uint64_t blob);
// The number at the end of a key of r, w, g, e or p.
std::uint64_t last_number(std::string_view store_key);

std::string events();
std::string event(std::uint64_t sequence);

}  // namespace ads::cloud::s3::keys
