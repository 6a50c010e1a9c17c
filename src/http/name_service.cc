#include "http/name_service.h"

#include <nss.h>

namespace ads::http {

void resolve_by_files_and_dns() {
  __nss_configure_lookup("hosts", "files dns");
}

}  // namespace ads::http
