// What happens to a record: another try, or a look at the user.
#pragma once
#include "batch/record.h"

namespace ads::batch {

enum class Route { retry, lookup };

// 500-599 with retry_count <= max_retries go to the retry queue; everything else is looked up.
Route route(int status_code, int retry_count, int max_retries);
inline Route route(const Record& record, int max_retries) {
  return route(record.status_code, record.retry_count, max_retries);
}

}  // namespace ads::batch
