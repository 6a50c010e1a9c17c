// The parts of AWS's wire protocols that clients share: error bodies, form bodies, XML.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"
#include "http/message.h"

namespace pugi {
class xml_node;
class xml_document;
}  // namespace pugi

namespace ads::aws {

enum class Protocol { json, query, rest_xml, rest_json };

// What the caller of a failed operation may do next.
ErrorKind error_kind(int status, std::string_view code);

// The error in an answer with a status of 300 or more:
//   json       {"__type": "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException", "message": "..."}
//   query      <ErrorResponse><Error><Code/><Message/></Error>...
//   rest_xml   <Error><Code/><Message/></Error>; HEAD has no body, the status speaks
//   rest_json  x-amzn-errortype: Code:http://..., {"message": ...}
// The code is the wire's name without its namespace; "HTTP 503" where the body says nothing.
Error decode_error(Protocol protocol, const http::Response& response);

// application/x-www-form-urlencoded, in the order added.
class Form {
 public:
  Form(std::string_view action, std::string_view version);
  Form& add(std::string_view name, std::string_view value);
  Form& add_if(std::string_view name, const std::optional<std::string>& value);
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

// Errors: corrupt / "MalformedAnswer".
Result<void> parse_xml(std::string_view text, pugi::xml_document& document);
std::string xml_text(const pugi::xml_node& node, const char* child);
std::string escape_xml_text(std::string_view text);

}  // namespace ads::aws
