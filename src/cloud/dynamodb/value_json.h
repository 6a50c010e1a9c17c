// Attribute values in the wire's JSON: {"S": "text"}, {"N": "12.5"}, {"M": {"name": {"BOOL": true}}}.
#pragma once
#include <string>
#include <string_view>

#include "base/json.h"
#include "cloud/dynamodb/value.h"
#include "cloud/wire_error.h"

namespace ads::cloud::dynamodb {

// Parses a request body or stored text; deep enough for 32 levels of nesting. `storage` must outlive the value.
// Errors: SerializationException.
Outcome<json::value> parse_text(std::string_view text, json::storage_ptr storage = {});

// Checks and reads what a client sent; numbers become canonical, sets sorted.
// Errors: SerializationException for a wrong JSON type, ValidationException for everything else, in AWS's words.
Outcome<Value> read_value(const json::value& json);
Outcome<Attributes> read_attributes(const json::value& json);

// Reads text that write_attributes made; throws where the store is damaged.
Attributes read_stored(std::string_view text);

void write_string(std::string& out, std::string_view text);  // quoted and escaped
void write_value(std::string& out, const Value& value);
void write_attributes(std::string& out, const Attributes& attributes);
std::string to_json(const Attributes& attributes);

}  // namespace ads::cloud::dynamodb
