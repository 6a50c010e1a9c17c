#include "plan/capacity.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "batch/shard.h"
#include "plan/chunk_model.h"

namespace ads::plan {
namespace {

constexpr double kBatch = 10;             // entries of PublishBatch, SendMessageBatch and a retry invocation
constexpr double kRange = 8 << 20;        // bytes of a ranged GET
constexpr double kPart = 512 << 20;       // of a multipart copy
constexpr double kLargestCopy = 5e9;      // of CopyObject
constexpr double kWholeProcessor = 1769;  // MB
constexpr double kReadsPerUser = 0.5;     // read units: eventually consistent, up to 4 KB
constexpr double kCheckpointWrites = 2;   // write units: up to 2 KB with its counters
// A retry's item is written in two transactions (2 units each), the run's tally once for ten.
constexpr double kWritesPerRetry = 2 + 2 + 2 / kBatch;
constexpr double kRetryGigabytes = 0.5;     // the retry function's memory
constexpr double kRetryLogBytes = 1100;     // of an invocation: Lambda's own lines and the metrics
constexpr double kNotificationBytes = 300;  // body and attributes
constexpr double kHalfHour = 1800;
constexpr double kDay = 86'400;
constexpr double kRetryRetention = 14 * kDay;
constexpr double kRetryAgeAlarm = 6 * 3600, kShardAgeAlarm = 6 * 3600;
constexpr double kInvocation = 880;  // a function's 900 s but for the 20 kept before its deadline

double ceil_div(double a, double b) {
  return std::ceil(a / b - 1e-9);
}

class Model {
 public:
  Model(const Workload& workload, const Deployment& deployment, const RegionFacts& region, const CallTimes& times)
      : work_(workload),
        deploy_(deployment),
        region_(region),
        time_(times),
        records_(double(workload.records)),
        chunks_of_file_(workload, deployment, publish_share(), times) {}

  Estimate run() {
    cut();
    time_a_chunk();
    file_stages();
    retry_stages();
    count_calls();
    price();
    warn();
    return std::move(out_);
  }

 private:
  bool is_inline() const { return work_.bytes <= batch::kInlineBytes; }
  bool is_one_shard() const {
    return is_inline() || deploy_.ordering == Deployment::Ordering::by_file ||
           work_.content == Workload::Content::compressed;
  }
  double retries() const { return records_ * work_.retry_share; }
  double lookups() const { return records_ * work_.lookup_share(); }

  void cut() {
    out_.shards = is_one_shard() ? 1 : batch::shard_count(work_.bytes, {.target_bytes = deploy_.shard_bytes});
    out_.workers = std::min<int>(deploy_.worker_concurrency, static_cast<int>(out_.shards));
    out_.chunk_lines = chunks_of_file_.lines();
  }

  // Each worker publishes at its share of PublishRate, however few are at work; dispatch alone has all of it.
  double publish_share() const {
    return is_inline() ? deploy_.publish_rate : deploy_.publish_rate / deploy_.worker_concurrency;
  }

  // Rounds of calls, so many at once; of a number that is an average, the last round is half full.
  double waves(double calls) const {
    double at_once = time_.calls_in_flight;
    bool is_average = calls != std::floor(calls) && calls > at_once;
    return is_average ? calls / at_once + (at_once - 1) / (2 * at_once) : ceil_div(calls, at_once);
  }

  // The effects of a chunk follow each other as waves of calls; meanwhile the next chunk's users are looked up.
  void time_a_chunk() {
    ChunkCalls chunk = chunks_of_file_.calls_of(std::min(records_, double(out_.chunk_lines)));
    double processor = std::min(1.0, deploy_.function_memory / kWholeProcessor);  // the function has one thread
    double cpu = chunk.lines * time_.cpu_per_record / processor;
    double publishing = std::max(waves(chunk.publishes), chunk.publish_chain) * time_.publish_batch;
    double queueing = std::max(waves(chunk.sends), chunk.send_chain) * time_.send_batch;
    double effects = std::max(publishing, queueing);
    longest_chain_ = publishing >= queueing ? chunk.publish_chain : chunk.send_chain;
    is_chain_bound_ = chunks_of_file_.is_chain_bound(chunk);
    double settle = effects + chunk.pieces * time_.put_object + time_.update_item + cpu / time_.calls_in_flight;
    out_.chunk_seconds = std::max({settle, waves(chunk.gets) * time_.batch_get, cpu});
    out_.worker_rate = chunk.lines / out_.chunk_seconds;
    is_processor_bound_ = cpu >= settle;
  }

  void add(std::vector<Stage>& stages, double count, std::string name, double seconds, std::string moved_by) {
    stages.push_back({std::move(name), seconds > 0 ? count / seconds : 0, seconds, std::move(moved_by)});
  }

