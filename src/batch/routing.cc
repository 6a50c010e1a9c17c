#include "batch/routing.h"

namespace ads::batch {

Route route(int status_code, int retry_count, int max_retries) {
  bool is_server_fault = status_code >= 500 && status_code <= 599;
  return is_server_fault && retry_count <= max_retries ? Route::retry : Route::lookup;
}

}  // namespace ads::batch
