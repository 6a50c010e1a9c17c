#include "cloud/wire_error.h"

#include "base/log.h"
#include "cloud/call.h"
#include "cloud/query_protocol.h"

namespace ads::cloud {
namespace {

http::Reply reply_with(const Call& call, const WireError& error, std::string_view content_type, std::string body) {
  http::Reply reply{error.status, error.headers};
  reply.headers.set("Content-Type", std::string(content_type));
  reply.headers.set("x-amzn-RequestId", call.request_id);
  reply.body = std::move(body);
  return reply;
}

}  // namespace

WireError not_implemented(std::string_view operation) {
  return {501, "NotImplemented", "The local cloud does not implement " + std::string(operation) + "."};
}

WireError internal_failure(const Error& error) {
  log(LogLevel::error, "the cloud could not do its own work", {{"code", error.code}, {"error", error.message}});
  return {500, "InternalFailure",
          "The request processing has failed because of an unknown error, exception or failure."};
}

http::Reply render_json_error(const Call& call, const WireError& error, std::string_view type_prefix,
                              std::string_view content_type) {
  json::object body = error.fields;
  // A code that carries its own prefix ("com.amazon.coral.validate#ValidationException") keeps it.
  bool is_prefixed = error.code.find('#') != error.code.npos;
  body["__type"] = is_prefixed ? error.code : std::string(type_prefix) + error.code;
  body["message"] = error.message;
  auto reply = reply_with(call, error, content_type, json::serialize(body));
  reply.headers.set("x-amzn-errortype", is_prefixed ? error.code.substr(error.code.find('#') + 1) : error.code);
  return reply;
}

http::Reply render_query_error(const Call& call, const WireError& error, std::string_view xml_namespace) {
  XmlWriter xml;
  std::string attribute = xml_namespace.empty() ? "" : "xmlns=\"" + std::string(xml_namespace) + "\"";
  xml.open("ErrorResponse", attribute).open("Error");
  xml.element("Type", error.status < 500 ? "Sender" : "Receiver").element("Code", error.code);
  xml.element("Message", error.message);
  write_members(xml, error.fields);
  xml.close().element("RequestId", call.request_id).close();
  return reply_with(call, error, "text/xml", xml.take());
}

http::Reply render_rest_json_error(const Call& call, const WireError& error) {
  json::object body = error.fields;
  body["message"] = error.message;
  auto reply = reply_with(call, error, "application/json", json::serialize(body));
  reply.headers.set("x-amzn-errortype", error.code);
  return reply;
}

http::Reply render_s3_error(const Call& call, const WireError& error) {
  XmlWriter xml;
  xml.raw("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n").open("Error");
  xml.element("Code", error.code).element("Message", error.message);
  write_members(xml, error.fields);
  xml.element("RequestId", call.request_id).element("HostId", call.request_id).close();
  bool has_body = call.request.head.method != "HEAD" && error.status != 304;
  auto reply = reply_with(call, error, "application/xml", has_body ? xml.take() : std::string{});
  reply.headers.remove("x-amzn-RequestId");
  reply.headers.set("x-amz-request-id", call.request_id);
  return reply;
}

}  // namespace ads::cloud
