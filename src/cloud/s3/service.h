// S3, the service: routes each request to its operation and renders what that answers.
#pragma once
#include <memory>

#include "cloud/call.h"
#include "cloud/environment.h"
#include "cloud/ports.h"

namespace ads::cloud::s3 {

struct State;

class S3 : public Service, public ObjectPort {
 public:
  explicit S3(Environment& environment);
  ~S3() override;

  Task<http::Reply> answer(Call& call) override;
  // Removes what a crash left behind and takes event delivery up again.
  Task<void> start() override;
  Task<void> stop() override;

  Outcome<void> may_read(const Call& call, const std::string& bucket, const std::string& key,
                         const std::string& version_id) override;
  Task<Outcome<std::string>> read_object(std::string bucket, std::string key, std::string version_id,
                                         std::uint64_t limit) override;

  // AWS::S3::Bucket and AWS::S3::BucketPolicy. They refer to this object.
  ResourceTypes resource_types();

 private:
  std::unique_ptr<State> state_;
};

}  // namespace ads::cloud::s3
