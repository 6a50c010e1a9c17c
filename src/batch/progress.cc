#include "batch/progress.h"

#include <fmt/format.h>

#include <algorithm>

namespace ads::batch {
namespace {

// "600 STATUS_NOT_INT, 20 FIELD_COUNT", in the order of the checks.
std::string by_reason(const Counters& counters) {
  std::string out;
  for (Reason reason : kAllReasons)
    if (auto n = counters.quarantined_by_reason[static_cast<std::size_t>(reason)])
      out += fmt::format("{}{} {}", out.empty() ? "" : ", ", with_thousands(n), to_string(reason));
  return out;
}

}  // namespace

std::chrono::seconds retry_delay(int receives) {
  return std::chrono::seconds(std::min(900, 30 << std::clamp(receives - 1, 0, 5)));
}

bool is_working(RunStatus status) {
  return status == RunStatus::planned || status == RunStatus::running;
}

bool is_finalising(RunStatus status) {
  return status == RunStatus::finalising || status == RunStatus::copied || status == RunStatus::reported;
}

bool is_canceling(const Run& run) {
  return is_working(run.status) && run.is_partial && !run.sentence.empty();
}

bool is_complete(const Run& run) {
  return run.shards_done + run.shards_dead >= run.shard_count;
}

EventStep on_event(const std::optional<Run>& run, Size size) {
  if (!run) return EventStep::begin;
  if (is_final(run->status)) return EventStep::leave;
  if (is_finalising(run->status) || is_complete(*run)) return EventStep::finalise;
  if (size == Size::fits_inline) return EventStep::work;
  return run->status == RunStatus::planned ? EventStep::send_shards : EventStep::leave;
}

MessageStep on_shard(const std::optional<Run>& run, std::uint32_t shard) {
  return run && is_working(run->status) && shard < run->shard_count ? MessageStep::work : MessageStep::drop;
}

MessageStep on_finalise(const std::optional<Run>& run) {
  if (!run || is_final(run->status)) return MessageStep::drop;
  return is_finalising(run->status) || is_complete(*run) ? MessageStep::finalise : MessageStep::drop;
}

LeaseStep on_lease(const Run& run, const ShardState& shard) {
  if (shard.status != ShardStatus::open) return LeaseStep::conclude;
  return shard.stalls > kMaxStalls || !run.sentence.empty() ? LeaseStep::bury : LeaseStep::work;
}

SweepStep sweep_run(const Run& run, SystemTime touched, SystemTime finaliser_until, SystemTime now,
                    std::chrono::seconds after) {
  if (is_final(run.status) || now < touched + after) return SweepStep::leave;
  if (is_finalising(run.status) || is_complete(run))
    return now < finaliser_until ? SweepStep::leave : SweepStep::send_finalise;
  return SweepStep::send_shard;
}

SweepStep sweep_shard(const std::optional<ShardState>& shard, SystemTime touched, QueueState queue, SystemTime now) {
  if (shard && (shard->status != ShardStatus::open || now < shard->lease_until)) return SweepStep::leave;
  // While messages wait, this shard's is probably among them; another one would only be in the way.
  SystemTime last_sign = shard ? std::max(touched, shard->lease_until) : touched;
  return queue == QueueState::idle || now >= last_sign + kLostAfter ? SweepStep::send_shard : SweepStep::leave;
}

DeadLetterStep on_dead_letter(const ShardState& shard) {
  if (shard.status != ShardStatus::open) return DeadLetterStep::conclude;
  bool never_began = shard.fence == 1, stands_still = shard.stalls > 1;  // this lease is counted in both
  return never_began || stands_still ? DeadLetterStep::bury : DeadLetterStep::send_again;
}

std::string too_bad_sentence(const Counters& counters, int max_bad_percent, Moment moment, std::string_view run_id) {
  std::string count = fmt::format(
      "{} of {} records are in quarantine ({}), which is more than {} percent (MaxBadPercent)",
      with_thousands(counters.quarantined()), with_thousands(counters.records()), by_reason(counters), max_bad_percent);
  if (moment == Moment::in_the_middle)
    return fmt::format(
        "{}: the rest of the file was not processed. `ads quarantine {} --csv` prints the bad lines; with a higher "
        "MaxBadPercent the run can be resumed. Do not send the whole file again, it would notify about the others "
        "twice.",
        count, run_id);
  return fmt::format(
      "{}. The others were processed: `ads quarantine {} --csv` prints the bad lines as a file to correct; send that, "
      "not "
      "the whole file again, which would notify about the others twice.",
      count, run_id);
}

std::vector<std::optional<std::uint64_t>> lines_before(std::span<const std::optional<ShardState>> shards) {
  std::vector<std::optional<std::uint64_t>> out;
  std::optional<std::uint64_t> sum = 0;
  for (const auto& shard : shards) {
    out.push_back(sum);
    bool is_done = shard && shard->status == ShardStatus::done;
    sum = sum && is_done ? std::optional(*sum + shard->counters.lines) : std::nullopt;
  }
  return out;
}

Closing close(const Run& run, std::span<const std::optional<ShardState>> shards, int max_bad_percent) {
  Closing out;
  out.compression = run.compression;
  std::uint32_t dead = 0, done = 0;
  std::string trouble;
  auto leave_unprocessed = [&out](std::uint64_t begin, std::uint64_t end) {
    if (begin >= end) return;
    if (!out.unprocessed.empty() && out.unprocessed.back().end == begin)
      out.unprocessed.back().end = end;
    else
      out.unprocessed.push_back({begin, end});
  };
  for (std::size_t index = 0; index < shards.size(); ++index) {
    const auto& shard = shards[index];
    // Before its first checkpoint nothing says whether the file is compressed, and how long its content is.
    if (!shard && run.shard_count == 1) {
      leave_unprocessed(0, kToEnd);
      continue;
    }
    if (!shard) {
      Shard range = shard_of(run.object.size, run.shard_count, static_cast<std::uint32_t>(index));
      leave_unprocessed(range.start, range.end);
      continue;
    }
    out.counters += shard->counters;
    if (shard->compression != Compression::none) out.compression = shard->compression;
    if (shard->fence > 1) out.resumes += static_cast<std::uint32_t>(shard->fence - 1);
    if (shard->status == ShardStatus::done) {
      ++done;
      out.bytes_read += shard->bytes_read;
      continue;
    }
    ++dead;
    if (trouble.empty()) trouble = shard->trouble;
    bool is_untouched = run.shard_count == 1 && shard->offset == shard->range.start;
    if (out.compression != Compression::none || is_untouched) {
      leave_unprocessed(shard->offset, kToEnd);
      continue;
    }
    std::uint64_t end = std::min(shard->range.end, run.object.size);
    leave_unprocessed(shard->offset, end);
    out.bytes_read += shard->counters.bytes;
  }
  // The mark means nothing where every shard was done first.
  bool is_canceled = is_canceling(run);
  if (is_canceled && done < shards.size()) {
    out.is_partial = out.is_canceled = true;
    out.sentence = fmt::format(
        "{} {} of {} shards stopped at their last checkpoint. The file keeps its name; what is missing is listed by "
        "byte range, and `ads resume {}` continues with it.",
        run.sentence, shards.size() - done, run.shard_count, run.id);
    return out;
  }
  if (!is_canceled) out.sentence = run.sentence;
  if (out.sentence.empty() && dead > 0) {
    out.is_partial = true;
    out.sentence = fmt::format(
        "{} of {} shards kept failing and were abandoned{}{}. The file keeps its name; what is missing is listed by "
        "byte range, and `ads resume {}` continues with it once the cause is fixed.",
        dead, run.shard_count, trouble.empty() ? "" : ": ", trouble, run.id);
  }
  if (out.sentence.empty() && too_many_bad(out.counters, max_bad_percent, Moment::at_the_end))
    out.sentence = too_bad_sentence(out.counters, max_bad_percent, Moment::at_the_end, run.id);
  return out;
}

}  // namespace ads::batch
