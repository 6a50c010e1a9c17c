#include "cloud/sqs/query.h"

#include "cloud/query_protocol.h"
#include "http/message.h"

namespace ads::cloud::sqs {
namespace {

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

void write_result(XmlWriter& xml, std::string_view action, const json::object& result) {
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
      const std::string element = name == "Messages" ? "Message" : std::string(action) + "ResultEntry";
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

}  // namespace

void add_queue_url(const Call& call, operations::FormTree& form) {
  if (form.contains("QueueUrl")) return;
  const auto path = http::split_target(call.request.head.target).first;
  if (path.size() > 1) form["QueueUrl"] = path;
}

std::string render_result(std::string_view operation, const json::object& result) {
  XmlWriter xml;
  write_result(xml, operation, result);
  return xml.take();
}

}  // namespace ads::cloud::sqs
