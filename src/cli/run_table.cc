#include "cli/run_table.h"

#include <fmt/core.h>

#include "aws/dynamodb/client.h"
#include "aws/s3/client.h"
#include "batch/batch_name.h"
#include "batch/progress.h"
#include "cli/printable.h"
#include "function/aws_runs.h"
#include "function/in_parallel.h"
#include "function/run_item.h"

namespace ads::cli {
namespace {

Task<Result<std::string>> read_text(Session& session, std::string key) {
  auto bucket = co_await session.stack_output("BatchBucket");
  if (!bucket) co_return fail(bucket.error());
  aws::s3::GetObjectInput input;
  input.bucket = *bucket;
  input.key = std::move(key);
  auto object = co_await aws::s3::Client(**session.connection()).get_object(input);
  if (!object) co_return fail(object.error());
  co_return std::move(object->body);
}

constexpr std::size_t kReadAtOnce = 16;

Task<void> read_shard(function::AwsRuns& runs, std::string run_id, std::uint32_t index,
                      Result<std::optional<function::ShardState>>& into) {
  into = co_await runs.find_shard(std::move(run_id), index);
}

// A shard that ended because its run did says nothing that the run's own sentence does not.
void add(ShardOverview& overview, const std::optional<function::ShardState>& shard, std::string_view run_sentence,
         SystemTime now) {
  if (!shard) {
    ++overview.open;
    return;
  }
  overview.bytes_settled += shard->counters.bytes;
  overview.counters += shard->counters;
  if (shard->compression != batch::Compression::none) overview.compression = shard->compression;
  switch (shard->status) {
    case function::ShardStatus::done:
      ++overview.done;
      break;
    case function::ShardStatus::open:
      ++(shard->lease_until > now ? overview.at_work : overview.open);
      break;
    case function::ShardStatus::dead:
      ++overview.dead;
      if (overview.troubles.size() < kShownTroubles && !run_sentence.starts_with(shard->trouble))
        overview.troubles.push_back(
            fmt::format("shard {}, byte {}: {}", shard->range.index, shard->offset, shard->trouble));
      break;
  }
}

}  // namespace

Task<Result<std::vector<function::StoredRun>>> newest_runs(Session& session, std::size_t most, SystemTime since) {
  auto table = co_await session.stack_output("RunsTable");
  if (!table) co_return fail(table.error());
  aws::dynamodb::Client client(**session.connection());
  aws::dynamodb::QueryInput input;
  input.table = *table;
  input.index = std::string(function::kRunsIndex);
  input.key_condition = "#kind = :run";
  input.names = {{"#kind", std::string(function::kRunsIndexKey)}};
  input.values = {{":run", aws::dynamodb::AttributeValue(function::kRunKind)}};
  input.direction = aws::dynamodb::Direction::backward;
  std::vector<function::StoredRun> runs;
  for (;;) {
    input.limit = static_cast<int>(std::min<std::size_t>(most - runs.size(), 1000));
    auto page = co_await client.query(input);
    if (!page) co_return fail(page.error());
    for (const auto& item : page->items) {
      auto run = function::run_from_item(item);
      if (!run) {  // one damaged item does not hide the others
        fmt::print(stderr, "ads: a run is left out: {}\n", printable(run.error().message));
        continue;
      }
      if (run->run.start < since) co_return runs;
      runs.push_back(std::move(*run));
    }
    if (!page->last_evaluated_key || runs.size() >= most) co_return runs;
    input.start_key = std::move(*page->last_evaluated_key);
  }
}

Task<Result<std::optional<function::StoredRun>>> find_run(Session& session, std::string run_id) {
  auto table = co_await session.stack_output("RunsTable");
  if (!table) co_return fail(table.error());
  function::Settings settings;
  settings.runs_table = *table;
  function::AwsRuns runs(**session.connection(), settings, system_clock());
  co_return co_await runs.find(std::move(run_id));
}

Task<Result<std::optional<function::ShardState>>> find_shard(Session& session, std::string run_id,
                                                             std::uint32_t shard) {
  auto table = co_await session.stack_output("RunsTable");
  if (!table) co_return fail(table.error());
  function::Settings settings;
  settings.runs_table = *table;
  function::AwsRuns runs(**session.connection(), settings, system_clock());
  co_return co_await runs.find_shard(std::move(run_id), shard);
}

Task<Result<ShardOverview>> look_at_shards(Session& session, const function::StoredRun& run) {
  auto table = co_await session.stack_output("RunsTable");
  if (!table) co_return fail(table.error());
  function::Settings settings;
  settings.runs_table = *table;
  function::AwsRuns runs(**session.connection(), settings, system_clock());
  std::vector<Result<std::optional<function::ShardState>>> shards(run.run.shard_count);
  co_await function::in_parallel(shards.size(), kReadAtOnce, [&](std::size_t index) {
    return read_shard(runs, run.run.id, static_cast<std::uint32_t>(index), shards[index]);
  });
  ShardOverview overview;
  for (const auto& shard : shards) {
    if (!shard) co_return fail(shard.error());
    add(overview, *shard, run.run.sentence, system_clock().now());
  }
  co_return overview;
}

Task<Result<json::object>> read_report(Session& session, std::string run_id) {
  auto text = co_await read_text(session, batch::report_key(run_id));
  if (!text) {
    if (text.error().code != "NoSuchKey") co_return fail(text.error());
    auto run = co_await find_run(session, run_id);
    if (!run) co_return fail(run.error());
    co_return fail(ErrorKind::not_found, "NoReport",
                   *run ? fmt::format("run {} is {}: its report comes when it ends (`ads status {}`)", run_id,
                                      to_string((*run)->run.status), run_id)
                        : fmt::format("there is no run {}: `ads runs` lists them", run_id));
  }
  co_return parse_json_object(*text);
}

Task<Result<std::string>> read_report_text(Session& session, std::string run_id, std::string form) {
  std::string key = batch::report_key(run_id);
  co_return co_await read_text(session, key.substr(0, key.rfind('.') + 1) + form);
}

std::string_view shown_status(const function::StoredRun& run) {
  const batch::Run& known = run.run;
  if (batch::is_canceling(known) || (known.is_canceled && batch::is_finalising(known.status))) return "CANCELING";
  bool is_partial = known.is_partial && known.status == batch::RunStatus::failed;
  return is_partial ? "PARTIAL" : batch::to_string(known.status);
}

json::object run_json(const function::StoredRun& stored) {
  const batch::Run& run = stored.run;
  json::object object{{"runId", run.id},
                      {"batch", run.object.key},
                      {"status", shown_status(stored)},
                      {"bytes", run.object.size},
                      {"start", iso8601(run.start)}};
  if (run.end != SystemTime{}) object["end"] = iso8601(run.end);
  if (!run.sentence.empty()) object["sentence"] = run.sentence;
  if (!run.processed_key.empty()) object["processedKey"] = run.processed_key;
  object["shards"] = run.shard_count;
  object["shardsDone"] = run.shards_done;
  object["shardsDead"] = run.shards_dead;
  object["records"] = run.counters.records();
  object["retryQueued"] = run.counters.retry_queued;
  if (stored.retries)
    object["retriesSettled"] = json::object{{"processed", stored.retries->processed},
                                            {"notActive", stored.retries->not_active},
                                            {"notFound", stored.retries->not_found},
                                            {"quarantined", stored.retries->quarantined},
                                            {"dead", stored.retries->dead}};
  bool has_nobody_to_mail = stored.mail_error.starts_with("NoRecipient");
  if (!stored.mail_error.empty() && !has_nobody_to_mail) object["mailError"] = stored.mail_error;
  return object;
}

}  // namespace ads::cli
