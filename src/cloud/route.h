// Which service a request is for, and how that service speaks: pure, from the request alone.
#pragma once
#include <string>
#include <string_view>

#include "http/message.h"

namespace ads::cloud {

enum class Protocol { json, query, rest_json, rest_xml, cbor };

struct Route {
  std::string service;  // signing name: "s3", "sqs", ...
  Protocol protocol;
};

// `signed_service` is the signature's scope, empty where the request bears none; then X-Amz-Target, the path, and the
// API version of a Query form (`form`: the body where it is a form, else the query string) decide; what is left is
// S3's.
Route route(const http::Request& head, std::string_view signed_service, std::string_view form);

// How a caller speaks, by its headers alone: for services that are not here.
Protocol protocol_of(const http::Request& head);

}  // namespace ads::cloud
