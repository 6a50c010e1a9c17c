#include "cloud/query_service.h"

#include "cloud/query_protocol.h"

namespace ads::cloud {

Task<Outcome<json::object>> read_query_form(Call& call, std::size_t body_limit) {
  if (call.request.head.method == "GET") {
    co_return parse_query_form(http::split_target(call.request.head.target).second);
  }
  auto body = co_await call.request.body.read_all(body_limit);
  if (!body) {
    if (body.error().code == "RequestBodyTooLarge") {
      co_return refuse(413, "RequestEntityTooLarge", fmt::format("Request must be smaller than {} bytes", body_limit));
    }
    co_return refuse(400, "MalformedInput", body.error().message);
  }
  co_return parse_query_form(*body);
}

Task<http::Reply> answer_query(Call& call, const QueryProtocol& protocol, const QueryOperations& operations) {
  auto form = co_await read_query_form(call, protocol.body_limit);
  if (!form) co_return render_query_error(call, form.error(), protocol.xml_namespace);
  const std::string action(get_string(*form, "Action").value_or(""));
  if (action.empty()) {
    co_return render_query_error(call,
                                 WireError{400, "MissingAction", "The request must contain the parameter Action."},
                                 protocol.xml_namespace);
  }
  const auto found = operations.find(action);
  if (found == operations.end()) co_return render_query_error(call, not_implemented(action), protocol.xml_namespace);
  auto result = co_await found->second(call, std::move(*form));
  if (!result) co_return render_query_error(call, result.error(), protocol.xml_namespace);
  co_return render_query_reply(call, action, protocol.xml_namespace, *result);
}

}  // namespace ads::cloud
