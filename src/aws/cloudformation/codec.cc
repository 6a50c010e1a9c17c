#include "aws/cloudformation/codec.h"

#include <fmt/format.h>

#include <pugixml.hpp>

namespace ads::aws::cloudformation {
namespace {

// <DescribeStacksResponse><DescribeStacksResult>...</DescribeStacksResult></DescribeStacksResponse>
Result<pugi::xml_node> result_of(std::string_view xml, pugi::xml_document& document) {
  if (auto parsed = parse_xml(xml, document); !parsed) return fail(parsed.error());
  for (auto child : document.document_element().children())
    if (std::string_view(child.name()).ends_with("Result")) return child;
  return fail(ErrorKind::corrupt, "MalformedAnswer",
              fmt::format("CloudFormation: <{}> has no result", document.document_element().name()));
}

Text optional_text(const pugi::xml_node& node, const char* child) {
  auto text = xml_text(node, child);
  return text.empty() ? std::nullopt : Text(std::move(text));
}

std::optional<SystemTime> time_of(const pugi::xml_node& node, const char* child) {
  auto time = parse_iso8601(xml_text(node, child));
  return time ? std::optional(*time) : std::nullopt;
}

std::vector<std::string> texts(const pugi::xml_node& list) {
  std::vector<std::string> out;
  for (auto entry : list.children("member")) out.emplace_back(entry.child_value());
  return out;
}

Stack stack_of(const pugi::xml_node& node) {
  Stack out{xml_text(node, "StackId"),
            xml_text(node, "StackName"),
            xml_text(node, "StackStatus"),
            xml_text(node, "StackStatusReason"),
            {},
            {},
            {},
            time_of(node, "CreationTime"),
            time_of(node, "LastUpdatedTime"),
            xml_text(node, "EnableTerminationProtection") == "true"};
  for (auto entry : node.child("Parameters").children("member"))
    out.parameters.push_back({xml_text(entry, "ParameterKey"), xml_text(entry, "ParameterValue")});
  for (auto entry : node.child("Outputs").children("member"))
    out.outputs.push_back({xml_text(entry, "OutputKey"), xml_text(entry, "OutputValue"), xml_text(entry, "Description"),
                           xml_text(entry, "ExportName")});
  for (auto entry : node.child("Tags").children("member")) out.tags[xml_text(entry, "Key")] = xml_text(entry, "Value");
  return out;
}

// <ResourceChange><Action/>...<Details><member><Target><Attribute/><Name/>...</Target></member></Details>
Change change_of(const pugi::xml_node& node) {
  Change out{xml_text(node, "Action"),
             xml_text(node, "LogicalResourceId"),
             xml_text(node, "PhysicalResourceId"),
             xml_text(node, "ResourceType"),
             xml_text(node, "Replacement"),
             xml_text(node, "PolicyAction"),
             {}};
  for (auto entry : node.child("Details").children("member")) {
    auto target = entry.child("Target");
    out.details.push_back({xml_text(target, "Attribute"), xml_text(target, "Name"), xml_text(target, "Path"),
                           xml_text(target, "RequiresRecreation"), optional_text(target, "BeforeValue"),
                           optional_text(target, "AfterValue")});
  }
  return out;
}

}  // namespace

Form form(std::string_view action) {
  return Form(action, "2010-05-15");
}

Form encode(const CreateChangeSetInput& input) {
  auto out = form("CreateChangeSet");
  out.add("StackName", input.stack_name).add("ChangeSetName", input.change_set_name);
  out.add("ChangeSetType", input.type == ChangeSetType::create ? "CREATE" : "UPDATE");
  out.add_if("TemplateBody", input.template_body).add_if("TemplateURL", input.template_url);
  int number = 0;
  for (auto& parameter : input.parameters) {
    auto entry = fmt::format("Parameters.member.{}.", ++number);
    out.add(entry + "ParameterKey", parameter.key);
    if (parameter.value) {
      out.add(entry + "ParameterValue", *parameter.value);
    } else {
      out.add(entry + "UsePreviousValue", "true");
    }
  }
  number = 0;
  for (auto& capability : input.capabilities) out.add(fmt::format("Capabilities.member.{}", ++number), capability);
  number = 0;
  for (auto& [key, value] : input.tags) {
    auto entry = fmt::format("Tags.member.{}.", ++number);
    out.add(entry + "Key", key).add(entry + "Value", value);
  }
  out.add_if("Description", input.description).add_if("ClientToken", input.client_token);
  if (input.imports_existing) out.add("ImportExistingResources", "true");
  return out;
}

Result<CreateChangeSetOutput> decode_create_change_set(std::string_view xml) {
  pugi::xml_document document;
  auto result = result_of(xml, document);
  if (!result) return fail(result.error());
  return CreateChangeSetOutput{xml_text(*result, "Id"), xml_text(*result, "StackId")};
}

Result<DescribeChangeSetOutput> decode_describe_change_set(std::string_view xml) {
  pugi::xml_document document;
  auto result = result_of(xml, document);
  if (!result) return fail(result.error());
  DescribeChangeSetOutput out;
  out.id = xml_text(*result, "ChangeSetId");
  out.name = xml_text(*result, "ChangeSetName");
  out.stack_id = xml_text(*result, "StackId");
  out.stack_name = xml_text(*result, "StackName");
  out.status = xml_text(*result, "Status");
  out.execution_status = xml_text(*result, "ExecutionStatus");
  out.status_reason = xml_text(*result, "StatusReason");
  for (auto entry : result->child("Changes").children("member")) {
    if (auto change = entry.child("ResourceChange")) out.changes.push_back(change_of(change));
  }
  out.next_token = optional_text(*result, "NextToken");
  return out;
}

Result<DescribeStacksOutput> decode_describe_stacks(std::string_view xml) {
  pugi::xml_document document;
  auto result = result_of(xml, document);
  if (!result) return fail(result.error());
  DescribeStacksOutput out;
  for (auto entry : result->child("Stacks").children("member")) out.stacks.push_back(stack_of(entry));
  out.next_token = optional_text(*result, "NextToken");
  return out;
}

Result<ListStacksOutput> decode_list_stacks(std::string_view xml) {
  pugi::xml_document document;
  auto result = result_of(xml, document);
  if (!result) return fail(result.error());
  ListStacksOutput out;
  for (auto entry : result->child("StackSummaries").children("member"))
    out.stacks.push_back({xml_text(entry, "StackId"), xml_text(entry, "StackName"), xml_text(entry, "StackStatus"),
                          time_of(entry, "CreationTime"), time_of(entry, "DeletionTime")});
  out.next_token = optional_text(*result, "NextToken");
  return out;
}

Result<DescribeStackEventsOutput> decode_describe_stack_events(std::string_view xml) {
  pugi::xml_document document;
  auto result = result_of(xml, document);
  if (!result) return fail(result.error());
  DescribeStackEventsOutput out;
  for (auto entry : result->child("StackEvents").children("member"))
    out.events.push_back({xml_text(entry, "EventId"), xml_text(entry, "StackId"), xml_text(entry, "LogicalResourceId"),
                          xml_text(entry, "PhysicalResourceId"), xml_text(entry, "ResourceType"),
                          xml_text(entry, "ResourceStatus"), xml_text(entry, "ResourceStatusReason"),
                          time_of(entry, "Timestamp")});
  out.next_token = optional_text(*result, "NextToken");
  return out;
}

Result<std::vector<StackResource>> decode_describe_stack_resources(std::string_view xml) {
  pugi::xml_document document;
  auto result = result_of(xml, document);
  if (!result) return fail(result.error());
  std::vector<StackResource> out;
  for (auto entry : result->child("StackResources").children("member"))
    out.push_back({xml_text(entry, "LogicalResourceId"), xml_text(entry, "PhysicalResourceId"),
                   xml_text(entry, "ResourceType"), xml_text(entry, "ResourceStatus"),
                   xml_text(entry, "ResourceStatusReason"), time_of(entry, "Timestamp")});
  return out;
}

Result<ValidateTemplateOutput> decode_validate_template(std::string_view xml) {
  pugi::xml_document document;
  auto result = result_of(xml, document);
  if (!result) return fail(result.error());
  ValidateTemplateOutput out;
  out.description = xml_text(*result, "Description");
  for (auto entry : result->child("Parameters").children("member"))
    out.parameters.push_back(
        {xml_text(entry, "ParameterKey"), xml_text(entry, "DefaultValue"), xml_text(entry, "Description")});
  out.capabilities = texts(result->child("Capabilities"));
  return out;
}

Result<std::string> decode_get_template(std::string_view xml) {
  pugi::xml_document document;
  auto result = result_of(xml, document);
  if (!result) return fail(result.error());
  return xml_text(*result, "TemplateBody");
}

}  // namespace ads::aws::cloudformation
