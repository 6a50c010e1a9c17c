#include "batch/refusal.h"

#include <fmt/format.h>

#include "batch/html.h"
#include "batch/utf8.h"

namespace ads::batch {

std::string_view to_string(RefusalReason reason) {
  switch (reason) {
    case RefusalReason::bad_name:
      return "BAD_NAME";
    case RefusalReason::bad_date:
      return "BAD_DATE";
    case RefusalReason::wrong_day:
      break;
  }
  return "WRONG_DAY";
}

Mail refusal_mail(const Refusal& refusal, std::string_view bucket, std::string_view key, SystemTime when,
                  const TimeZone& zone) {
  std::string title = fmt::format("Batch file refused: {}", shorten(repair_utf8(key), 120));
  std::string calm = "The file was left where it is, unchanged, and none of its records was processed.";
  std::string time = local_and_utc(when, zone);
  Mail mail;
  mail.subject = header_line(fmt::format("[ADS] REFUSED {}", key));
  mail.html = html::page(title, html::Tone::bad,
                         html::banner(html::Tone::bad, "Refused.", refusal.sentence) + html::paragraph(calm) +
                             html::two_columns("The file",
                                               {{"File", std::string(key)},
                                                {"Bucket", std::string(bucket)},
                                                {"Reason", std::string(to_string(refusal.reason))},
                                                {"When", time}},
                                               html::Align::left));
  mail.text = fmt::format("BATCH FILE REFUSED\n\n{}\n\n{}\n\nFile    {}\nBucket  {}\nReason  {}\nWhen    {}\n",
                          plain_line(refusal.sentence), calm, plain_line(key), plain_line(bucket),
                          to_string(refusal.reason), time);
  return mail;
}

}  // namespace ads::batch
