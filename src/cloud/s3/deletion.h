// What DeleteObject and DeleteObjects share.
#pragma once
#include "cloud/call.h"
#include "cloud/s3/state.h"

namespace ads::cloud::s3 {

inline constexpr std::string_view kEmptyEtag = "d41d8cd98f00b204e9800998ecf8427e";  // MD5 of nothing

// Removes one object, or one version of it, and queues the event. `version` empty: the current one.
Objects::Removed delete_one(State& state, Transaction& transaction, const Call& call, const Bucket& bucket,
                            const std::string& key, std::string_view version);

}  // namespace ads::cloud::s3
