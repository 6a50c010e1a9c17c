// CloudWatch's three wire protocols over one table of operations: Query and XML (clients up to 2024), awsJson1.0, and
// Smithy RPC v2 with CBOR (clients since).
#pragma once
#include "cloud/call.h"
#include "cloud/json_protocol.h"

namespace ads::cloud::cloudwatch {

// Query:  Action=PutMetricData&Namespace=...          text/xml
// JSON:   X-Amz-Target: GraniteServiceVersion20100801.PutMetricData
// CBOR:   POST /service/GraniteServiceVersion20100801/operation/PutMetricData, Smithy-Protocol: rpc-v2-cbor
// Bodies may be gzipped (Content-Encoding). Actions read numbers and booleans through input.h, since Query has text
// only, and answer timestamps by timestamp() of cbor.h.
Task<http::Reply> answer_any(Call& call, const Operations& operations);

}  // namespace ads::cloud::cloudwatch
