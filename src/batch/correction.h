// Bad lines as a batch file to correct: the three columns that count, and behind them where each line was and why it is
// bad. Further columns are not read back, so that the corrected file is an ordinary batch file.
#pragma once
#include <string>
#include <string_view>

#include "batch/layout.h"
#include "batch/quarantine.h"

namespace ads::batch {

// "status_code,retry_count,service_uuid,line,reason,detail,original", with its line ending.
std::string correction_header();

// One row: of the three fields what can be found in the line by the file's layout, else they are empty. Always one line
// of valid UTF-8 without control characters, shorter than kMaxLine; what a spreadsheet would take for a formula is not
// one.
std::string correction_row(const BadLine& bad, const Layout& layout);

}  // namespace ads::batch
