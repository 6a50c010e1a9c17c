#include "batch/retries_mail.h"

#include <fmt/format.h>

#include "batch/html.h"

namespace ads::batch {

Mail retries_mail(const Report& report) {
  RetryTally tally = report.retries.value_or(RetryTally{});
  std::string counts = fmt::format("{} processed, {} not active, {} not found", with_thousands(tally.processed),
                                   with_thousands(tally.not_active), with_thousands(tally.not_found));
  if (tally.quarantined) counts += fmt::format(", {} quarantined", with_thousands(tally.quarantined));
  if (tally.dead) counts += fmt::format(", {} dead", with_thousands(tally.dead));
  std::string sentence =
      tally.dead
          ? "Those that are dead lie in the dead-letter queue: `ads dlq list` shows them, `ads dlq redrive` tries "
            "them again once the cause is fixed."
          : "Every record that was queued for another try has its end.";
  auto tone = tally.dead || tally.quarantined ? html::Tone::warning : html::Tone::good;
  Mail mail;
  mail.subject = header_line(fmt::format("[ADS] RETRIES SETTLED {}: {}", report.object.key, counts));
  mail.html = html::page(fmt::format("Retries of {}", report.object.key), tone,
                         html::banner(tone, "Retries settled.", sentence) +
                             html::two_columns("What became of them",
                                               {{"Queued", with_thousands(report.counters.retry_queued)},
                                                {"Processed (user active)", with_thousands(tally.processed)},
                                                {"User not active", with_thousands(tally.not_active)},
                                                {"User not found", with_thousands(tally.not_found)},
                                                {"Quarantined", with_thousands(tally.quarantined)},
                                                {"Dead (in the dead-letter queue)", with_thousands(tally.dead)}},
                                               html::Align::right));
  mail.text = fmt::format("RETRIES SETTLED {}\n\n{} of {} records: {}.\n{}\nRun {}\n", plain_line(report.object.key),
                          with_thousands(tally.total()), with_thousands(report.counters.retry_queued), counts, sentence,
                          report.run_id);
  return mail;
}

}  // namespace ads::batch
