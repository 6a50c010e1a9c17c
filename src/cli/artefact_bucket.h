// The bucket that holds what CloudFormation and Lambda read while a stack is deployed: the function's zip and large
// templates, under their content's hash. It is private, encrypted and versioned, and made where it does not exist.
#pragma once
#include <functional>
#include <string>
#include <string_view>

#include "aws/s3/client.h"

namespace ads::cli {

// "ads-artefacts-123456789012-eu-west-1"
std::string artefact_bucket_name(std::string_view account, std::string_view region);
// What a stack's objects start with: "NAME/".
std::string artefact_prefix(std::string_view stack);
// Refuses every call that is not over TLS.
std::string artefact_bucket_policy(std::string_view bucket, std::string_view partition);

class ArtefactBucket {
 public:
  // `owner` is the account that the bucket must belong to: S3 refuses where somebody else has taken its name.
  ArtefactBucket(aws::Connection& connection, std::string name, std::string owner, std::string partition);

  const std::string& name() const { return name_; }
  std::string url(std::string_view key) const;  // as CloudFormation takes it

  enum class Was { there, made, completed };
  // Makes the bucket and its settings where they are missing. The policy is written last: a bucket that has one is
  // ready, and one whose making was interrupted is completed. Errors: denied / "NotOurBucket", conflict /
  // "BucketElsewhere", S3's.
  Task<Result<Was>> prepare() const;

  enum class Put { stored, there };
  // Errors: S3's. A key says its content's hash: what is there already is not sent again.
  Task<Result<Put>> put(std::string key, std::string content, std::string content_type) const;

  // Every version of every object below the prefix; gives how many objects there were. A bucket that is not there holds
  // none.
  Task<Result<std::size_t>> remove_below(std::string prefix) const;
  // Whether nothing at all is left in it.
  Task<Result<bool>> is_empty() const;
  Task<Result<void>> remove() const;

 private:
  Task<Result<void>> write_settings() const;
  aws::Connection& connection_;
  aws::s3::Client s3_;
  std::string name_, partition_;
};

}  // namespace ads::cli
