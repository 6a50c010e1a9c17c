// RFC 8949 CBOR to JSON and back, as far as Smithy's RPC v2 protocol uses it.
#pragma once
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"

namespace ads::cloud::operations {

// Maps, lists (of known and of unknown length), text, bytes (as text), integers, floats of every width, true, false and
// null. A timestamp (tag 1) becomes its number of seconds. Errors: invalid / "MalformedCbor" (also past a depth of 32).
Result<json::value> read_cbor(std::string_view bytes);

// Timestamps (timestamp.h) become tag 1 with seconds as a double.
std::string write_cbor(const json::value& value);

}  // namespace ads::cloud::operations