  static std::size_t slowest(const std::vector<Stage>& stages) {
    return static_cast<std::size_t>(
        std::max_element(stages.begin(), stages.end(),
                         [](const Stage& a, const Stage& b) { return a.seconds < b.seconds; }) -
        stages.begin());
  }

  double rounds() const { return ceil_div(out_.shards, out_.workers); }

  std::string what_adds_workers() const {
    if (is_processor_bound_ && deploy_.function_memory < kWholeProcessor) return "FunctionMemory";
    if (is_inline()) return "nothing: a file up to 4 MiB is one invocation";
    if (deploy_.ordering == Deployment::Ordering::by_file) return "StrictOrdering: it makes a file one shard";
    if (work_.content == Workload::Content::compressed) return "an uncompressed file: a compressed one is one shard";
    return int(out_.shards) < deploy_.worker_concurrency ? "ShardBytes: smaller makes more shards"
                                                         : "WorkerConcurrency";
  }

  double sns_quota() const {
    return deploy_.topic == Deployment::Topic::fifo ? region_.sns_fifo_messages : region_.sns_messages;
  }

  void file_stages() {
    auto& stages = out_.stages;
    double count = records_;
    add(stages, count, "workers", rounds() * (count / out_.shards) / out_.worker_rate, what_adds_workers());
    if (lookups() > 0) {
      if (deploy_.publish_rate > 0)
        add(stages, count, "PublishRate", lookups() / (publish_share() * out_.workers),
            out_.workers < deploy_.worker_concurrency && !is_inline()
                ? "PublishRate, or ShardBytes: each worker has its share only"
                : "PublishRate");
      add(stages, count, "SNS quota", sns_seconds(), "SNS's quota (Service Quotas), or another region");
      add(stages, count, "users table", table_seconds(lookups() * kReadsPerUser, kNewTableReads),
          "the users table's warm throughput");
    }
    if (retries() > 0)
      add(stages, count, "retry queue", retries() / (region_.sqs_fifo_calls * kBatch), "the quota of SQS FIFO");
    out_.limit = slowest(stages);
    out_.processing_seconds = stages[out_.limit].seconds;
    double parts_at_once = double(work_.bytes) > kLargestCopy ? time_.copies_in_flight : 1;
    out_.copy_seconds = double(work_.bytes) * time_.copy_byte / parts_at_once;
    double hand_overs = is_inline() ? 0 : 2 * time_.hand_over;  // to a worker, and to the one that finalises
    out_.seconds = time_.event + hand_overs + out_.processing_seconds + out_.copy_seconds + 3 * time_.put_object;
  }

  double retry_invocation() const { return 2 * time_.transaction + time_.batch_get + time_.publish_batch; }
  // Without SNS's quota, which the file and its retries share.
  double retry_rate() const {
    double consumers = deploy_.retry_concurrency * kBatch / (retry_invocation() + time_.retry_overhead);
    double paced = deploy_.publish_rate > 0 ? deploy_.publish_rate : consumers;
    double writes = retries() / table_seconds(retries() * kWritesPerRetry, kNewTableWrites);
    return std::min({consumers, paced, writes});
  }

  // Retries are published while the file is still being read: either they keep pace with it, or they take what they
  // can.
  double sns_seconds() const {
    double all = (lookups() + retries()) / sns_quota();
    if (retries() <= 0) return all;
    double left = sns_quota() - retry_rate();
    return left > 0 ? std::min(all, lookups() / left) : all;
  }

  void retry_stages() {
    out_.settled_seconds = out_.seconds;
    if (retries() <= 0) return;
    auto& stages = out_.retry_stages;
    add(stages, retries(), "retry consumers",
        retries() * (retry_invocation() + time_.retry_overhead) / (kBatch * deploy_.retry_concurrency),
        "RetryConcurrency");
    if (deploy_.publish_rate > 0)
      add(stages, retries(), "PublishRate", retries() / deploy_.publish_rate, "PublishRate");
    add(stages, retries(), "Runs table", table_seconds(retries() * kWritesPerRetry, kNewTableWrites),
        "the Runs table's warm throughput");
    add(stages, retries(), "SNS quota", (lookups() + retries()) / sns_quota(),
        "SNS's quota (Service Quotas), or another region");
    add(stages, retries(), "retry queue", retries() / (region_.sqs_fifo_calls * kBatch), "the quota of SQS FIFO");
    out_.retry_limit = slowest(stages);
    double tail = time_.hand_over + retry_invocation();
    out_.settled_seconds =
        std::max(out_.seconds, time_.event + time_.hand_over + stages[out_.retry_limit].seconds) + tail;
  }

