// Invoke: RequestResponse, Event and DryRun. Not like the others: its input and output are headers and a raw payload.
#pragma once
#include "cloud/call.h"
#include "cloud/lambda/actions/actions.h"

namespace ads::cloud::lambda {

inline constexpr std::size_t kSyncPayloadLimit = 6'291'456;  // bytes
inline constexpr std::size_t kAsyncPayloadLimit = 1'048'576;

Task<Outcome<http::Reply>> invoke(Parts& parts, Call& call, std::string function_name, std::string qualifier);

}  // namespace ads::cloud::lambda
