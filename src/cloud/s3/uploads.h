// Multipart uploads in progress, and the room that each part gets in its upload's blob.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "cloud/s3/blobs.h"
#include "cloud/s3/bucket.h"
#include "cloud/s3/upload_record.h"

namespace ads::cloud::s3 {

class Uploads {
 public:
  Uploads(Store& store, Sequence& sequence) : store_(store), sequence_(sequence) {}

  // Gives the record its id and blob. Ids of one key ascend with time, as ListMultipartUploads orders them.
  void create(Transaction& transaction, const Bucket& bucket, std::string_view key, UploadRecord& record);
  std::optional<UploadRecord> find(const Bucket& bucket, std::string_view key, std::string_view upload_id) const;

  std::optional<PartRecord> part(std::string_view upload_id, std::uint64_t number) const;
  std::map<std::uint64_t, PartRecord> parts(std::string_view upload_id, std::uint64_t after, std::size_t most) const;
  // Replaces an earlier part of that number.
  void put_part(Transaction& transaction, const UploadRecord& upload, std::uint64_t number, const PartRecord& part);

  // Ends the upload. Aborting drops every part and the blob; completing hands over what `kept` (the object's slices)
  // uses.
  void abort(Transaction& transaction, const Bucket& bucket, std::string_view key, const UploadRecord& upload);
  void complete(Transaction& transaction, const Bucket& bucket, std::string_view key, const UploadRecord& upload,
                const Slices& kept);
  // Every upload of a bucket that is being deleted. Each is aborted in a transaction of its own.
  Result<void> abort_all(Blobs& blobs, const Bucket& bucket);

  // Bytes of an upload's blob that one writer has for itself until this goes out of scope.
  class Room {
   public:
    Room(Uploads& uploads, std::string upload_id, std::uint64_t offset)
        : uploads_(&uploads), upload_id_(std::move(upload_id)), offset_(offset) {}
    ~Room();
    Room(Room&& other) noexcept
        : uploads_(std::exchange(other.uploads_, nullptr)),
          upload_id_(std::move(other.upload_id_)),
          offset_(other.offset_) {}
    Room& operator=(Room&&) = delete;
    std::uint64_t offset() const { return offset_; }

   private:
    Uploads* uploads_;
    std::string upload_id_;
    std::uint64_t offset_;
  };
  // `blob` is the upload's, open.
  Room reserve(const UploadRecord& upload, const http::OpenFile& blob, std::uint64_t length);

 private:
  struct Writers {
    std::uint64_t end = 0;
    int count = 0;
  };
  Store& store_;
  Sequence& sequence_;
  std::unordered_map<std::string, Writers> writers_;  // of uploads with a part on the wire right now
};

}  // namespace ads::cloud::s3
