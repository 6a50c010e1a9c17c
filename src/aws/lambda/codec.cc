#include "aws/lambda/codec.h"

#include "base/encoding.h"

namespace ads::aws::lambda {
namespace {

std::string member(const json::object& object, std::string_view name) {
  return std::string(get_string(object, name).value_or(""));
}

std::string_view to_wire(InvocationType type) {
  switch (type) {
    case InvocationType::request_response:
      return "RequestResponse";
    case InvocationType::event:
      return "Event";
    case InvocationType::dry_run:
      return "DryRun";
  }
  return "RequestResponse";
}

}  // namespace

std::string function_path(std::string_view function) {
  return "/2015-03-31/functions/" + percent_encode(function);
}

http::Request encode(const InvokeInput& input) {
  http::Request out{"POST", function_path(input.function) + "/invocations", {}, input.payload};
  if (input.qualifier) out.target += "?Qualifier=" + percent_encode(*input.qualifier);
  out.headers.set("Content-Type", "application/json");
  out.headers.set("X-Amz-Invocation-Type", std::string(to_wire(input.type)));
  if (input.log == LogType::tail) out.headers.set("X-Amz-Log-Type", "Tail");
  return out;
}

http::Request encode(const UpdateFunctionCodeInput& input) {
  json::object body;
  if (input.s3_bucket) {
    body["S3Bucket"] = *input.s3_bucket;
    if (input.s3_key) body["S3Key"] = *input.s3_key;
    if (input.s3_object_version) body["S3ObjectVersion"] = *input.s3_object_version;
  } else {
    body["ZipFile"] = to_base64(input.zip);
  }
  if (!input.architectures.empty()) {
    json::array list;
    for (auto& name : input.architectures) list.emplace_back(name);
    body["Architectures"] = std::move(list);
  }
  http::Request out{"PUT", function_path(input.function) + "/code", {}, json::serialize(body)};
  out.headers.set("Content-Type", "application/json");
  return out;
}

http::Request encode(const ListEventSourceMappingsInput& input) {
  http::Request out{"GET", "/2015-03-31/event-source-mappings", {}, {}};
  char separator = '?';
  for (auto& [name, value] : {std::pair("EventSourceArn", &input.event_source_arn),
                              std::pair("FunctionName", &input.function), std::pair("Marker", &input.marker)}) {
    if (!*value) continue;
    out.target.append(1, separator).append(name).append(1, '=').append(percent_encode(**value));
    separator = '&';
  }
  return out;
}

InvokeOutput decode_invoke(http::Response response) {
  InvokeOutput out;
  out.status = response.status;
  if (auto error = response.headers.get("X-Amz-Function-Error")) out.function_error = std::string(*error);
  out.executed_version = response.headers.get_or("X-Amz-Executed-Version", "");
  if (auto log = response.headers.get("X-Amz-Log-Result"))
    if (auto bytes = from_base64(*log)) out.log = std::move(*bytes);
  out.payload = std::move(response.body);
  return out;
}

FunctionConfiguration decode_configuration(const json::object& body) {
  FunctionConfiguration out;
  out.name = member(body, "FunctionName");
  out.arn = member(body, "FunctionArn");
  out.role = member(body, "Role");
  out.handler = member(body, "Handler");
  out.runtime = member(body, "Runtime");
  out.state = member(body, "State");
  out.state_reason = member(body, "StateReason");
  out.last_update_status = member(body, "LastUpdateStatus");
  out.last_update_status_reason = member(body, "LastUpdateStatusReason");
  out.code_sha256 = member(body, "CodeSha256");
  out.version = member(body, "Version");
  out.last_modified = member(body, "LastModified");
  out.memory_mb = static_cast<int>(get_integer(body, "MemorySize").value_or(0));
  out.timeout_seconds = static_cast<int>(get_integer(body, "Timeout").value_or(0));
  if (auto* list = get_array(body, "Architectures"))
    for (auto& element : *list)
      if (auto* text = element.if_string()) out.architectures.emplace_back(*text);
  if (auto* environment = get_object(body, "Environment"))
    if (auto* variables = get_object(*environment, "Variables"))
      for (auto& variable : *variables)
        if (auto* text = variable.value().if_string()) out.environment[variable.key()] = std::string(*text);
  return out;
}

// {"Configuration": {..}, "Code": {"RepositoryType": "S3", "Location": "https://.."}}
Result<GetFunctionOutput> decode_get_function(const json::object& body) {
  auto* configuration = get_object(body, "Configuration");
  if (!configuration)
    return fail(ErrorKind::corrupt, "MalformedAnswer", "Lambda GetFunction: the answer has no Configuration");
  GetFunctionOutput out{decode_configuration(*configuration), {}};
  if (auto* code = get_object(body, "Code")) out.code_location = member(*code, "Location");
  return out;
}

ListEventSourceMappingsOutput decode_list_event_source_mappings(const json::object& body) {
  ListEventSourceMappingsOutput out;
  if (auto* list = get_array(body, "EventSourceMappings"))
    for (auto& element : *list)
      if (auto* object = element.if_object())
        out.mappings.push_back({member(*object, "UUID"), member(*object, "EventSourceArn"),
                                member(*object, "FunctionArn"), member(*object, "State"),
                                static_cast<int>(get_integer(*object, "BatchSize").value_or(0))});
  if (auto marker = get_string(body, "NextMarker"); marker && !marker->empty()) out.next_marker = std::string(*marker);
  return out;
}

}  // namespace ads::aws::lambda
