// Why the front door turned a request away, in the words and the wire format of the service it was for.
#pragma once
#include "aws/sigv4.h"
#include "cloud/call.h"
#include "cloud/route.h"
#include "cloud/wire_error.h"

namespace ads::cloud {

// AWS has a different name for the same refusal in each protocol.
WireError to_wire(const aws::Refused& refused, Protocol protocol, std::string_view service);

http::Reply render_refusal(const Call& call, Protocol protocol, const WireError& error);

}  // namespace ads::cloud
