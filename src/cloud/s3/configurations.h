// A bucket's stored documents: which there are, what each must look like, and AWS's words where one is absent.
#pragma once
#include <string>
#include <string_view>

#include "base/json.h"
#include "cloud/s3/bucket.h"
#include "cloud/s3/request.h"
#include "cloud/wire_error.h"

namespace ads::cloud::s3 {

struct ConfigurationKind {
  std::string_view name;          // the query parameter, and the key in Bucket::configurations
  std::string_view shape;         // normalise_xml's; empty for the policy, which is JSON
  std::string_view missing_code;  // empty: a GET without one answers `fallback`
  std::string_view missing_message;
  std::string_view fallback;
  int put_status = 200;
  enum class Integrity {
    any,
    required
  } integrity = Integrity::any;  // whether PUT insists on Content-MD5 or a checksum
};

// Null where the sub-resource is no stored document.
const ConfigurationKind* find_configuration(std::string_view name);
// The one that a request is about: the first that its query names. Null where it names none.
const ConfigurationKind* named_configuration(const Request& request);

// The document as it will be stored. Errors: MalformedXML, MalformedPolicy, InvalidRequest, InvalidArgument,
// InvalidTag, ...
Outcome<std::string> check_configuration(const ConfigurationKind& kind, const Bucket& bucket,
                                         std::string_view document);

// What CreateBucket sets: ACLs disabled, public access blocked.
void set_creation_defaults(Bucket& bucket);

// The CloudFormation properties of AWS::S3::Bucket as the same documents. Errors: as check_configuration.
std::string encryption_xml(const json::object& property);
std::string lifecycle_xml(const json::object& property);
std::string public_access_block_xml(const json::object& property);
std::string ownership_xml(const json::object& property);

// Whether a bucket policy lets anybody in.
bool is_public_policy(std::string_view policy);

}  // namespace ads::cloud::s3
