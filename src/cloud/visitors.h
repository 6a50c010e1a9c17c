// Which requests are let in at all, before anything else is looked at: those that programs of this machine send, and no
// web page that a browser shows. A page can send requests to 127.0.0.1, and can be served under a name that resolves to
// it (DNS rebinding): the first shows in Origin and Sec-Fetch-Site, the second by Host.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.h"

namespace ads::cloud {

struct Visitors {
  std::vector<std::string> hosts;    // --host: names by which this machine is called besides its own
  std::vector<std::string> origins;  // --cors-origin: pages that may send requests and read the answers
};

// Loopback, *.localhost, *.amazonaws.com, and those given; with or without a port.
bool is_allowed_host(const Visitors& visitors, std::string_view host);
// Loopback, *.localhost, and those given.
bool is_allowed_origin(const Visitors& visitors, std::string_view origin);
// Only those given may read answers: a page of this machine may be anybody's.
bool may_read(const Visitors& visitors, std::string_view origin);

// Why the request is refused, in a sentence; nothing where it may pass.
std::optional<std::string> reason_to_refuse(const Visitors& visitors, const http::Request& head);

// The answer to a browser's question whether it may send a request; nothing where this is no such question, or the
// origin is not one of those given.
std::optional<http::Reply> answer_preflight(const Visitors& visitors, const http::Request& head);
// Lets the page that asked read the answer, where it may.
void add_cors_headers(const Visitors& visitors, std::string_view origin, http::Headers& headers);

}  // namespace ads::cloud
