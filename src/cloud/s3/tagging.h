// The Tagging document, of buckets and of objects: <Tagging><TagSet><Tag><Key/><Value/></Tag></TagSet></Tagging>
#pragma once
#include "cloud/s3/object_record.h"
#include "cloud/wire_error.h"

namespace ads::cloud::s3 {

std::string tagging_xml(const NamedValues& tags);
// Errors: MalformedXML.
Outcome<NamedValues> parse_tagging_xml(std::string_view xml);

}  // namespace ads::cloud::s3
