// The port Objects over S3.
#pragma once
#include <optional>

#include "aws/s3/client.h"
#include "function/ports.h"
#include "function/settings.h"

namespace ads::function {

// Metadata of a processed object: the run that made it.
inline constexpr std::string_view kRunIdMetadata = "ads-run-id";

class AwsObjects : public Objects {
 public:
  AwsObjects(aws::Connection& connection, const Settings& settings) : s3_(connection), settings_(settings) {}

  Task<Result<ObjectFacts>> facts(batch::ObjectIdentity object) override;
  Task<Result<std::string>> read(batch::ObjectIdentity object, std::uint64_t begin, std::uint64_t length) override;
  Task<Result<void>> copy(batch::ObjectIdentity source, std::string destination_key, std::string run_id) override;
  Task<Result<void>> remove(batch::ObjectIdentity object) override;
  Task<Result<std::string>> read_whole(std::string bucket, std::string key) override;
  Task<Result<void>> put(std::string bucket, std::string key, std::string content, std::string content_type) override;
  Task<Result<void>> remove_key(std::string bucket, std::string key) override;
  Task<Result<ObjectPage>> list(std::string bucket, std::string prefix, std::string after) override;
  Task<Result<std::string>> start_upload(std::string bucket, std::string key, std::string content_type) override;
  Task<Result<UploadedPart>> upload_part(std::string bucket, std::string key, std::string upload_id, int number,
                                         std::string content) override;
  Task<Result<void>> finish_upload(std::string bucket, std::string key, std::string upload_id,
                                   std::vector<UploadedPart> parts) override;
  Task<Result<void>> abort_upload(std::string bucket, std::string key, std::string upload_id) override;

 private:
  struct CopyPlan;
  Task<Result<void>> copy_in_parts(CopyPlan plan);
  Task<Result<std::vector<aws::s3::UploadedPart>>> copy_parts(const CopyPlan& plan, std::string upload_id);
  Task<void> copy_part(const CopyPlan& plan, const std::string& upload_id, std::size_t index, std::uint64_t part_bytes,
                       std::optional<Result<aws::s3::UploadedPart>>& copied);

  aws::s3::Client s3_;
  const Settings& settings_;
};

}  // namespace ads::function
