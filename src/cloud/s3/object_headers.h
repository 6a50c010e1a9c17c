// What a client says about an object besides its bytes: checked, and kept as it is to be given back.
#pragma once
#include "cloud/s3/object_record.h"
#include "cloud/s3/request.h"

namespace ads::cloud::s3 {

struct ObjectAttributes {
  std::string storage_class;
  NamedValues headers;  // Content-Type first; x-amz-meta-* in lower case; encryption last
  NamedValues tags;
};

// Errors: MetadataTooLarge, InvalidStorageClass, InvalidArgument, AccessControlListNotSupported, InvalidTag, and
// NotImplemented for what is not supported (customer keys, object lock, append).
Outcome<ObjectAttributes> read_object_headers(const Request& request);

// x-amz-acl and x-amz-grant-*: only what changes nothing while ACLs are disabled. Errors:
// AccessControlListNotSupported.
Outcome<void> check_acl_headers(const Request& request);
// "key=value&..." as x-amz-tagging has it.
Outcome<NamedValues> parse_tagging_header(std::string_view header);
// At most `most` tags; keys distinct, lengths and characters as AWS allows. Errors: InvalidTag, BadRequest.
Outcome<void> check_tags(const NamedValues& tags, std::size_t most);

// The storage class header where it is not STANDARD, encryption and the rest, onto a reply. A GET or HEAD also gets
// x-amz-tagging-count.
void add_object_headers(http::Headers& headers, const ObjectRecord& object);
// x-amz-server-side-encryption* alone, for the replies of PUT, copy and multipart.
void add_encryption_headers(http::Headers& headers, const NamedValues& object_headers);

}  // namespace ads::cloud::s3
