// The tables that exist, per region. Their definitions are few and kept in memory; their items are not.
#pragma once
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "cloud/dynamodb/table.h"
#include "cloud/store.h"

namespace ads::cloud::dynamodb {

class Catalog {
 public:
  // Reads the definitions. Throws where the store holds one that makes no sense.
  explicit Catalog(Store& store);

  Table* find(std::string_view region, std::string_view name);
  Table* find(std::uint64_t number);
  std::size_t count(std::string_view region) const;
  // Up to `most` tables' names of a region in order, after `after`.
  std::vector<std::string> names_after(std::string_view region, std::string_view after, std::size_t most) const;
  std::vector<std::uint64_t> numbers() const;

  // A number that no table or index had before; the batch remembers it.
  std::uint64_t next_number(Batch& batch);

  // Writes the definition into the batch; add() once that is applied.
  void save(Batch& batch, const Table& table) const;
  Table& add(Table table);
  // Removes the definition and everything stored under the table in the batch; forget() once that is applied.
  void erase(Batch& batch, const Table& table) const;
  void forget(const Table& table);

 private:
  Store& store_;
  std::map<std::string, std::map<std::string, std::unique_ptr<Table>, std::less<>>, std::less<>> regions_;
  std::map<std::uint64_t, Table*> by_number_;
  std::uint64_t last_number_ = 0;
};

}  // namespace ads::cloud::dynamodb
