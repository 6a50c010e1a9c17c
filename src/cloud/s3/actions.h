// S3's operations: one function each, in actions/<operation>.cc. Every one answers or refuses, and reads the body
// itself.
#pragma once
#include "cloud/s3/request.h"
#include "cloud/s3/state.h"

namespace ads::cloud::s3 {

using Action = Task<Outcome<http::Reply>> (*)(State&, Request&);

#define ADS_S3_ACTION(name) Task<Outcome<http::Reply>> name(State& state, Request& request)

// The service and buckets.
ADS_S3_ACTION(list_buckets);
ADS_S3_ACTION(create_bucket);
ADS_S3_ACTION(head_bucket);
ADS_S3_ACTION(delete_bucket);
ADS_S3_ACTION(get_bucket_location);
// Every sub-resource that is a stored document: encryption, lifecycle, tagging, ... (actions/bucket_configuration.cc).
ADS_S3_ACTION(get_bucket_configuration);
ADS_S3_ACTION(put_bucket_configuration);
ADS_S3_ACTION(delete_bucket_configuration);
ADS_S3_ACTION(get_bucket_versioning);
ADS_S3_ACTION(put_bucket_versioning);
ADS_S3_ACTION(get_bucket_notification);
ADS_S3_ACTION(put_bucket_notification);
ADS_S3_ACTION(get_bucket_policy_status);
ADS_S3_ACTION(get_bucket_acl);
ADS_S3_ACTION(put_acl);

ADS_S3_ACTION(list_objects_v1);
ADS_S3_ACTION(list_objects_v2);
ADS_S3_ACTION(list_object_versions);
ADS_S3_ACTION(list_multipart_uploads);

// Objects.
ADS_S3_ACTION(put_object);
ADS_S3_ACTION(copy_object);
ADS_S3_ACTION(get_object);  // HEAD as well
ADS_S3_ACTION(get_object_attributes);
ADS_S3_ACTION(get_object_acl);
ADS_S3_ACTION(delete_object);
ADS_S3_ACTION(delete_objects);
ADS_S3_ACTION(get_object_tagging);
ADS_S3_ACTION(put_object_tagging);
ADS_S3_ACTION(delete_object_tagging);

// Multipart uploads.
ADS_S3_ACTION(create_multipart_upload);
ADS_S3_ACTION(upload_part);
ADS_S3_ACTION(upload_part_copy);
ADS_S3_ACTION(complete_multipart_upload);
ADS_S3_ACTION(abort_multipart_upload);
ADS_S3_ACTION(list_parts);

#undef ADS_S3_ACTION

}  // namespace ads::cloud::s3
