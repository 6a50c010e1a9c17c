#include "cloud/dynamodb/service.h"

#include "base/checksum.h"
#include "cloud/dynamodb/access.h"
#include "cloud/dynamodb/actions/actions.h"
#include "cloud/dynamodb/background.h"
#include "cloud/dynamodb/errors.h"
#include "cloud/dynamodb/resource_types.h"
#include "cloud/dynamodb/value_json.h"

namespace ads::cloud::dynamodb {
namespace {

constexpr std::string_view kTargetPrefix = "DynamoDB_20120810.";
constexpr std::size_t kLargestBody = 16u << 20;

struct Row {
  Action* action;
  Resource resource;
};
const std::map<std::string_view, Row> kActions = {
    {"BatchGetItem", {batch_get_item, {On::batch, "RequestItems"}}},
    {"BatchWriteItem", {batch_write_item, {On::batch, "RequestItems"}}},
    {"CreateTable", {create_table, {On::table, "TableName"}}},
    {"DeleteItem", {delete_item, {On::item, "Key"}}},
    {"DeleteTable", {delete_table, {On::table, "TableName"}}},
    {"DescribeContinuousBackups", {describe_continuous_backups, {On::table, "TableName"}}},
    {"DescribeEndpoints", {describe_endpoints, On::everything}},
    {"DescribeLimits", {describe_limits, On::everything}},
    {"DescribeTable", {describe_table, {On::table, "TableName"}}},
    {"DescribeTimeToLive", {describe_time_to_live, {On::table, "TableName"}}},
    {"GetItem", {get_item, {On::item, "Key"}}},
    {"ListTables", {list_tables, On::every_table}},
    {"ListTagsOfResource", {list_tags_of_resource, {On::table, "ResourceArn"}}},
    {"PutItem", {put_item, {On::item, "Item"}}},
    {"Query", {query, On::query}},
    {"Scan", {scan, On::scan}},
    {"TagResource", {tag_resource, {On::table, "ResourceArn"}}},
    {"TransactGetItems", {transact_get_items, {On::transaction, "TransactItems"}}},
    {"TransactWriteItems", {transact_write_items, {On::transaction, "TransactItems"}}},
    {"UntagResource", {untag_resource, {On::table, "ResourceArn"}}},
    {"UpdateContinuousBackups", {update_continuous_backups, {On::table, "TableName"}}},
    {"UpdateItem", {update_item, {On::item, "Key"}}},
    {"UpdateTable", {update_table, {On::table, "TableName"}}},
    {"UpdateTimeToLive", {update_time_to_live, {On::table, "TableName"}}},
};

// AWS's other operations: refused by name, where an invented name is an UnknownOperationException.
constexpr std::string_view kRefusedOperations[] = {"BatchExecuteStatement",
                                                   "CreateBackup",
                                                   "CreateGlobalTable",
                                                   "DeleteBackup",
                                                   "DeleteResourcePolicy",
                                                   "DescribeBackup",
                                                   "DescribeContributorInsights",
                                                   "DescribeExport",
                                                   "DescribeGlobalTable",
                                                   "DescribeGlobalTableSettings",
                                                   "DescribeImport",
                                                   "DescribeKinesisStreamingDestination",
                                                   "DescribeTableReplicaAutoScaling",
                                                   "DisableKinesisStreamingDestination",
                                                   "EnableKinesisStreamingDestination",
                                                   "ExecuteStatement",
                                                   "ExecuteTransaction",
                                                   "ExportTableToPointInTime",
                                                   "GetResourcePolicy",
                                                   "ImportTable",
                                                   "ListBackups",
                                                   "ListContributorInsights",
                                                   "ListExports",
                                                   "ListGlobalTables",
                                                   "ListImports",
                                                   "PutResourcePolicy",
                                                   "RestoreTableFromBackup",
                                                   "RestoreTableToPointInTime",
                                                   "UpdateContributorInsights",
                                                   "UpdateGlobalTable",
                                                   "UpdateGlobalTableSettings",
                                                   "UpdateKinesisStreamingDestination",
                                                   "UpdateTableReplicaAutoScaling"};

Outcome<Action*> find_action(std::string_view operation) {
  if (auto found = kActions.find(operation); found != kActions.end()) return found->second.action;
  if (std::find(std::begin(kRefusedOperations), std::end(kRefusedOperations), operation) !=
      std::end(kRefusedOperations))
    return refuse(not_implemented("DynamoDB's " + std::string(operation)));
  return refuse(400, "UnknownOperationException", "");
}

std::string_view error_namespace(std::string_view code) {
  if (code == "ValidationException") return "com.amazon.coral.validate#";
  if (code == "SerializationException" || code == "UnknownOperationException" || code == "AccessDeniedException")
    return "com.amazon.coral.service#";
  return "com.amazonaws.dynamodb.v20120810#";
}

// {"__type": "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException", "message": "..."}
std::string render(const WireError& error) {
  json::object body = error.fields;
  body["__type"] = std::string(error_namespace(error.code)) + error.code;
  // AWS spells it so in these, and boto3 reads the CancellationReasons beside it.
  const bool is_capital = error.code == "SerializationException" || error.code == "TransactionCanceledException" ||
                          error.code == "AccessDeniedException";
  if (!error.message.empty()) body[is_capital ? "Message" : "message"] = error.message;
  return json::serialize(body);
}

http::Reply reply_with(const Call& call, int status, std::string body) {
  http::Reply reply{status};
  reply.headers = {{"Content-Type", "application/x-amz-json-1.0"},
                   {"x-amzn-RequestId", call.request_id},
                   {"x-amz-crc32", std::to_string(crc32(body))}};
  reply.body = std::move(body);
  return reply;
}

http::Reply reply_with(const Call& call, const WireError& error) {
  http::Reply reply = reply_with(call, error.status, render(error));
  reply.headers.set("x-amzn-errortype", error.code);
  return reply;
}

}  // namespace

struct DynamoDb::State {
  explicit State(Environment& e)
      : environment(e), catalog(e.store), background(e.executor, e.store, catalog, e.clock), tasks(e.executor) {}

