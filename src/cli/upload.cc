#include "cli/upload.h"

#include <fmt/core.h>

#include "aws/s3/client.h"
#include "cli/in_flight.h"
#include "cli/progress.h"

namespace ads::cli {
namespace {

namespace s3 = aws::s3;

constexpr std::uint64_t kPart = 16u << 20;
constexpr std::uint64_t kMostParts = 10'000;
constexpr std::size_t kInFlight = 4;

// S3 takes 10,000 parts of any size: those of a pipe, whose end is not known, grow with their number (to 500 GB and
// more).
std::uint64_t part_size(std::optional<std::uint64_t> total, std::size_t index) {
  if (total) return std::max(kPart, (*total + kMostParts - 1) / kMostParts);
  return kPart << (index / 2000);
}

class Upload {
 public:
  Upload(Session& session, InputFile& input, std::string bucket, std::string key)
      : session_(session),
        client_(**session.connection()),
        input_(input),
        bucket_(std::move(bucket)),
        key_(std::move(key)),
        progress_("sending", input.size().value_or(0), "bytes") {}

  Task<Result<batch::ObjectIdentity>> run() {
    auto first = read(part_size(input_.size(), 0));
    if (!first) co_return fail(first.error());
    bool is_all = first->size() < part_size(input_.size(), 0);
    auto sent = is_all ? co_await put(std::move(*first)) : co_await put_in_parts(std::move(*first));
    if (!sent) co_return fail(sent.error());
    co_return batch::ObjectIdentity{bucket_, key_, sent->version_id.value_or(""), sent->etag, read_};
  }

 private:
  Result<std::string> read(std::uint64_t most) {
    auto piece = input_.read(most);
    if (piece) read_ += piece->size();
    bool is_end = piece && piece->size() < most;
    if (is_end && input_.size() && *input_.size() != read_)
      return fail(
          ErrorKind::unavailable, "ReadFailed",
          fmt::format("{} changed its size while it was read: submit it again once it is complete", input_.name()));
    return piece;
  }

  Task<Result<s3::PutObjectOutput>> put(std::string body) {
    s3::PutObjectInput input;
    input.bucket = bucket_;
    input.key = key_;
    input.content_type = "text/csv";
    input.body = std::move(body);
    co_return co_await client_.put_object(std::move(input));
  }

  Task<Result<s3::PutObjectOutput>> put_in_parts(std::string first) {
    s3::CreateMultipartUploadInput create;
    create.bucket = bucket_;
    create.key = key_;
    create.content_type = "text/csv";
    auto created = co_await client_.create_multipart_upload(create);
    if (!created) co_return fail(created.error());
    upload_id_ = created->upload_id;
    {
      InFlight parts(session_.io.get_executor(), kInFlight);
      std::string body = std::move(first);
      for (std::size_t i = 0; !body.empty() && !failure_; ++i) {
        bool is_last = body.size() < part_size(input_.size(), i);
        parts_.emplace_back();
        co_await parts.start(put_part(i, std::move(body)));
        body.clear();
        if (is_last || failure_) break;
        auto next = read(part_size(input_.size(), i + 1));
        if (next)
          body = std::move(*next);
        else
          failure_ = next.error();
      }
      co_await parts.drain();
    }
    if (failure_) {
      // Best effort: what cannot be aborted now, the bucket's lifecycle rule removes.
      auto aborted = co_await client_.abort_multipart_upload({bucket_, key_, upload_id_});
      (void)aborted;
      co_return fail(*failure_);
    }
    s3::CompleteMultipartUploadInput complete;
    complete.bucket = bucket_;
    complete.key = key_;
    complete.upload_id = upload_id_;
    complete.parts = parts_;
    auto done = co_await client_.complete_multipart_upload(std::move(complete));
    if (!done) co_return fail(done.error());
    co_return s3::PutObjectOutput{done->etag, done->version_id};
  }

  Task<void> put_part(std::size_t index, std::string body) {
    std::uint64_t bytes = body.size();
    s3::UploadPartInput input;
    input.bucket = bucket_;
    input.key = key_;
    input.upload_id = upload_id_;
    input.part_number = static_cast<int>(index + 1);
    input.body = std::move(body);
    auto part = co_await client_.upload_part(std::move(input));
    if (!part) {
      failure_ = part.error();
      co_return;
    }
    parts_[index] = *part;
    progress_.add(bytes);
  }

  Session& session_;
  s3::Client client_;
  InputFile& input_;
  std::string bucket_, key_, upload_id_;
  std::uint64_t read_ = 0;
  std::vector<s3::UploadedPart> parts_;
  std::optional<Error> failure_;
  Progress progress_;
};

}  // namespace

Task<Result<batch::ObjectIdentity>> upload(Session& session, InputFile& input, std::string bucket, std::string key) {
  Upload upload(session, input, std::move(bucket), std::move(key));
  co_return co_await upload.run();
}

}  // namespace ads::cli
