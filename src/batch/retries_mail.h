// The second line of a report: what became of a run's retries.
#pragma once
#include "batch/mail.h"
#include "batch/report.h"

namespace ads::batch {

// `report.retries` is set. "[ADS] RETRIES SETTLED DES_Manually_Process_...: 12 processed, 1 not active, 0 not found, 2
// dead".
Mail retries_mail(const Report& report);

}  // namespace ads::batch