  void count_calls() {
    double per_shard = records_ / out_.shards;
    double whole = std::floor(per_shard / double(out_.chunk_lines));
    double rest = per_shard - whole * double(out_.chunk_lines);
    ChunkCalls full = chunks_of_file_.calls_of(double(out_.chunk_lines)), last = chunks_of_file_.calls_of(rest);
    auto sum = [&](double ChunkCalls::* calls) { return out_.shards * (whole * full.*calls + last.*calls); };
    chunks_ = out_.shards * (whole + (rest > 0.5 ? 1 : 0));
    gets_ = sum(&ChunkCalls::gets), publishes_ = sum(&ChunkCalls::publishes), sends_ = sum(&ChunkCalls::sends);
    pieces_ = sum(&ChunkCalls::pieces);
    ranges_ = out_.shards * ceil_div(double(work_.bytes) / out_.shards, kRange);
    out_.calls_per_record = (gets_ + publishes_ + sends_ + pieces_ + ranges_ + chunks_) / records_;

    double invocations = retries() / kBatch;
    bool has_pieces = pieces_ > 0.5;
    double copies = double(work_.bytes) > kLargestCopy ? ceil_div(double(work_.bytes), kPart) + 2 : 1;
    // Of a shard: lease, end and a look at the run; of the run: made, running, four steps of its end.
    auto call = [&](std::string_view service, std::string_view operation, double calls) {
      if (calls >= 0.5) out_.calls.push_back({std::string(service), std::string(operation), calls});
    };
    call("DynamoDB", "BatchGetItem", gets_ + invocations);
    call("DynamoDB", "UpdateItem, GetItem, PutItem", chunks_ + 3.0 * out_.shards + 10);
    call("DynamoDB", "TransactWriteItems", out_.shards + 2 * invocations);
    call("SNS", "PublishBatch", publishes_ + invocations);
    call("SQS", "SendMessageBatch", sends_ + (is_inline() ? 0 : ceil_div(out_.shards, kBatch) + 1));
    call("SQS", "ReceiveMessage, DeleteMessage (by Lambda)",
         2 * invocations + (is_inline() ? 0 : 2.0 * out_.shards + 2));
    call("S3", "GetObject", ranges_ + (has_pieces ? pieces_ + 1 : 0));
    call("S3", "PutObject, CopyObject, UploadPartCopy, List",
         pieces_ + copies + 3 + (has_pieces ? 1 + pieces_ / 1000 : 0));
    call("Lambda", "invocations", 1 + invocations + (is_inline() ? 0 : worker_invocations()));
    call("SES", "SendEmail", retries() > 0 ? 2 : 1);
  }

  // A shard that takes longer than an invocation is several.
  double worker_invocations() const {
    double busy = out_.processing_seconds / rounds();
    return out_.shards * std::max(1.0, ceil_div(busy, kInvocation)) + 1;
  }

  double calls_to(std::string_view service, std::string_view operation = {}) const {
    double sum = 0;
    for (const CallCount& count : out_.calls)
      if (count.service == service && (operation.empty() || count.operation.starts_with(operation))) sum += count.calls;
    return sum;
  }

  void price() {
    const Prices& prices = region_.prices;
    auto cost = [&](std::string service, std::string what, double usd) {
      out_.usd += usd;
      out_.costs.push_back({std::move(service), std::move(what), usd});
    };
    double gigabytes = deploy_.function_memory / 1024.0;
    double gb_second = deploy_.architecture == Deployment::Architecture::arm64 ? prices.lambda_gb_second_arm
                                                                               : prices.lambda_gb_second_x86;
    double worker_seconds = out_.processing_seconds * out_.workers + out_.copy_seconds;
    double retry_seconds = retries() / kBatch * retry_invocation();
    double used = worker_seconds * gigabytes + retry_seconds * kRetryGigabytes;
    cost("Lambda", fmt::format("{:.0f} GB-s, {:.0f} requests", used, calls_to("Lambda")),
         used * gb_second + calls_to("Lambda") / 1e6 * prices.lambda_million_requests);

    double published = calls_to("SNS");
    if (deploy_.topic == Deployment::Topic::fifo) {
      double moved = (lookups() + retries()) * kNotificationBytes / 1e9;
      cost("SNS", fmt::format("{:.0f} FIFO requests, {:.1f} GB; its subscribers' part is not in it", published, moved),
           published / 1e6 * prices.sns_fifo_million_requests + moved * prices.sns_fifo_gigabyte);
    } else {
      cost("SNS", fmt::format("{:.0f} requests of up to 10 messages; to SQS and Lambda it delivers free", published),
           published / 1e6 * prices.sns_million_requests);
    }

    double fifo = sends_ + 2 * retries() / kBatch, standard = calls_to("SQS") - fifo;
    cost("SQS", fmt::format("{:.0f} FIFO requests, {:.0f} others", fifo, standard),
         fifo / 1e6 * prices.sqs_fifo_million_requests + standard / 1e6 * prices.sqs_million_requests);

    double reads = (lookups() + retries()) * kReadsPerUser;
    cost("DynamoDB", fmt::format("users: {:.0f} read units", reads), reads / 1e6 * prices.dynamodb_million_reads);
    double writes = chunks_ * kCheckpointWrites + retries() * kWritesPerRetry + 8.0 * out_.shards + 20;
    cost("DynamoDB", fmt::format("runs, checkpoints, retries: {:.0f} write units", writes),
         writes / 1e6 * prices.dynamodb_million_writes);
    cost("S3", fmt::format("{:.0f} reads, {:.0f} writes", calls_to("S3", "Get"), calls_to("S3", "Put")),
         calls_to("S3", "Get") / 1e3 * prices.s3_thousand_reads +
             calls_to("S3", "Put") / 1e3 * prices.s3_thousand_writes);
    double logged = retries() / kBatch * kRetryLogBytes / 1e9;
    cost("CloudWatch Logs", fmt::format("{:.2f} GB, the retries' nearly all", logged), logged * prices.logs_gigabyte);
    cost("SES", "the report", calls_to("SES") / 1e3 * prices.ses_thousand_mails);
  }

