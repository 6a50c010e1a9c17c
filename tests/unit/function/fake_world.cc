#include "unit/function/fake_world.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/digest.h"
#include "base/encoding.h"
#include "base/json.h"

namespace ads::function {
namespace {

Error conflict(std::string_view code = "ConditionalCheckFailedException") {
  return {ErrorKind::conflict, std::string(code), "the condition did not hold"};
}
Error not_found() {
  return {ErrorKind::not_found, "NoSuchKey", "there is none"};
}
std::string unquoted(std::string etag) {
  std::erase(etag, '"');
  return etag;
}

}  // namespace

Task<void> FakeWorld::crash() {
  is_crashed_ = true;
  asio::steady_timer never(co_await asio::this_coro::executor, std::chrono::steady_clock::time_point::max());
  co_await never.async_wait(asio::use_awaitable);
}

template <class T, class Act>
Task<Result<T>> FakeWorld::call(std::string operation, Act act) {
  // Let the other tasks have their turn: calls in flight overlap.
  co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
  if (is_crashed_) co_await crash();
  int number = ++calls_;
  ++count[operation];
  now_ += per_call_;
  if (number == crash_call_ && crash_moment_ == CrashMoment::before_effect) co_await crash();
  if (auto& failures = failures_[operation]; !failures.empty()) {
    Error error = failures.front();
    failures.erase(failures.begin());
    co_return fail(error);
  }
  Result<T> result = act();
  if (auto other = acts_.extract(operation)) other.mapped()();
  if (number == crash_call_) co_await crash();
  if (auto time = answer_times_.find(operation); time != answer_times_.end()) co_await sleep(time->second);
  if (lost_answers_.erase(operation)) co_return fail(unavailable());
  co_return result;
}

std::optional<Result<std::string>> FakeWorld::invoke(RoleFunction role, const Settings& settings, std::string payload,
                                                     std::string request_id, std::chrono::seconds timeout) {
  is_crashed_ = false;
  World world{*this,
              *this,
              *this,
              *this,
              *this,
              *this,
              *this,
              *this,
              *this,
              [this] { return CallTotals{std::uint64_t(calls_), 0}; },
              [this](std::string line) { metrics.push_back(std::move(line)); },
              "ads"};
  std::optional<Result<std::string>> answer;
  {
    asio::io_context context;
    Invocation invocation{std::move(request_id), std::move(payload), now_ + timeout, {}, {}};
    asio::co_spawn(context, role(world, settings, std::move(invocation)),
                   [&](std::exception_ptr exception, Result<std::string> result) {
                     if (exception) std::rethrow_exception(exception);
                     answer = std::move(result);
                   });
    while (!answer && !is_crashed_) {
      if (context.poll_one() > 0) continue;
      if (sleepers_.empty()) break;
      wake_the_next();
    }
    sleepers_.clear();  // their timers are the context's
  }  // after a crash the coroutines go with their context, wherever they are
  crash_call_ = -1;
  return answer;
}

// Time passes when nothing else can happen.
void FakeWorld::wake_the_next() {
  auto next = sleepers_.begin();
  now_ = std::max(now_, next->first);
  auto sleeper = next->second;
  sleepers_.erase(next);
  sleeper->is_over = true;
  sleeper->timer.cancel();
}

Task<void> FakeWorld::sleep(std::chrono::milliseconds duration) {
  auto sleeper = std::make_shared<Sleeper>(co_await asio::this_coro::executor);
  sleeper->timer.expires_at(std::chrono::steady_clock::time_point::max());
  auto place = sleepers_.emplace(now_ + duration, sleeper);
  boost::system::error_code ignored;
  co_await sleeper->timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  if (sleeper->is_over) co_return;
  sleepers_.erase(place);
  throw boost::system::system_error(asio::error::operation_aborted);
}

// -- objects

StoredObject& FakeWorld::store(std::string key, std::string content, std::string content_type) {
  StoredObject& object = objects[key];
  object = {std::move(content), fmt::format("etag-{}", ++etags_), {}, std::move(content_type), {}};
  return object;
}

std::string FakeWorld::upload(std::string key, std::string content, std::string version_id) {
  StoredObject& object = store(key, std::move(content), "text/csv");
  object.version_id = version_id;
  json::object detail{{"key", percent_encode_path(key)}, {"size", object.content.size()}, {"eTag", object.etag}};
  if (!version_id.empty()) detail["versionId"] = version_id;
  json::object record{
      {"eventVersion", "2.1"},
      {"eventSource", "aws:s3"},
      {"awsRegion", "eu-central-1"},
      {"eventTime", iso8601(now_)},
      {"eventName", "ObjectCreated:Put"},
      {"s3", json::object{{"bucket", json::object{{"name", "batches"}}}, {"object", std::move(detail)}}}};
  return json::serialize(json::object{{"Records", json::array{std::move(record)}}});
}

const StoredObject* FakeWorld::pinned(const batch::ObjectIdentity& object, std::optional<Error>& error) {
  auto found = objects.find(object.key);
  if (found == objects.end()) {
    error = not_found();
    return nullptr;
  }
  if (!object.etag.empty() && unquoted(object.etag) != found->second.etag) {
    error = conflict("PreconditionFailed");
    return nullptr;
  }
  return &found->second;
}

Task<Result<ObjectFacts>> FakeWorld::facts(batch::ObjectIdentity object) {
  return call<ObjectFacts>("facts", [this, object]() -> Result<ObjectFacts> {
    auto found = objects.find(object.key);
    if (found == objects.end()) return fail(not_found());
    return ObjectFacts{found->second.content.size(), found->second.etag, found->second.version_id,
                       found->second.copied_by};
  });
}

Task<Result<std::string>> FakeWorld::read(batch::ObjectIdentity object, std::uint64_t begin, std::uint64_t length) {
  return call<std::string>("read", [this, object, begin, length]() -> Result<std::string> {
    std::optional<Error> error;
    const StoredObject* found = pinned(object, error);
    if (!found) return fail(*error);
    return found->content.substr(begin, length);
  });
}

Task<Result<void>> FakeWorld::copy(batch::ObjectIdentity source, std::string destination_key, std::string run_id) {
  return call<void>("copy", [=, this]() -> Result<void> {
    std::optional<Error> error;
    const StoredObject* found = pinned(source, error);
    if (!found) return fail(*error);
    if (objects.contains(destination_key)) return fail(conflict("PreconditionFailed"));
    StoredObject copied = *found;
    copied.copied_by = run_id;
    objects[destination_key] = copied;
    return {};
  });
}

Task<Result<void>> FakeWorld::remove(batch::ObjectIdentity object) {
  return call<void>("remove", [this, object]() -> Result<void> {
    std::optional<Error> error;
    if (!pinned(object, error)) return fail(*error);
    objects.erase(object.key);
    return {};
  });
}

Task<Result<std::string>> FakeWorld::read_whole(std::string, std::string key) {
  return call<std::string>("read_whole", [this, key]() -> Result<std::string> {
    auto found = objects.find(key);
    if (found == objects.end()) return fail(not_found());
    return found->second.content;
  });
}

Task<Result<void>> FakeWorld::put(std::string, std::string key, std::string content, std::string type) {
  return call<void>("put", [=, this]() -> Result<void> {
    store(key, content, type);
    return {};
  });
}

Task<Result<void>> FakeWorld::remove_key(std::string, std::string key) {
  return call<void>("remove_key", [this, key]() -> Result<void> {
    objects.erase(key);
    return {};
  });
}

Task<Result<ObjectPage>> FakeWorld::list(std::string, std::string prefix, std::string after) {
  return call<ObjectPage>("list", [this, prefix, after]() -> Result<ObjectPage> {
    ObjectPage page;
    for (auto it = objects.upper_bound(std::max(prefix, after)); it != objects.end(); ++it) {
      if (!it->first.starts_with(prefix)) break;
      if (page.keys.size() == 3) {  // small pages, so that there are several
        page.is_last = false;
        break;
      }
      page.keys.push_back(it->first);
    }
    return page;
  });
}

Task<Result<std::string>> FakeWorld::start_upload(std::string, std::string, std::string) {
  return call<std::string>("start_upload", [this]() -> Result<std::string> {
    std::string id = fmt::format("upload-{}", uploads_.size() + 1);
    uploads_[id];
    return id;
  });
}

Task<Result<UploadedPart>> FakeWorld::upload_part(std::string, std::string, std::string upload_id, int number,
                                                  std::string content) {
  return call<UploadedPart>("upload_part", [=, this]() -> Result<UploadedPart> {
    uploads_.at(upload_id)[number] = content;
    return UploadedPart{number, fmt::format("part-{}", number), {}};
  });
}

Task<Result<void>> FakeWorld::finish_upload(std::string, std::string key, std::string upload_id,
                                            std::vector<UploadedPart> parts) {
  return call<void>("finish_upload", [=, this]() -> Result<void> {
    std::string content;
    for (const auto& part : parts) content += uploads_.at(upload_id).at(part.number);
    store(key, content, "");
    return {};
  });
}

Task<Result<void>> FakeWorld::abort_upload(std::string, std::string, std::string upload_id) {
  return call<void>("abort_upload", [this, upload_id]() -> Result<void> {
    uploads_.erase(upload_id);
    return {};
  });
}

// -- users and messages

void FakeWorld::add_user(std::string uuid, std::string status) {
  users[uuid] = {uuid, std::move(status), "Ada", "Lovelace", "12 St James's Square", "51.5,-0.1"};
}

Task<Result<FoundUsers>> FakeWorld::look_up(std::vector<std::string> wanted) {
  return call<FoundUsers>("look_up", [this, wanted]() -> Result<FoundUsers> {
    std::set<std::string> distinct(wanted.begin(), wanted.end());
    if (distinct.size() != wanted.size() || wanted.size() > kLookupKeys)
      return fail(ErrorKind::invalid, "ValidationException", "Provided list of item keys contains duplicates");
    most_lookup_keys = std::max(most_lookup_keys, wanted.size());
    FoundUsers found;
    std::size_t done = wanted.size() > unprocessed_ ? wanted.size() - unprocessed_ : wanted.size();
    for (std::size_t i = 0; i < done; ++i)
      if (auto user = users.find(wanted[i]); user != users.end()) found.users.push_back(user->second);
    found.unprocessed.assign(wanted.begin() + std::ptrdiff_t(done), wanted.end());
    return found;
  });
}

batch::BatchAnswer FakeWorld::deliver(std::vector<Delivery>& into, std::vector<Delivery> entries) {
  batch::BatchAnswer answer;
  for (Delivery& entry : entries) {
    std::string id = entry.record_id;
    if (refused_users_.contains(entry.user)) {
      answer.failed.push_back({id, "InvalidParameter", "never", true});
      continue;
    }
    if (auto& fates = fates_[id]; !fates.empty()) {
      EntryFate fate = fates.front();
      fates.erase(fates.begin());
      if (fate == EntryFate::fails) answer.failed.push_back({id, "InternalError", "try again", false});
      if (fate == EntryFate::is_throttled) answer.failed.push_back({id, "ThrottlingException", "slower", false});
      if (fate == EntryFate::is_refused) answer.failed.push_back({id, "InvalidParameter", "never", true});
      continue;
    }
    answer.successful.push_back(id);
    into.push_back(std::move(entry));
  }
  return answer;
}

Task<Result<batch::BatchAnswer>> FakeWorld::publish(std::span<const batch::Notification* const> notifications) {
  std::vector<Delivery> entries;
  for (const auto* notification : notifications) {
    Delivery entry{notification->record_id, notification->service_uuid, notification->body, {}};
    for (auto& attribute : notification->attributes()) entry.attributes[std::string(attribute.name)] = attribute.value;
    entries.push_back(std::move(entry));
  }
  return call<batch::BatchAnswer>("publish", [this, entries]() -> Result<batch::BatchAnswer> {
    publish_sizes.push_back(entries.size());
    return deliver(published, entries);
  });
}

Task<Result<batch::BatchAnswer>> FakeWorld::send(std::span<const batch::RetryMessage* const> messages) {
  std::vector<Delivery> entries;
  for (const auto* message : messages)
    entries.push_back({message->record_id, message->service_uuid, message->body(), {}});
  return call<batch::BatchAnswer>("send",
                                  [this, entries]() -> Result<batch::BatchAnswer> { return deliver(queued, entries); });
}

Task<Result<void>> FakeWorld::send(const batch::Mail& mail) {
  return call<void>("mail", [this, mail]() -> Result<void> {
    mails.push_back(mail);
    return {};
  });
}

Task<Result<void>> FakeWorld::tell_operators(const batch::Mail& mail) {
  return call<void>("tell_operators", [this, mail]() -> Result<void> {
    told_operators.push_back(mail);
    return {};
  });
}

Task<Result<batch::BatchAnswer>> FakeWorld::send(std::vector<batch::ShardMessage> messages) {
  return call<batch::BatchAnswer>("send_shards", [this, messages]() -> Result<batch::BatchAnswer> {
    batch::BatchAnswer answer;
    for (const auto& message : messages) {
      shard_messages.push_back(message);
      answer.successful.push_back(message.id());
    }
    return answer;
  });
}

Task<Result<void>> FakeWorld::postpone(std::vector<std::string> receipt_handles, std::chrono::seconds time) {
  return call<void>("postpone", [=, this]() -> Result<void> {
    for (const auto& handle : receipt_handles) postponed[handle] = time;
    return {};
  });
}

Task<Result<QueueDepth>> FakeWorld::depth() {
  return call<QueueDepth>("depth", [this]() -> Result<QueueDepth> { return queue_depth; });
}

// -- runs

Task<Result<OpenRuns>> FakeWorld::open_runs(std::string) {
  return call<OpenRuns>("open_runs", [this]() -> Result<OpenRuns> {
    OpenRuns out;
    for (const auto& [id, run] : runs)
      if (run.is_open()) out.run_ids.push_back(id);
    return out;
  });
}

Task<Result<std::optional<StoredRun>>> FakeWorld::find(std::string run_id) {
  return call<std::optional<StoredRun>>("find", [this, run_id]() -> Result<std::optional<StoredRun>> {
    auto found = runs.find(run_id);
    if (found == runs.end()) return std::optional<StoredRun>{};
    return std::optional<StoredRun>{found->second};
  });
}

Task<Result<void>> FakeWorld::create(const StoredRun& run) {
  return call<void>("create", [this, run]() -> Result<void> {
    auto [found, is_new] = runs.emplace(run.run.id, run);
    if (!is_new) return fail(conflict());
    found->second.touched = now_;
    return {};
  });
}

Task<Result<void>> FakeWorld::save(const StoredRun& run) {
  return call<void>("save", [this, run]() -> Result<void> {
    StoredRun& stored = runs.at(run.run.id);
    if (stored.revision != run.revision) return fail(conflict());
    if (stored.run.status != run.run.status && !batch::may_follow(stored.run.status, run.run.status))
      return fail(ErrorKind::corrupt, "ImpossibleStatus",
                  fmt::format("{} after {}", to_string(run.run.status), to_string(stored.run.status)));
    stored = run;
    stored.touched = now_;
    ++stored.revision;
    return {};
  });
}

Task<Result<std::optional<ShardState>>> FakeWorld::find_shard(std::string run_id, std::uint32_t shard) {
  return call<std::optional<ShardState>>("find_shard", [=, this]() -> Result<std::optional<ShardState>> {
    auto found = shards.find(fmt::format("{}#{}", run_id, shard));
    if (found == shards.end()) return std::optional<ShardState>{};
    return std::optional<ShardState>{found->second};
  });
}

Task<Result<ShardState>> FakeWorld::take_lease(LeaseRequest request) {
  return call<ShardState>("take_lease", [this, request]() -> Result<ShardState> {
    auto [found, is_new] = shards.try_emplace(fmt::format("{}#{}", request.run_id, request.range.index));
    ShardState& state = found->second;
    if (is_new) {
      state.range = request.range;
      state.offset = request.range.start;
    } else if (state.status == ShardStatus::dead ||
               (state.lease_owner != request.owner && state.lease_until >= request.now)) {
      return fail(conflict());
    }
    ++state.fence;
    ++state.stalls;
    state.lease_owner = request.owner;
    state.lease_until = request.until;
    return state;
  });
}

Task<Result<void>> FakeWorld::checkpoint(Lease lease, const Checkpoint& checkpoint) {
  return call<void>("checkpoint", [this, lease, checkpoint]() -> Result<void> {
    ShardState& state = shards.at(fmt::format("{}#{}", lease.run_id, lease.shard));
    if (state.fence != lease.fence || state.offset != checkpoint.from) return fail(conflict());
    state.offset = checkpoint.to;
    state.counters = checkpoint.counters;
    state.layout = checkpoint.layout;
    state.compression = checkpoint.compression;
    state.lease_until = checkpoint.lease_until;
    state.stalls = 0;
    state.trouble.clear();
    return {};
  });
}

Task<Result<void>> FakeWorld::renew(Lease lease, SystemTime until) {
  return call<void>("renew", [this, lease, until]() -> Result<void> {
    ShardState& state = shards.at(fmt::format("{}#{}", lease.run_id, lease.shard));
    if (state.fence != lease.fence) return fail(conflict());
    state.lease_until = until;
    return {};
  });
}

Task<Result<void>> FakeWorld::finish_shard(Lease lease, const ShardEnding& ending) {
  return call<void>("finish_shard", [this, lease, ending]() -> Result<void> {
    ShardState& state = shards.at(fmt::format("{}#{}", lease.run_id, lease.shard));
    if (state.fence != lease.fence || state.status != ShardStatus::open) return fail(conflict());
    state.status = ending.status;
    state.bytes_read = ending.bytes_read;
    if (!ending.trouble.empty()) state.trouble = ending.trouble;
    StoredRun& run = runs.at(lease.run_id);
    ++(ending.status == ShardStatus::done ? run.run.shards_done : run.run.shards_dead);
    if (run.run.sentence.empty()) run.run.sentence = ending.run_sentence;
    run.touched = now_;
    ++run.revision;
    return {};
  });
}

Task<Result<void>> FakeWorld::release(Lease lease, std::string trouble) {
  return call<void>("release", [=, this]() -> Result<void> {
    ShardState& state = shards.at(fmt::format("{}#{}", lease.run_id, lease.shard));
    if (state.fence != lease.fence) return fail(conflict());
    state.lease_until = {};
    if (!trouble.empty()) state.trouble = trouble;
    return {};
  });
}

Task<Result<void>> FakeWorld::reopen_shard(std::string run_id, std::uint32_t shard) {
  return call<void>("reopen_shard", [=, this]() -> Result<void> {
    ShardState& state = shards.at(fmt::format("{}#{}", run_id, shard));
    if (state.status != ShardStatus::dead) return fail(conflict());
    state.status = ShardStatus::open;
    state.stalls = 0;
    state.lease_until = {};
    --runs.at(run_id).run.shards_dead;
    ++runs.at(run_id).revision;
    return {};
  });
}

Task<Result<std::vector<RetryLedger::Claim>>> FakeWorld::claim(std::vector<RetryKey> keys, std::string owner,
                                                               SystemTime now, SystemTime until) {
  return call<std::vector<Claim>>("claim", [=, this]() -> Result<std::vector<Claim>> {
    std::vector<Claim> claims;
    for (const RetryKey& key : keys)
      if (poisoned_records.contains(key.record_id))
        return fail(ErrorKind::invalid, "ValidationException", "One or more parameter values were invalid");
    for (const RetryKey& key : keys) {
      auto [found, is_new] = ledger.try_emplace(key.record_id);
      Claimed& claimed = found->second;
      bool is_dead = claimed.end == batch::RetryEnd::dead;
      if (claimed.end && !is_dead) {
        claims.push_back(Claim::done);
      } else if (!is_new && !is_dead && claimed.owner != owner && claimed.until >= now) {
        claims.push_back(Claim::held);
      } else {
        if (is_dead) --tallies[key.run_id].dead;
        claimed = {owner, until, {}};
        claims.push_back(Claim::granted);
      }
    }
    return claims;
  });
}

Task<Result<std::vector<RetryLedger::Settled>>> FakeWorld::settle(std::vector<RetrySettlement> settlements,
                                                                  std::string owner) {
  return call<std::vector<Settled>>("settle", [=, this]() -> Result<std::vector<Settled>> {
    std::vector<Settled> answers;
    for (const RetrySettlement& settlement : settlements) {
      Claimed& claimed = ledger.at(settlement.key.record_id);
      bool is_ours = claimed.owner == owner;
      if (is_ours && !claimed.end) {
        claimed.end = settlement.end;
        ++tallies[settlement.key.run_id].of(settlement.end);
        tallies[settlement.key.run_id].reordered += settlement.reordered;
      }
      answers.push_back(is_ours && claimed.end == settlement.end ? Settled::settled : Settled::lost);
    }
    return answers;
  });
}

Task<Result<void>> FakeWorld::release(std::vector<RetryKey> keys, std::string owner) {
  return call<void>("release_claim", [=, this]() -> Result<void> {
    for (const RetryKey& key : keys)
      if (Claimed& claimed = ledger.at(key.record_id); claimed.owner == owner && !claimed.end) claimed.until = {};
    return {};
  });
}

Task<Result<void>> FakeWorld::note_failures(std::vector<RetryFailure> failures, std::string) {
  return call<void>("note_failures", [=, this]() -> Result<void> {
    retry_failures.insert(retry_failures.end(), failures.begin(), failures.end());
    return {};
  });
}

Task<Result<batch::RetryTally>> FakeWorld::tally(std::string run_id) {
  return call<batch::RetryTally>("tally", [=, this]() -> Result<batch::RetryTally> { return tallies[run_id]; });
}

}  // namespace ads::function
