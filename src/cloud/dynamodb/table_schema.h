// Reading a table's schema from CreateTable and UpdateTable, with every rule that AWS has about it.
#pragma once
#include "base/json.h"
#include "cloud/dynamodb/shape.h"
#include "cloud/dynamodb/table.h"
#include "cloud/wire_error.h"

namespace ads::cloud::dynamodb {

// The model's members.
Member attribute_definitions_member();
Member throughput_member(std::string_view name);
Member index_member(std::string_view name, Index::Kind kind);

using Definitions = std::vector<std::pair<std::string, Type>>;
Definitions read_definitions(const json::object& request);
Throughput read_throughput(const json::object& owner);  // zero where absent

// KeySchema against the definitions. `keys` as the wire has it.
Outcome<KeySchema> read_key_schema(const json::array& keys, const Definitions& definitions);
// One index, number not yet set.
Outcome<Index> read_index(const json::object& request, Index::Kind kind, const Definitions& definitions,
                          Table::Billing billing);
// Everything of CreateTable that describes the table itself; no number, id or date yet.
Outcome<Table> read_table(const json::object& request);
// Which definitions no key uses: an error.
Outcome<void> check_definitions_used(const Table& table);

Outcome<void> check_throughput(const json::object& request, Table::Billing billing);
// SSEDescription for an SSESpecification; empty where encryption is AWS's own.
json::object describe_encryption(const json::object& request, std::string_view account, std::string_view region);
// Members that this service refuses by name when they ask for something.
Outcome<void> check_supported(const json::object& request);

}  // namespace ads::cloud::dynamodb
