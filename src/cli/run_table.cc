#include "cli/run_table.h"

#include <fmt/core.h>

#include "aws/dynamodb/client.h"
#include "aws/s3/client.h"
#include "batch/batch_name.h"
#include "function/aws_runs.h"
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

}  // namespace

Task<Result<std::vector<function::StoredRun>>> newest_runs(Session& session, std::size_t most) {
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
    input.limit = static_cast<int>(most - runs.size());
    auto page = co_await client.query(input);
    if (!page) co_return fail(page.error());
    for (const auto& item : page->items) {
      auto run = function::run_from_item(item);
      if (!run) co_return fail(run.error());
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

Task<Result<std::uint64_t>> bytes_settled(Session& session, const function::StoredRun& run) {
  auto table = co_await session.stack_output("RunsTable");
  if (!table) co_return fail(table.error());
  function::Settings settings;
  settings.runs_table = *table;
  function::AwsRuns runs(**session.connection(), settings, system_clock());
  std::uint64_t settled = 0;
  for (std::uint32_t shard = 0; shard < run.run.shard_count; ++shard) {
    auto state = co_await runs.find_shard(run.run.id, shard);
    if (!state) co_return fail(state.error());
    if (*state) settled += (*state)->offset - (*state)->range.start;
  }
  co_return settled;
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

json::object run_json(const function::StoredRun& stored) {
  const batch::Run& run = stored.run;
  json::object object{{"runId", run.id},
                      {"batch", run.object.key},
                      {"status", batch::to_string(run.status)},
                      {"bytes", run.object.size},
                      {"start", iso8601(run.start)}};
  if (run.end != SystemTime{}) object["end"] = iso8601(run.end);
  if (!run.sentence.empty()) object["sentence"] = run.sentence;
  if (!run.processed_key.empty()) object["processedKey"] = run.processed_key;
  object["shards"] = run.shard_count;
  object["shardsDone"] = run.shards_done;
  object["records"] = run.counters.records();
  return object;
}

}  // namespace ads::cli
