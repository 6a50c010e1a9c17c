// Where a TemplateURL points: bucket, key and version of an object in S3.
#pragma once
#include <string>
#include <string_view>

#include "cloud/wire_error.h"

namespace ads::cloud::cloudformation {

struct ObjectAddress {
  std::string bucket, key, version_id;
};

// https://bucket.s3.region.amazonaws.com/key, https://s3.region.amazonaws.com/bucket/key (and without region), and the
// same paths below the local endpoint; `?versionId=v`. Errors: ValidationError, for anything else.
Outcome<ObjectAddress> parse_template_url(std::string_view url);

}  // namespace ads::cloud::cloudformation
