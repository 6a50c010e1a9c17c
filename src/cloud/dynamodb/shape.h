// The model's constraints on a request, checked before anything else, and told all at once as AWS does.
#pragma once
#include <optional>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "cloud/wire_error.h"

namespace ads::cloud::dynamodb {

struct Member {
  enum Kind {
    text,
    name,                // of a table or an index: 3..255 characters of a-z A-Z 0-9 _ . -
    control_table_name,  // the same, and required, with the other words that control operations have for it
    integer,
    number,
    boolean,
    list,
    structure,
    map,
    values,  // a map of attribute values: its content is read_attributes' affair
  };
  std::string_view member;
  Kind kind = text;
  bool is_required = false;
  std::optional<std::int64_t> least = {}, most = {};  // an integer's value; the length of everything else
  std::vector<std::string_view> one_of = {};
  std::vector<Member> members = {};  // a structure's; the one element of a list or a map
};
using Shape = std::vector<Member>;

// Errors: SerializationException for a wrong JSON type; ValidationException
// "2 validation errors detected: Value 'x' at 'limit' failed to satisfy constraint: ...; Value ...".
Outcome<void> check_shape(const json::object& request, const Shape& shape);

// Members that several requests share.
Member table_name();
Member return_consumed_capacity();
Member return_item_collection_metrics();
Member key_schema();
Member expression_names();

}  // namespace ads::cloud::dynamodb