  void warn() {
    auto& warnings = out_.warnings;
    if (deploy_.publish_rate > sns_quota())
      warnings.push_back(
          fmt::format("PublishRate {:.0f} is above SNS's quota of {:.0f} per second: workers find that out "
                      "by being throttled",
                      deploy_.publish_rate, sns_quota()));
    double needed = std::max(2.0, std::ceil(out_.workers * out_.stages.front().seconds / out_.processing_seconds));
    if (out_.limit != 0 && needed < out_.workers && deploy_.publish_rate == 0)
      warnings.push_back(
          fmt::format("{0:.0f} workers at once would be as fast and cheaper: WorkerConcurrency={0:.0f}", needed));
    if (deploy_.worker_concurrency + deploy_.retry_concurrency > kLambdaConcurrency)
      warnings.push_back(
          "WorkerConcurrency and RetryConcurrency together are above 1,000, the Lambda quota that an "
          "account starts with");
    double waits = out_.processing_seconds * (1 - 1 / rounds());
    if (is_chain_bound_ && out_.limit == 0)
      warnings.push_back(fmt::format(
          "{:.0f} calls of a chunk follow each other, since they have records of one user and their order "
          "is kept{}",
          longest_chain_,
          deploy_.ordering == Deployment::Ordering::by_file ? ": StrictOrdering=false puts ten of them into a call"
                                                            : ""));
    if (waits > kShardAgeAlarm)
      warnings.push_back(
          fmt::format("shards wait up to {:.1f} hours: ShardAgeAlarm will ring after six", waits / 3600));
    if (out_.copy_seconds > kInvocation)
      warnings.push_back(
          fmt::format("the copy to the new name takes about {:.0f} s, more than an invocation has: the file "
                      "is too large for one run; split it",
                      out_.copy_seconds));
    if (retries() > 0) warn_of_late_retries();
  }

  // How long the last retry lies on the queue.
  void warn_of_late_retries() {
    double wait = out_.settled_seconds - out_.seconds;
    const Stage& stage = out_.retry_stages[out_.retry_limit];
    if (wait > kRetryRetention)
      out_.warnings.push_back(
          fmt::format("the last retries wait {:.1f} days, but the retry queue keeps a message for 14: they "
                      "would be lost. Split the file, or move: {}",
                      wait / kDay, stage.moved_by));
    else if (wait > kRetryAgeAlarm)
      out_.warnings.push_back(
          fmt::format("the last retries wait {:.1f} hours: RetryAgeAlarm will ring after six. It moves "
                      "with: {}",
                      wait / 3600, stage.moved_by));
  }

  const Workload& work_;
  const Deployment& deploy_;
  const RegionFacts& region_;
  const CallTimes& time_;
  double records_;
  ChunkModel chunks_of_file_;
  bool is_processor_bound_ = false, is_chain_bound_ = false;
  double longest_chain_ = 0;
  double chunks_ = 0, gets_ = 0, publishes_ = 0, sends_ = 0, pieces_ = 0, ranges_ = 0;
  Estimate out_;
};

}  // namespace

double table_seconds(double units, double rate) {
  double seconds = 0;
  for (;;) {
    if (units <= rate * kHalfHour || rate >= kTableQuota) return seconds + units / rate;
    units -= rate * kHalfHour;
    seconds += kHalfHour;
    rate = std::min(2 * rate, kTableQuota);
  }
}

Estimate estimate(const Workload& workload, const Deployment& deployment, const RegionFacts& region,
                  const CallTimes& times) {
  return Model(workload, deployment, region, times).run();
}

}  // namespace ads::plan
