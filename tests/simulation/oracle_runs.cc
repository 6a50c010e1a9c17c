// What the oracle has to say about each run.
#include <algorithm>

#include "base/encoding.h"
#include "base/json.h"
#include "simulation/oracle.h"

namespace ads::simulation {
namespace {

using batch::RunStatus;
using Fate = ExpectedRecord::Fate;
using function::StoredRun;

std::string short_id(const std::string& run_id) {
  return run_id.substr(0, 6);
}

// What the file has of it; nothing for counters that tell how it went.
std::optional<std::uint64_t> count_of(const batch::Counters& expected, std::string_view wanted) {
  for (std::string_view other : {"duplicates", "throttles", "partialFailures", "reordered", "apiCalls"})
    if (wanted == other) return std::nullopt;
  for (const auto& [name, value] : batch::named(expected))
    if (name == wanted) return value;
  return 0;
}

}  // namespace

// What a PARTIAL report lists as not processed is all that is missing.
void judge_partial(Cloud& cloud, const StoredRun& run) {
  const ExpectedRun* expected = cloud.ground.expectations.run(run.run.id);
  if (!expected || expected->is_replaced) return;
  std::set<std::string> done;
  for (const Published& published : cloud.topic.published()) done.insert(published.record_id);
  for (const auto& accepted : cloud.retry_queue.accepted())
    if (auto body = parse_json_object(accepted.body))
      done.insert(std::string(get_string(*body, "recordId").value_or("")));
  for (const auto& [offset, id] : expected->record_ids) {
    if (cloud.ground.expectations.record(id)->fate == Fate::quarantined || done.contains(id)) continue;
    bool is_listed =
        std::any_of(run.unprocessed.begin(), run.unprocessed.end(),
                    [offset](const batch::ByteRange& range) { return range.begin <= offset && offset < range.end; });
    if (!is_listed)
      cloud.ground.violate("run {} is partial and does not say that the line at {} is missing", short_id(run.run.id),
                           offset);
  }
}

bool Oracle::may_fail(const ExpectedRun& expected) const {
  if (expected.is_replaced || expected.is_unreadable || ground_.scenario.uploads[expected.upload].is_damaged)
    return true;
  int percent = ground_.scenario.settings.rules.max_bad_percent;
  const batch::Counters& counters = expected.counters;
  return percent < 100 && counters.quarantined() * 100 > counters.records() * static_cast<std::uint64_t>(percent);
}

void Oracle::judge_run(const ExpectedRun& expected) {
  auto found = cloud_.runs.runs().find(expected.run_id);
  if (found == cloud_.runs.runs().end()) {
    if (!expected.is_replaced) ground_.violate("nobody knows upload {}: it was lost", expected.upload);
    return;
  }
  const StoredRun& run = found->second;
  if (ground_.scenario.uploads[expected.upload].is_refused) return judge_refused(expected, run);
  judge_mails(expected, run);
  if (run.run.status == RunStatus::failed) {
    if (!may_fail(expected)) ground_.violate("run {} failed: {}", short_id(expected.run_id), run.run.sentence);
    if (run.run.sentence.empty()) ground_.violate("run {} failed without a reason", short_id(expected.run_id));
    judge_refused_content(expected, run);
    judge_unprocessed(expected, run);
    if (run.run.counters.lines != run.run.counters.settled())
      ground_.violate("run {} failed with counters that do not add up", short_id(expected.run_id));
    for (const auto& [name, value] : batch::named(run.run.counters))
      if (auto most = count_of(expected.counters, name); most && value > *most)
        ground_.violate("run {} has counted {} {} of {}", short_id(expected.run_id), value, name, *most);
    bool is_there = false;
    for (const auto& [key, versions] : cloud_.objects.keys())
      for (const auto& version : versions)
        is_there = is_there || version.content == ground_.scenario.uploads[expected.upload].bytes;
    if (!is_there && !expected.is_replaced) ground_.violate("run {} failed and its file is gone", expected.run_id);
    return;
  }
  if (run.run.status != RunStatus::done)
    return ground_.violate("run {} is stuck in {} with {} of {} shards done, {} dead", short_id(expected.run_id),
                           to_string(run.run.status), run.run.shards_done, run.run.shard_count, run.run.shards_dead);
  judge_done(expected, run);
}

void Oracle::judge_refused(const ExpectedRun& expected, const StoredRun& run) {
  const Upload& upload = ground_.scenario.uploads[expected.upload];
  if (run.run.status != RunStatus::refused || run.run.sentence.empty())
    ground_.violate("{} is {} instead of refused", upload.key, to_string(run.run.status));
  const auto* object = cloud_.objects.current(upload.key);
  if (!object && !expected.is_replaced) ground_.violate("{} was refused and is not there any more", upload.key);
  if (!run.mail_error.empty() || ground_.mail_troubles > 0) return;
  bool is_told = std::any_of(cloud_.mailbox.sent().begin(), cloud_.mailbox.sent().end(), [&](const SentMail& sent) {
    return sent.mail.text.find(upload.key) != std::string::npos;
  });
  if (!is_told) ground_.violate("nobody was told that {} was refused", upload.key);
}

void Oracle::judge_done(const ExpectedRun& expected, const StoredRun& run) {
  std::string id = short_id(expected.run_id);
  if (may_fail(expected) && !expected.is_replaced) ground_.violate("run {} is done though its file cannot be read", id);
  if (run.run.shards_done != run.run.shard_count || run.run.shards_dead != 0)
    ground_.violate("run {} is done with {} of {} shards, {} dead", id, run.run.shards_done, run.run.shard_count,
                    run.run.shards_dead);
  auto size = ground_.scenario.uploads[expected.upload].bytes.size();
  if (run.bytes_read != size) ground_.violate("run {} has read {} of {} bytes", id, run.bytes_read, size);
  judge_counters(expected, run.run.counters);
  judge_effects(expected);
  judge_quarantine(expected, run);
  judge_file(expected, run);
  judge_report(expected, run);
  judge_retries(expected, run);
}

void Oracle::judge_counters(const ExpectedRun& expected, const batch::Counters& counters) {
  batch::Counters actual = counters;
  // These tell how it went, not what was in the file.
  actual.duplicates = actual.throttles = actual.partial_failures = actual.api_calls = actual.reordered = 0;
  if (auto reordered = reordered_of(expected); reordered && *reordered != counters.reordered)
    ground_.violate("run {} has counted {} records that were overtaken instead of {}", short_id(expected.run_id),
                    counters.reordered, *reordered);
  if (actual == expected.counters) return;
  std::string difference;
  auto all = [](const batch::Counters& c) {
    std::map<std::string, std::uint64_t> out;
    for (auto& [name, value] : batch::named(c)) out[name] = value;
    return out;
  };
  auto is = all(actual), should_be = all(expected.counters);
  for (const auto& [name, value] : should_be)
    if (is[name] != value) difference += fmt::format(" {}: {} instead of {};", name, is[name], value);
  for (const auto& [name, value] : is)
    if (!should_be.contains(name) && value) difference += fmt::format(" {}: {} instead of 0;", name, value);
  ground_.violate("run {} has counted wrongly:{}", short_id(expected.run_id), difference);
}

void Oracle::judge_effects(const ExpectedRun& expected) {
  for (const auto& [offset, id] : expected.record_ids) {
    const ExpectedRecord& record = *ground_.expectations.record(id);
    if (record.fate == Fate::published && !published_.contains(id))
      ground_.violate("record {} at {} was lost: no notification", id, offset);
    if (record.fate != Fate::retried) continue;
    if (!queued_.contains(id)) ground_.violate("record {} at {} was lost: not on the retry queue", id, offset);
    if (!record.is_refused_by_topic && !published_.contains(id))
      ground_.violate("record {} at {} was lost: its retry was never published", id, offset);
    std::string key = fmt::format("quarantine/retries/{}/{}.jsonl", expected.run_id, id);
    if (record.is_refused_by_topic && !cloud_.objects.current(key))
      ground_.violate("record {} at {} was lost: its retry is not in quarantine", id, offset);
  }
}

// Quarantined lines are told byte for byte; every other line is a record with its effect, a blank or the header.
void Oracle::judge_quarantine(const ExpectedRun& expected, const StoredRun& run) {
  const auto* object = cloud_.objects.current("quarantine/" + expected.run_id + ".jsonl");
  if (expected.quarantine.empty()) {
    if (object && !object->content.empty()) ground_.violate("run {} has a quarantine for nothing", expected.run_id);
    return;
  }
  if (!object) return ground_.violate("run {} has no quarantine file", short_id(expected.run_id));
  if (run.quarantine_key != "quarantine/" + expected.run_id + ".jsonl")
    ground_.violate("run {} says that its quarantine is '{}'", short_id(expected.run_id), run.quarantine_key);
  const auto& written = ground_.scenario.uploads[expected.upload].lines;
  auto judge_line_number = [&](std::uint64_t offset, std::int64_t number) {
    auto found = std::ranges::find(written, offset, &WrittenLine::offset);
    if (found != written.end() && number != found - written.begin() + 1)
      ground_.violate("line {} at byte {} is numbered {}", found - written.begin() + 1, offset, number);
  };
  std::map<std::uint64_t, std::pair<batch::Reason, std::string>> actual;
  std::string_view rest = object->content;
  std::uint64_t previous = 0;
  for (std::size_t end; (end = rest.find('\n')) != rest.npos; rest.remove_prefix(end + 1)) {
    auto line = parse_json_object(rest.substr(0, end));
    if (!line) return ground_.violate("a quarantine line is not JSON");
    auto offset = static_cast<std::uint64_t>(get_integer(*line, "offset").value_or(-1));
    auto reason = batch::parse_reason(get_string(*line, "reason").value_or(""));
    std::string text(get_string(*line, "line").value_or(""));
    judge_line_number(offset, get_integer(*line, "lineNumber").value_or(0));
    if (auto encoded = get_string(*line, "lineBase64")) text = from_base64(*encoded).value_or("");
    bool is_new = reason && actual.emplace(offset, std::pair(*reason, text)).second;
    if (!is_new) ground_.violate("the line at {} is twice in quarantine", offset);
    if (offset < previous) ground_.violate("the quarantine is not in the file's order at {}", offset);
    previous = offset;
  }
  for (const auto& [offset, line] : expected.quarantine) {
    auto found = actual.find(offset);
    if (found == actual.end()) {
      ground_.violate("the bad line at {} is not in quarantine", offset);
    } else if (found->second.first != line.first || !line.second.starts_with(found->second.second) ||
               (found->second.second != line.second && line.first != batch::Reason::line_too_long)) {
      ground_.violate("the bad line at {} is in quarantine as {} '{}'", offset, batch::to_string(found->second.first),
                      found->second.second);
    }
  }
  for (const auto& [offset, line] : actual)
    if (!expected.quarantine.contains(offset)) ground_.violate("the line at {} is in quarantine for nothing", offset);
}

// One processed file with the same bytes, and the old name is free.
void Oracle::judge_file(const ExpectedRun& expected, const StoredRun& run) {
  const Upload& upload = ground_.scenario.uploads[expected.upload];
  int copies = 0;
  for (const auto& [key, versions] : cloud_.objects.keys()) {
    for (const auto& version : versions) {
      if (version.copied_by != expected.run_id) continue;
      ++copies;
      if (key != run.run.processed_key || version.content != upload.bytes)
        ground_.violate("run {} has left a wrong copy at {}", short_id(expected.run_id), key);
    }
  }
  if (copies != 1) ground_.violate("run {} has {} processed files", short_id(expected.run_id), copies);
  if (run.run.processed_key.find(std::string("_Manually_Processed_") + kToday) != 3)
    ground_.violate("run {} calls its file {}", short_id(expected.run_id), run.run.processed_key);
  const auto* current = cloud_.objects.current(upload.key);
  bool is_still_there =
      current && (expected.version_id.empty() ? current->content == upload.bytes : current->id == expected.version_id);
  if (is_still_there && !expected.is_replaced)
    ground_.violate("run {} is done and {} is still there", short_id(expected.run_id), upload.key);
}

void Oracle::judge_report(const ExpectedRun& expected, const StoredRun& run) {
  const auto* object = cloud_.objects.current("reports/" + expected.run_id + ".json");
  auto report = object ? parse_json_object(object->content) : Result<json::object>(fail(ErrorKind::not_found, "", ""));
  if (!report) return ground_.violate("run {} has no report", short_id(expected.run_id));
  const batch::Counters& counters = expected.counters;
  auto number = [&](std::string_view name) {
    return static_cast<std::uint64_t>(get_integer(*report, name).value_or(-1));
  };
  if (get_string(*report, "status") != "DONE" || get_bool(*report, "reconciled") != true ||
      number("lines") != counters.lines || number("processed") != counters.processed ||
      number("retryQueued") != counters.retry_queued || number("quarantined") != counters.quarantined() ||
      number("totalProcessed") != counters.records() || get_string(*report, "processedKey") != run.run.processed_key)
    ground_.violate("the report of run {} does not tell what happened", short_id(expected.run_id));
  const json::object* retries = get_object(*report, "retries");
  bool tells_retries =
      retries && get_integer(*retries, "processed") == run.retries.value_or(batch::RetryTally{}).processed;
  if (run.retries && !tells_retries)
    ground_.violate("the report of run {} does not tell what became of its retries", short_id(expected.run_id));
  for (const char* view : {".html", ".txt"})
    if (!cloud_.objects.current("reports/" + expected.run_id + view))
      ground_.violate("run {} has no report{}", short_id(expected.run_id), view);
}

// Every retry is counted by its end, once; those that were dead have been redriven by now.
void Oracle::judge_retries(const ExpectedRun& expected, const StoredRun& run) {
  if (expected.counters.retry_queued == 0) return;
  std::string id = short_id(expected.run_id);
  if (!run.retries)
    ground_.violate("the retries of run {} are not settled", id);
  else if (run.retries->total() != expected.counters.retry_queued)
    ground_.violate("{} of {} retries of run {} are settled", run.retries->total(), expected.counters.retry_queued, id);
  batch::RetryTally truth;
  for (const auto& [offset, record_id] : expected.record_ids) {
    const ExpectedRecord& record = *ground_.expectations.record(record_id);
    if (record.fate != Fate::retried) continue;
    if (record.is_refused_by_topic)
      ++truth.quarantined;
    else
      ++truth.of(record.outcome == batch::Outcome::processed    ? batch::RetryEnd::processed
                 : record.outcome == batch::Outcome::not_active ? batch::RetryEnd::not_active
                                                                : batch::RetryEnd::not_found);
  }
  auto tally = *cloud_.ledger.tally(expected.run_id);
  truth.reordered = tally.reordered;  // judge_order_of_retries knows
  if (tally != truth)
    ground_.violate(
        "the retries of run {} are counted as {} processed, {} not active, {} not found, {} quarantined, "
        "{} dead instead of {}, {}, {}, {}, 0",
        id, tally.processed, tally.not_active, tally.not_found, tally.quarantined, tally.dead, truth.processed,
        truth.not_active, truth.not_found, truth.quarantined);
}

// Each mail once; twice only when whoever sent it came to grief before that was stored.
void Oracle::judge_mails(const ExpectedRun& expected, const StoredRun& run) {
  std::map<bool, std::vector<const SentMail*>> mails;  // true: of the retries
  for (const SentMail& sent : cloud_.mailbox.sent())
    if (sent.mail.text.find(expected.run_id) != std::string::npos)
      mails[sent.mail.subject.find("RETRIES SETTLED") != std::string::npos].push_back(&sent);
  std::size_t resumes = operators_.resumes(expected.run_id);
  for (const auto& [is_second, all] : mails) {
    std::size_t troubled = 0;
    for (const SentMail* sent : all)
      troubled += cloud_.lambda.troubles()[static_cast<std::size_t>(sent->sandbox - 1)] > 0 ? 1 : 0;
    const char* which = is_second ? "retries" : "run";
    if (all.size() > 1 + resumes + troubled)
      ground_.violate("the report of the {} {} was mailed {} times without need", which, short_id(expected.run_id),
                      all.size());
    else if (all.size() > 2 + 2 * resumes)
      ground_.violate("the report of the {} {} was mailed {} times", which, short_id(expected.run_id), all.size());
  }
  if (ground_.mail_troubles > 0) return;
  if (mails[false].empty() && run.mail_error.empty())
    ground_.violate("the report of run {} was never mailed", short_id(expected.run_id));
  // Two that were begun and crashed are enough: the report is in the bucket.
  if (run.retries && mails[true].empty() && run.retries_mails_begun <= 2)
    ground_.violate("that the retries of run {} are settled was never mailed", short_id(expected.run_id));
}

}  // namespace ads::simulation
