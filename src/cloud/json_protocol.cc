#include "cloud/json_protocol.h"

namespace ads::cloud {

http::Reply json_reply(const Call& call, const json::value& body, std::string_view content_type, int status) {
  http::Reply reply{status};
  reply.headers.set("Content-Type", std::string(content_type));
  reply.headers.set("x-amzn-RequestId", call.request_id);
  reply.body = json::serialize(body);
  return reply;
}

Task<http::Reply> answer_json(Call& call, const JsonProtocol& protocol, const Operations& operations) {
  auto refused = [&](const WireError& error) {
    return render_json_error(call, error, protocol.error_prefix, protocol.content_type);
  };
  std::string_view target = call.request.head.headers.get_or("X-Amz-Target", "");
  auto operation = operations.end();
  if (target.starts_with(protocol.target_prefix))
    operation = operations.find(target.substr(protocol.target_prefix.size()));
  if (operation == operations.end())
    co_return refused({400, "UnknownOperationException",
                       target.empty() ? "" : "The local cloud does not know the operation " + std::string(target)});
  auto body = co_await call.request.body.read_all(protocol.body_limit);
  if (!body) {
    if (body.error().code == "RequestBodyTooLarge")
      co_return refused({413, "RequestEntityTooLarge", body.error().message});
    co_return refused({400, "SerializationException", body.error().message});
  }
  auto input = parse_json_object(body->empty() ? "{}" : *body);
  if (!input) co_return refused({400, "SerializationException", input.error().message});
  auto output = co_await operation->second(call, std::move(*input));
  if (!output) co_return refused(output.error());
  co_return json_reply(call, *output, protocol.content_type);
}

}  // namespace ads::cloud
