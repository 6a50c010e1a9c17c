// Writes DynamoDB's update expressions: each attribute's name gets a placeholder, since many are reserved words.
#pragma once
#include <fmt/core.h>

#include <string>
#include <string_view>

#include "aws/dynamodb/dynamodb.h"
#include "function/run_item.h"

namespace ads::function {

inline aws::dynamodb::Item item_key(std::string id) {
  return {{std::string(kItemKey), aws::dynamodb::AttributeValue(std::move(id))}};
}

class ItemUpdate {
 public:
  ItemUpdate(std::string table, std::string id) {
    input_.table = std::move(table);
    input_.key = item_key(std::move(id));
  }
  ItemUpdate& set(std::string_view name, aws::dynamodb::AttributeValue value) {
    return assign(fmt::format("{} = {}", place(name), place(name, std::move(value))));
  }
  ItemUpdate& set_if_absent(std::string_view name, aws::dynamodb::AttributeValue value) {
    std::string attribute = place(name);
    return assign(fmt::format("{0} = if_not_exists({0}, {1})", attribute, place(name, std::move(value))));
  }
  ItemUpdate& add(std::string_view name, std::int64_t number) {
    add_ += fmt::format("{}{} {}", add_.empty() ? "" : ", ", place(name),
                        place(name, aws::dynamodb::AttributeValue(number)));
    return *this;
  }
  // `text` names attributes as #name and the values given by with() as :name.
  ItemUpdate& only_if(std::string text) {
    input_.condition = std::move(text);
    return *this;
  }
  ItemUpdate& remove(std::string_view name) {
    remove_ += fmt::format("{}{}", remove_.empty() ? "" : ", ", place(name));
    return *this;
  }
  ItemUpdate& named(std::string_view name) {
    place(name);
    return *this;
  }
  ItemUpdate& with(std::string_view name, aws::dynamodb::AttributeValue value) {
    input_.values.insert_or_assign(fmt::format(":{}", name), std::move(value));
    return *this;
  }
  aws::dynamodb::UpdateItemInput build(aws::dynamodb::ReturnValues return_values = aws::dynamodb::ReturnValues::none) {
    if (!set_.empty()) input_.update = "SET " + set_;
    if (!remove_.empty()) input_.update += (input_.update.empty() ? "REMOVE " : " REMOVE ") + remove_;
    if (!add_.empty()) input_.update += (input_.update.empty() ? "ADD " : " ADD ") + add_;
    input_.return_values = return_values;
    return std::move(input_);
  }

 private:
  ItemUpdate& assign(std::string text) {
    set_ += (set_.empty() ? "" : ", ") + std::move(text);
    return *this;
  }
  std::string place(std::string_view name) {
    std::string placeholder = fmt::format("#{}", name);
    input_.names.insert_or_assign(placeholder, std::string(name));
    return placeholder;
  }
  std::string place(std::string_view name, aws::dynamodb::AttributeValue value) {
    std::string placeholder = fmt::format(":new_{}", name);
    input_.values.insert_or_assign(placeholder, std::move(value));
    return placeholder;
  }

  aws::dynamodb::UpdateItemInput input_;
  std::string set_, remove_, add_;
};

}  // namespace ads::function
