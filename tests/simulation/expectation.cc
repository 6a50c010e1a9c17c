#include "simulation/expectation.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/digest.h"
#include "base/encoding.h"

namespace ads::simulation {
namespace {

using Fate = ExpectedRecord::Fate;

std::string netstring(std::string_view text) {
  return fmt::format("{}:{},", text.size(), text);
}

std::string run_id_of(const Upload& upload, const std::string& version_id, const std::string& etag) {
  std::string text = netstring(kBucket) + netstring(upload.key);
  text += version_id.empty() ? netstring("etag") + netstring(etag) + netstring(std::to_string(upload.bytes.size()))
                             : netstring("version") + netstring(version_id);
  return to_hex(sha256(text)).substr(0, 32);
}

std::string record_id_of(const std::string& run_id, std::uint64_t offset) {
  return to_base32(sha256(fmt::format("{}:{}", run_id, offset))).substr(0, 26);
}

int missing_fields(const batch::User& user) {
  return int(user.first_name.is_missing()) + int(user.last_name.is_missing()) +
         int(user.detailed_address.is_missing()) + int(user.last_pinged_location.is_missing());
}

// By its first lines alone.
bool is_unreadable(const std::vector<WrittenLine>& lines, std::size_t judged, int max_bad_percent) {
  std::size_t good = 0, bad = 0;
  for (std::size_t i = 0; i < std::min(judged, lines.size()); ++i) {
    good += lines[i].kind == WrittenLine::Kind::record;
    bad += lines[i].kind == WrittenLine::Kind::bad;
  }
  if (good + bad == 0) return lines.size() >= judged;
  bool has_too_many = max_bad_percent < 100 && bad * 100 > (good + bad) * static_cast<std::size_t>(max_bad_percent);
  return good == 0 || has_too_many;
}

}  // namespace

void Expectations::add(std::size_t upload, std::string version_id, std::string etag) {
  const Upload& object = scenario_.uploads[upload];
  ExpectedRun run;
  run.run_id = run_id_of(object, version_id, etag);
  run.upload = upload;
  run.version_id = version_id;
  run.etag = etag;
  const function::Settings& settings = scenario_.settings;
  run.is_unreadable = is_unreadable(object.lines, settings.beginning_lines, settings.rules.max_bad_percent);
  run.is_verified_damage = object.is_damaged && object.bytes.size() <= settings.verify_bytes;
  if (!object.is_refused)
    for (std::size_t i = 0; i < object.lines.size(); ++i) add_line(run, i, object.lines[i]);
  std::string id = run.run_id;
  runs_.insert_or_assign(std::move(id), std::move(run));
}

void Expectations::add_line(ExpectedRun& run, std::size_t index, const WrittenLine& line) {
  batch::Counters& counters = run.counters;
  counters.bytes += line.length();
  ++counters.lines;
  auto quarantine = [&](batch::Reason reason) {
    ++counters.quarantined_by_reason[static_cast<std::size_t>(reason)];
    run.quarantine[line.offset] = {reason, line.text};
  };
  switch (line.kind) {
    case WrittenLine::Kind::blank:
      ++counters.blank;
      return;
    case WrittenLine::Kind::header:
      ++counters.header;
      return;
    case WrittenLine::Kind::bad:
      return quarantine(line.reason);
    case WrittenLine::Kind::record:
      break;
  }
  ++counters.status_codes[static_cast<std::size_t>(line.status_code - 100)];
  ExpectedRecord record{Fate::published, run.upload, index, line.user, batch::Outcome::not_found, false};
  auto user = scenario_.users.find(line.user);
  bool is_known = user != scenario_.users.end();
  if (is_known)
    record.outcome = user->second.status != kSuspended ? batch::Outcome::processed : batch::Outcome::not_active;
  record.is_refused_by_topic = scenario_.refused_by_topic.contains(line.user);
  bool is_retried = line.status_code >= 500 && line.retry_count <= scenario_.settings.rules.max_retries;
  if (is_retried ? scenario_.refused_by_retry_queue.contains(line.user) : record.is_refused_by_topic) {
    record.fate = Fate::quarantined;
    quarantine(batch::Reason::sender_fault);
  } else if (is_retried) {
    record.fate = Fate::retried;
    ++counters.retry_queued;
  } else if (record.outcome == batch::Outcome::processed) {
    ++counters.processed;
    counters.missing_fields += static_cast<std::uint64_t>(missing_fields(user->second));
  } else {
    ++(is_known ? counters.not_active : counters.not_found);
  }
  std::string id = record_id_of(run.run_id, line.offset);
  run.record_ids[line.offset] = id;
  records_.insert_or_assign(std::move(id), std::move(record));
}

const ExpectedRecord* Expectations::record(const std::string& record_id) const {
  auto found = records_.find(record_id);
  return found == records_.end() ? nullptr : &found->second;
}

const ExpectedRun* Expectations::run(const std::string& run_id) const {
  auto found = runs_.find(run_id);
  return found == runs_.end() ? nullptr : &found->second;
}

}  // namespace ads::simulation
