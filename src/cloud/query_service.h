// The Query protocol's request loop: reads the form, finds the operation, runs it, renders the answer or the refusal.
#pragma once
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "base/json.h"
#include "cloud/call.h"
#include "cloud/wire_error.h"

namespace ads::cloud {

// One operation: its input as parse_query_form gives it, its output as the XML inside <OperationResult> (empty for an
// operation that has no result).
using QueryOperation = std::function<Task<Outcome<std::string>>(Call&, json::object)>;
using QueryOperations = std::map<std::string, QueryOperation, std::less<>>;

struct QueryProtocol {
  std::string_view xml_namespace;  // "https://iam.amazonaws.com/doc/2010-05-08/"
  std::size_t body_limit = 2u << 20;
};

// POST with a form, or GET with the same in the query string. Refusals: MissingAction, NotImplemented for a name that
// is not in `operations`, RequestEntityTooLarge, and the operation's own.
Task<http::Reply> answer_query(Call& call, const QueryProtocol& protocol, const QueryOperations& operations);

// The form of a request: body for POST, query string for GET.
Task<Outcome<json::object>> read_query_form(Call& call, std::size_t body_limit);

}  // namespace ads::cloud
