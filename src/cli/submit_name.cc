#include "cli/submit_name.h"

#include <fmt/format.h>

namespace ads::cli {
namespace {

// As resources.yaml's NotificationConfiguration.
constexpr std::string_view kEventPrefixes[] = {"DES_Manually_Process_", "ADS_Manually_Process_"};

bool has_event(std::string_view key) {
  for (auto prefix : kEventPrefixes)
    if (key.starts_with(prefix)) return true;
  return false;
}

}  // namespace

std::string suggested_name(std::string_view key, std::string_view file, batch::Date today) {
  batch::BatchName name{key.starts_with("ADS") ? "ADS" : "DES", today, {}};
  // The longest extension that a batch file may have: ".csv.gz" before ".gz".
  for (auto source : {key, file})
    for (auto dot = source.find('.'); dot != source.npos; dot = source.find('.', dot + 1)) {
      name.extension = source.substr(dot);
      if (batch::parse_batch_name(batch::batch_key(name))) return batch::batch_key(name);
    }
  name.extension.clear();
  return batch::batch_key(name);
}

NameCheck check_name(std::string_view key, std::string_view file, batch::AcceptDates accept, batch::Date today) {
  using Outcome = NameCheck::Outcome;
  std::string other = suggested_name(key, file, today);
  if (!has_event(key))
    return {Outcome::unnoticed, "NO_EVENT",
            fmt::format("no event rule of the bucket matches '{}': it would lie there and nothing would happen. Submit "
                        "it with --as {}, or with --force to send it nevertheless",
                        key, other)};
  auto accepted = batch::accept_batch(key, accept, today);
  if (accepted) return {};
  return {Outcome::refused, std::string(to_string(accepted.error().reason)),
          fmt::format("it would be refused: {} Submit it with --as {}, or with --force to send it nevertheless",
                      accepted.error().sentence, other)};
}

}  // namespace ads::cli
