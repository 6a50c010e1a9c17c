#include "directory/entry.h"

#include "batch/csv.h"

namespace ads::directory {

const Attribute* Entry::find(std::string_view attribute) const {
  for (const Attribute& each : attributes)
    if (batch::same_name(each.name, attribute)) return &each;
  return nullptr;
}

}  // namespace ads::directory
