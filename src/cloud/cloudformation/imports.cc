#include "cloud/cloudformation/imports.h"

#include "cloud/importable_type.h"

namespace ads::cloud::cloudformation {
namespace {

constexpr std::size_t kPage = 100;

// The stack that already has the resource, by its ARN; empty where none has.
std::string owner_of(const StackStore& stacks, std::string_view region, std::string_view type,
                     std::string_view physical_id) {
  std::string after;
  for (auto page = stacks.list(region, after, kPage); !page.empty(); page = stacks.list(region, after, kPage)) {
    after = page.back().uuid;
    for (const auto& stack : page) {
      if (stack.status == "DELETE_COMPLETE") continue;
      for (const auto& [_, resource] : stacks.resources(stack)) {
        const bool is_there = resource.status != "DELETE_COMPLETE" && resource.status != "DELETE_SKIPPED";
        if (is_there && resource.type == type && resource.now.state.physical_id == physical_id) return stack.id;
      }
    }
  }
  return {};
}

void show_as_import(json::array& changes, std::string_view logical_id, const std::string& physical_id) {
  for (auto& entry : changes) {
    auto& change = entry.as_object().at("ResourceChange").as_object();
    if (get_string(change, "LogicalResourceId") != logical_id) continue;
    change["Action"] = "Import";
    change["PhysicalResourceId"] = physical_id;
  }
}

}  // namespace

Task<Outcome<std::string>> find_imports(Desk& desk, const Stack& stack, Prepared& prepared) {
  for (const auto& [logical_id, properties] : prepared.plan.additions) {
    const auto* definition = prepared.parsed.resource(logical_id);
    if (definition->deletion_policy == DeletionPolicy::remove) continue;
    ResourceContext context{.account = desk.environment.account,
                            .region = stack.region,
                            .stack_name = stack.name,
                            .stack_id = stack.id,
                            .logical_id = logical_id,
                            .tags = prepared.definition.tags};
    auto found = co_await find_named(*desk.types.at(definition->type), std::move(context), properties);
    if (!found) co_return refuse(found.error());
    if (!*found) continue;
    const auto physical_id = (*found)->physical_id;
    if (const auto owner = owner_of(desk.stacks, stack.region, definition->type, physical_id); !owner.empty()) {
      co_return fmt::format("Resource {} ({}, {}) cannot be imported: it already belongs to the stack {}.", logical_id,
                            definition->type, physical_id, owner);
    }
    show_as_import(prepared.plan.changes, logical_id, physical_id);
    prepared.imports.emplace(logical_id, physical_id);
  }
  co_return std::string();
}

}  // namespace ads::cloud::cloudformation
