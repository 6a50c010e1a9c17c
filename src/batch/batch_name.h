// The name of a batch file: which keys are one, which day it is for, and what the file is called afterwards.
#pragma once
#include <expected>
#include <string>
#include <string_view>

#include "batch/refusal.h"
#include "batch/time_zone.h"

namespace ads::batch {

// "DES_Manually_Process_22-11-2026.csv.gz" in parts. There are no folders: the key starts with the family.
struct BatchName {
  std::string family;     // "DES" or "ADS"
  Date date;              //
  std::string extension;  // ".csv.gz", or empty, as it is spelled; content is recognised by its bytes

  bool operator==(const BatchName&) const = default;
};

enum class AcceptDates { today, any };

// `key` is decoded already (see event.h). Refuses bad_name and bad_date.
std::expected<BatchName, Refusal> parse_batch_name(std::string_view key);

// As parse_batch_name, and refuses wrong_day when `accept` is today and the name's date is not `today`.
std::expected<BatchName, Refusal> accept_batch(std::string_view key, AcceptDates accept, Date today);

// "DES_Manually_Process_22-11-2026.csv": the key that parse_batch_name reads back.
std::string batch_key(const BatchName& name);

// The name after the run, family and extension kept. `number` 1 is "DES_Manually_Processed_22-11-2026.csv", 2 is
// "DES_Manually_Processed_22-11-2026_2.csv", and so on: the first that does not exist is taken, nothing is overwritten.
std::string processed_key(const BatchName& name, int number);

// "quarantine/<runId>.jsonl" and "reports/<runId>.json": stable per run, so a repeated step writes the same object.
std::string quarantine_key(std::string_view run_id);
std::string report_key(std::string_view run_id);

inline constexpr std::string_view kQuarantinePrefix = "quarantine/";
inline constexpr std::string_view kReportPrefix = "reports/";

}  // namespace ads::batch
