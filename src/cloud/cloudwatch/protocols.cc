#include "cloud/cloudwatch/protocols.h"

#include <zlib.h>

#include "base/clock.h"
#include "cloud/cloudwatch/cbor.h"
#include "cloud/query_protocol.h"

namespace ads::cloud::cloudwatch {
namespace {

constexpr std::string_view kNamespace = "http://monitoring.amazonaws.com/doc/2010-08-01/";
constexpr std::string_view kTarget = "GraniteServiceVersion20100801.";
constexpr std::string_view kPath = "/service/GraniteServiceVersion20100801/operation/";
constexpr std::string_view kErrorPrefix = "com.amazonaws.cloudwatch#";
constexpr std::string_view kJson = "application/x-amz-json-1.0";
constexpr std::size_t kBodyLimit = 2u << 20;

// Errors: invalid, for a broken stream and for more than `limit` bytes.
Result<std::string> gunzip(std::string_view bytes, std::size_t limit) {
  z_stream stream{};
  if (inflateInit2(&stream, 15 + 16) != Z_OK) return fail(ErrorKind::unavailable, "NoMemory", "zlib has no memory.");
  std::string out(limit + 1, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int status = inflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  inflateEnd(&stream);
  if (status != Z_STREAM_END || out.size() > limit) {
    return fail(ErrorKind::invalid, "MalformedInput", "The gzipped body is broken or too large.");
  }
  return out;
}

Task<Outcome<std::string>> read_body(Call& call) {
  auto body = co_await call.request.body.read_all(kBodyLimit);
  if (body && call.request.head.headers.get_or("content-encoding", "") == "gzip") body = gunzip(*body, kBodyLimit);
  if (!body) {
    if (body.error().code == "RequestBodyTooLarge") {
      co_return refuse(413, "RequestEntityTooLarge", fmt::format("Request must be smaller than {} bytes", kBodyLimit));
    }
    co_return refuse(400, "MalformedInput", body.error().message);
  }
  co_return *std::move(body);
}

Task<Outcome<json::object>> run(Call& call, const Operations& operations, std::string name, json::object input) {
  const auto found = operations.find(name);
  if (found == operations.end()) co_return refuse(not_implemented(name));
  co_return co_await found->second(call, std::move(input));
}

// XML has text only: timestamps in ISO 8601, doubles without an exponent where they need none.
json::value for_xml(const json::value& value) {
  if (const auto* time = as_timestamp(value)) {
    return json::string(iso8601(SystemTime(std::chrono::milliseconds(time->as_int64()))));
  }
  if (value.is_double()) return json::string(fmt::format("{}", value.as_double()));
  if (const auto* array = value.if_array()) {
    json::array out;
    for (const auto& element : *array) out.push_back(for_xml(element));
    return out;
  }
  if (const auto* object = value.if_object()) {
    json::object out;
    for (const auto& [name, member] : *object) out[name] = for_xml(member);
    return out;
  }
  return value;
}

json::value for_json(const json::value& value) {
  if (const auto* time = as_timestamp(value)) return static_cast<double>(time->as_int64()) / 1000.0;
  if (const auto* array = value.if_array()) {
    json::array out;
    for (const auto& element : *array) out.push_back(for_json(element));
    return out;
  }
  if (const auto* object = value.if_object()) {
    json::object out;
    for (const auto& [name, member] : *object) out[name] = for_json(member);
    return out;
  }
  return value;
}

bool has_no_result(std::string_view operation) {
  static const std::set<std::string_view> kNone = {"PutMetricData", "PutMetricAlarm",     "DeleteAlarms",
                                                   "SetAlarmState", "EnableAlarmActions", "DisableAlarmActions"};
  return kNone.contains(operation);
}

Task<http::Reply> answer_query_form(Call& call, const Operations& operations) {
  std::string form(http::split_target(call.request.head.target).second);
  if (call.request.head.method != "GET") {
    auto body = co_await read_body(call);
    if (!body) co_return render_query_error(call, body.error(), kNamespace);
    form = *std::move(body);
  }
  auto input = parse_query_form(form);
  if (!input) co_return render_query_error(call, input.error(), kNamespace);
  const std::string name(get_string(*input, "Action").value_or(""));
  if (name.empty()) {
    co_return render_query_error(call, {400, "MissingAction", "The request must contain the parameter Action."},
                                 kNamespace);
  }
  auto result = co_await run(call, operations, name, *std::move(input));
  if (!result) co_return render_query_error(call, result.error(), kNamespace);
  XmlWriter xml;
  write_members(xml, for_xml(*result).as_object());
  auto members = xml.take();
  if (members.empty() && !has_no_result(name)) members = "\n";
  co_return render_query_reply(call, name, kNamespace, members);
}

http::Reply cbor_reply(const Call& call, int status, const json::value& body) {
  http::Reply reply{.status = status};
  reply.headers.set("Content-Type", "application/cbor");
  reply.headers.set("smithy-protocol", "rpc-v2-cbor");
  reply.headers.set("x-amzn-RequestId", call.request_id);
  reply.body = write_cbor(body);
  return reply;
}

http::Reply cbor_error(const Call& call, const WireError& error) {
  auto reply = cbor_reply(call, error.status,
                          json::object{{"__type", std::string(kErrorPrefix) + error.code}, {"message", error.message}});
  // Clients that once spoke Query keep the code they knew.
  reply.headers.set("x-amzn-query-error", fmt::format("{};{}", error.code, error.status < 500 ? "Sender" : "Receiver"));
  return reply;
}

Task<http::Reply> answer_cbor(Call& call, const Operations& operations, std::string name) {
  auto body = co_await read_body(call);
  if (!body) co_return cbor_error(call, body.error());
  json::object input;
  if (!body->empty()) {
    auto parsed = read_cbor(*body);
    if (!parsed || !parsed->is_object()) {
      co_return cbor_error(call, {400, "SerializationException", "The request body is not a CBOR map."});
    }
    input = std::move(parsed->as_object());
  }
  auto result = co_await run(call, operations, std::move(name), std::move(input));
  if (!result) co_return cbor_error(call, result.error());
  co_return cbor_reply(call, 200, *result);
}

Task<http::Reply> answer_json_body(Call& call, const Operations& operations, std::string name) {
  auto body = co_await read_body(call);
  if (!body) co_return render_json_error(call, body.error(), kErrorPrefix, kJson);
  auto parsed = parse_json_object(body->empty() ? "{}" : std::string_view(*body));
  if (!parsed) {
    co_return render_json_error(call, {400, "SerializationException", parsed.error().message}, kErrorPrefix, kJson);
  }
  auto result = co_await run(call, operations, std::move(name), *std::move(parsed));
  if (!result) {
    auto reply = render_json_error(call, result.error(), kErrorPrefix, kJson);
    reply.headers.set("x-amzn-query-error",
                      fmt::format("{};{}", result.error().code, result.error().status < 500 ? "Sender" : "Receiver"));
    co_return reply;
  }
  co_return json_reply(call, for_json(*result), kJson);
}

}  // namespace

Task<http::Reply> answer_any(Call& call, const Operations& operations) {
  const auto& head = call.request.head;
  const auto path = http::split_target(head.target).first;
  if (path.starts_with(kPath)) return answer_cbor(call, operations, std::string(path.substr(kPath.size())));
  const auto target = head.headers.get_or("X-Amz-Target", "");
  if (target.starts_with(kTarget))
    return answer_json_body(call, operations, std::string(target.substr(kTarget.size())));
  return answer_query_form(call, operations);
}

}  // namespace ads::cloud::cloudwatch
