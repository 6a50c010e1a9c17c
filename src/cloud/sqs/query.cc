// The Query protocol in front of the same operations, for clients older than SQS's JSON protocol (boto3 below 1.28).
//   MessageAttribute.1.Name=n&MessageAttribute.1.Value.DataType=String  <->  {"MessageAttributes": {"n": {"DataType":
//   ..}}} SendMessageBatchRequestEntry.1.Id=a                                 <->  {"Entries": [{"Id": "a"}]}
#include "cloud/query_protocol.h"
#include "cloud/sqs/actions.h"
#include "cloud/sqs/errors.h"

namespace ads::cloud::sqs {
namespace {

struct Rename {
  std::string_view form, model;
};
constexpr Rename kLists[] = {
    {"AttributeName", "AttributeNames"},
    {"MessageAttributeName", "MessageAttributeNames"},
    {"MessageSystemAttributeName", "MessageSystemAttributeNames"},
    {"TagKey", "TagKeys"},
    {"AWSAccountId", "AWSAccountIds"},
    {"ActionName", "Actions"},
    {"SendMessageBatchRequestEntry", "Entries"},
    {"DeleteMessageBatchRequestEntry", "Entries"},
    {"ChangeMessageVisibilityBatchRequestEntry", "Entries"},
};
constexpr Rename kMaps[] = {
    {"Attribute", "Attributes"},
    {"MessageAttribute", "MessageAttributes"},
    {"MessageSystemAttribute", "MessageSystemAttributes"},
};

// [{"Name": n, "Value": v}] -> {n: v}
json::object to_map(const json::value& pairs, std::string_view key_name) {
  json::object map;
  const auto* array = pairs.if_array();
  if (!array) return map;
  for (const auto& pair : *array) {
    const auto* object = pair.if_object();
    const auto key = object ? get_string(*object, key_name) : std::nullopt;
    const auto* value = object ? object->if_contains("Value") : nullptr;
    if (key) map[*key] = value ? *value : json::value("");
  }
  return map;
}

json::object to_model(std::string_view action, json::object form) {
  for (const auto& [name, model] : kMaps) {
    if (const auto* pairs = form.if_contains(name)) {
      auto map = to_map(*pairs, "Name");
      form.erase(name);
      form[model] = std::move(map);
    }
  }
  if (const auto* pairs = form.if_contains("Tag")) {
    auto map = to_map(*pairs, "Key");
    form.erase("Tag");
    form[action == "CreateQueue" ? "tags" : "Tags"] = std::move(map);
  }
  for (const auto& [name, model] : kLists) {
    if (auto* list = form.if_contains(name)) {
      json::value value = std::move(*list);
      form.erase(name);
      if (auto* entries = value.if_array(); entries && model == "Entries") {
        for (auto& entry : *entries) {
          if (entry.is_object()) entry = to_model(action, std::move(entry.get_object()));
        }
      }
      form[model] = std::move(value);
    }
  }
  return form;
}

void write_map(XmlWriter& xml, std::string_view name, std::string_view key_name, const json::value& map) {
  if (!map.is_object()) return;
  for (const auto& member : map.get_object()) {
    xml.open(name).element(key_name, member.key());
    if (const auto* nested = member.value().if_object()) {
      xml.open("Value");
      write_members(xml, *nested);
      xml.close();
    } else {
      xml.element("Value", std::string_view(member.value().as_string()));
    }
    xml.close();
  }
}

void write_result(XmlWriter& xml, const std::string& action, const json::object& result) {
  const XmlShape shape{.maps = {},
                       .flat = {{"QueueUrls", "QueueUrl"},
                                {"queueUrls", "QueueUrl"},
                                {"Failed", "BatchResultErrorEntry"},
                                {"Results", "ListMessageMoveTasksResultEntry"}}};
  for (const auto& member : result) {
    const std::string_view name = member.key();
    const json::value& value = member.value();
    if (name == "Attributes") {
      write_map(xml, "Attribute", "Name", value);
    } else if (name == "MessageAttributes") {
      write_map(xml, "MessageAttribute", "Name", value);
    } else if (name == "Tags") {
      write_map(xml, "Tag", "Key", value);
    } else if (name == "Messages" || name == "Successful") {
      const std::string element = name == "Messages" ? "Message" : action + "ResultEntry";
      for (const auto& entry : value.as_array()) {
        xml.open(element);
        write_result(xml, action, entry.as_object());
        xml.close();
      }
    } else {
      write_members(xml, json::object{{name, value}}, shape);
    }
  }
}

bool has_result(std::string_view action) {
  static const std::set<std::string_view> without = {
      "AddPermission",    "ChangeMessageVisibility", "DeleteMessage", "DeleteQueue", "PurgeQueue",
      "RemovePermission", "SetQueueAttributes",      "TagQueue",      "UntagQueue"};
  return !without.contains(action);
}

Task<Outcome<std::string>> run(const Operation& operation, std::string action, Call& call, json::object form) {
  // The request may be sent to the queue's own address.
  if (!form.contains("QueueUrl")) {
    const std::string_view path = http::split_target(call.request.head.target).first;
    if (path.size() > 1) form["QueueUrl"] = path;
  }
  auto result = co_await operation(call, to_model(action, std::move(form)));
  if (!result) co_return refuse(for_query(result.error()));
  XmlWriter xml;
  write_result(xml, action, *result);
  std::string inner = xml.take();
  // An empty <..Result/> is still there: old clients look for it.
  if (inner.empty() && has_result(action)) inner = "\n";
  co_return inner;
}

}  // namespace

QueryOperations query_operations(const Operations& operations) {
  QueryOperations table;
  for (const auto& [name, operation] : operations) {
    table[name] = [&operation, name](Call& call, json::object form) {
      return run(operation, name, call, std::move(form));
    };
  }
  return table;
}

}  // namespace ads::cloud::sqs
