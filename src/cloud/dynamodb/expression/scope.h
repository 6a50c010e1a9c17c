// ExpressionAttributeNames and ExpressionAttributeValues of one request, and which of them its expressions used.
#pragma once
#include <map>
#include <string>
#include <string_view>

#include "base/json.h"
#include "cloud/dynamodb/value.h"
#include "cloud/wire_error.h"

namespace ads::cloud::dynamodb {

class Scope {
 public:
  // Reads both members of the request. Errors: ValidationException for an empty map, a malformed key or a bad value.
  static Outcome<Scope> read(const json::object& request);

  // What "#alias" / ":placeholder" stands for, and remembers that it was used; null where it is not defined.
  const std::string* name(std::string_view alias);
  const Value* value(std::string_view placeholder);

  // Errors: ValidationException naming what no expression used. Call it after every expression was parsed.
  Outcome<void> check_all_used() const;

 private:
  template <class T>
  struct Entry {
    T content;
    bool used = false;
  };
  std::map<std::string, Entry<std::string>, std::less<>> names_;
  std::map<std::string, Entry<Value>, std::less<>> values_;
};

}  // namespace ads::cloud::dynamodb