  Environment& environment;
  Catalog catalog;
  Background background;
  TaskGroup tasks;

  Outcome<std::string> perform(Context& context, std::string_view operation, const json::value& request) {
    auto action = find_action(operation);
    if (!action) return refuse(action.error());
    if (!request.is_object())
      return refuse(serialization("Start of structure or map expected at the beginning of the payload"));
    return (*action)(context, request.get_object());
  }

  // The parsed request lives on the stack where it fits, and no longer than the action.
  Outcome<std::string> perform_text(const Call& call, Context& context, std::string_view operation,
                                    std::string_view body) {
    unsigned char buffer[16384];
    json::monotonic_resource memory(buffer, sizeof buffer);
    auto request = parse_text(body.empty() ? "{}" : body, &memory);
    if (!request) return refuse(request.error());
    if (const auto row = kActions.find(operation); row != kActions.end() && request->is_object())
      if (auto allowed = authorize(call, context, operation, row->second.resource, request->get_object()); !allowed)
        return refuse(allowed.error());
    return perform(context, operation, *request);
  }

  Context context(std::string_view account, std::string_view region, SystemTime now) {
    std::string_view endpoint = environment.endpoint;
    if (auto scheme = endpoint.find("://"); scheme != endpoint.npos) endpoint.remove_prefix(scheme + 3);
    return {environment.store, catalog, account, region, endpoint, now, [this] { background.ring(); }};
  }
};

DynamoDb::DynamoDb(Environment& environment) : state_(std::make_unique<State>(environment)) {}
DynamoDb::~DynamoDb() = default;

Task<void> DynamoDb::start() {
  state_->tasks.spawn("dynamodb background", state_->background.run());
  co_return;
}

Task<void> DynamoDb::stop() {
  co_await state_->tasks.stop();
}

ResourceTypes DynamoDb::resource_types() {
  ResourceTypes types;
  types.push_back(make_table_type(*this, state_->environment));
  return types;
}

Result<bool> DynamoDb::work() {
  return state_->background.step();
}

Task<http::Reply> DynamoDb::answer(Call& call) {
  const http::Request& head = call.request.head;
  if (head.method == "GET") {
    http::Reply healthy = reply_with(call, 200, "healthy: dynamodb." + call.region + ".amazonaws.com ");
    healthy.headers.set("Content-Type", "text/plain");
    co_return healthy;
  }
  const std::string_view target = head.headers.get_or("X-Amz-Target", "");
  const bool is_ours = target.starts_with(kTargetPrefix);
  if (!is_ours) co_return reply_with(call, WireError{400, "UnknownOperationException", ""});
  const std::string operation(target.substr(kTargetPrefix.size()));
  auto body = co_await call.request.body.read_all(kLargestBody);
  if (!body) {
    const bool is_large = body.error().code == "RequestBodyTooLarge";
    co_return reply_with(call, {is_large ? 413 : 400, is_large ? "RequestEntityTooLarge" : "SerializationException",
                                body.error().message});
  }
  Context context = state_->context(call.account, call.region, call.now);
  Outcome<std::string> reply = state_->perform_text(call, context, operation, *body);
  if (context.wrote)
    if (auto durable = co_await state_->environment.store.durable(); !durable)
      reply = refuse(internal_failure(durable.error()));
  if (!reply) co_return reply_with(call, reply.error());
  co_return reply_with(call, 200, *std::move(reply));
}

Task<Outcome<std::string>> DynamoDb::call(std::string region, std::string operation, json::object request) {
  Context context = state_->context(state_->environment.account, region, state_->environment.clock.now());
  Outcome<std::string> reply = state_->perform(context, operation, request);
  if (context.wrote)
    if (auto durable = co_await state_->environment.store.durable(); !durable)
      co_return refuse(internal_failure(durable.error()));
  co_return reply;
}

}  // namespace ads::cloud::dynamodb
