#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <fstream>

#include "aws/s3/client.h"
#include "batch/batch_name.h"
#include "batch/record.h"
#include "cli/commands.h"
#include "cli/in_flight.h"
#include "cli/progress.h"
#include "cli/run_follower.h"
#include "cli/session.h"

namespace ads::cli {
namespace {

namespace s3 = aws::s3;

constexpr std::uint64_t kSinglePut = 16u << 20;
constexpr std::uint64_t kPart = 16u << 20;
constexpr std::uint64_t kMostParts = 10'000;
constexpr std::size_t kInFlight = 4;

struct SubmitFlags {
  std::string file, as;
  bool is_waiting = false;
  int timeout_seconds = 3600;
};

// Sends the file: in one piece, or in parts of which a few are under way at once, so that memory stays flat.
class Upload {
 public:
  Upload(Session& session, aws::Connection& connection, std::string file, std::string bucket, std::string key)
      : session_(session),
        client_(connection),
        file_(std::move(file)),
        bucket_(std::move(bucket)),
        key_(std::move(key)) {}

  Task<Result<batch::ObjectIdentity>> run() {
    std::error_code error;
    size_ = std::filesystem::file_size(file_, error);
    input_.open(file_, std::ios::binary);
    if (error || !input_) co_return fail(ErrorKind::not_found, "NoFile", fmt::format("cannot open '{}'", file_));
    Progress progress("sending", size_, "bytes");
    progress_ = &progress;
    auto sent = size_ <= kSinglePut ? co_await put() : co_await put_in_parts();
    progress_ = nullptr;
    if (!sent) co_return fail(sent.error());
    batch::ObjectIdentity object{bucket_, key_, sent->version_id.value_or(""), sent->etag, size_};
    co_return object;
  }

 private:
  Result<std::string> read(std::uint64_t count) {
    std::string piece(count, '\0');
    input_.read(piece.data(), static_cast<std::streamsize>(count));
    if (static_cast<std::uint64_t>(input_.gcount()) != count)
      return fail(ErrorKind::unavailable, "ReadFailed", fmt::format("'{}' became shorter while it was read", file_));
    return piece;
  }

  Task<Result<s3::PutObjectOutput>> put() {
    auto body = read(size_);
    if (!body) co_return fail(body.error());
    s3::PutObjectInput input;
    input.bucket = bucket_;
    input.key = key_;
    input.content_type = "text/csv";
    input.body = std::move(*body);
    co_return co_await client_.put_object(std::move(input));
  }

  Task<Result<s3::PutObjectOutput>> put_in_parts() {
    s3::CreateMultipartUploadInput create;
    create.bucket = bucket_;
    create.key = key_;
    create.content_type = "text/csv";
    auto upload = co_await client_.create_multipart_upload(create);
    if (!upload) co_return fail(upload.error());
    upload_id_ = upload->upload_id;
    const std::uint64_t part_size = std::max(kPart, (size_ + kMostParts - 1) / kMostParts);
    InFlight parts(session_.io.get_executor(), kInFlight);
    parts_.resize((size_ + part_size - 1) / part_size);
    for (std::size_t i = 0; i < parts_.size() && !failure_; ++i) {
      auto body = read(std::min(part_size, size_ - i * part_size));
      if (!body) {
        failure_ = body.error();
        break;
      }
      co_await parts.start(put_part(i, std::move(*body)));
    }
    co_await parts.drain();
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
    progress_->add(bytes);
  }

  Session& session_;
  s3::Client client_;
  std::string file_, bucket_, key_, upload_id_;
  std::ifstream input_;
  std::uint64_t size_ = 0;
  std::vector<s3::UploadedPart> parts_;
  std::optional<Error> failure_;
  Progress* progress_ = nullptr;
};

Task<int> submit(Session& session, SubmitFlags flags) {
  std::string key = flags.as.empty() ? std::filesystem::path(flags.file).filename().string() : flags.as;
  auto name = batch::parse_batch_name(key);
  if (!name)
    co_return report_error(session, to_string(name.error().reason),
                           name.error().sentence + " Give the right name with --as");
  auto bucket = co_await session.stack_output("BatchBucket");
  if (!bucket) co_return report_error(session, bucket.error());
  Upload upload(session, **session.connection(), flags.file, *bucket, key);
  auto object = co_await upload.run();
  if (!object) co_return report_error(session, object.error());
  std::string run_id = batch::run_id(*object);
  if (!flags.is_waiting) {
    if (session.is_json())
      print_json({{"runId", run_id}, {"bucket", *bucket}, {"key", key}, {"bytes", object->size}});
    else
      print(fmt::format("Sent s3://{}/{} as run {}.\n`ads status {}` shows how it goes, `ads report {}` the end.\n",
                        *bucket, key, run_id, run_id, run_id));
    co_return kSuccess;
  }
  co_return co_await follow_run(session, run_id, object->size, std::chrono::seconds(flags.timeout_seconds));
}

}  // namespace

void add_submit(CLI::App& program, Session& session) {
  auto flags = std::make_shared<SubmitFlags>();
  auto* command = program.add_subcommand(
      "submit",
      "Send a batch file to the bucket; with --wait, follow it and print its report.\n"
      "Its name must be DES_Manually_Process_DD-MM-YYYY or ADS_..., with the day's date; --as gives it one.");
  command->add_option("FILE", flags->file, "A batch file; `ads check FILE` shows what it would do")->required();
  command->add_option("--as", flags->as, "The name in the bucket (default: the file's)");
  command->add_flag("--wait", flags->is_waiting, "Wait until the run has ended, and print its report");
  command->add_option("--timeout", flags->timeout_seconds, "Seconds to wait at most")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command->callback([&session, flags] { session.action = [&session, flags] { return submit(session, *flags); }; });
}

}  // namespace ads::cli
