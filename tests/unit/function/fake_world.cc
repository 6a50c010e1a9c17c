#include "unit/function/fake_world.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
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
  if (number == crash_call_) co_await crash();
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
              [this] { return CallTotals{std::uint64_t(calls_), 0}; },
              [this](std::string line) { metrics.push_back(std::move(line)); }};
  std::optional<Result<std::string>> answer;
  {
    asio::io_context context;
    Invocation invocation{std::move(request_id), std::move(payload), now_ + timeout, {}, {}};
    asio::co_spawn(context, role(world, settings, std::move(invocation)),
                   [&](std::exception_ptr exception, Result<std::string> result) {
                     if (exception) std::rethrow_exception(exception);
                     answer = std::move(result);
                   });
    while (!answer && !is_crashed_ && context.run_one()) {
    }
  }  // after a crash the coroutines go with their context, wherever they are
  crash_call_ = -1;
  return answer;
}

Task<void> FakeWorld::sleep(std::chrono::milliseconds duration) {
  now_ += duration;
  co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
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

// -- runs

Task<Result<std::optional<StoredRun>>> FakeWorld::find(std::string run_id) {
  return call<std::optional<StoredRun>>("find", [this, run_id]() -> Result<std::optional<StoredRun>> {
    auto found = runs.find(run_id);
    if (found == runs.end()) return std::optional<StoredRun>{};
    return std::optional<StoredRun>{found->second};
  });
}

Task<Result<void>> FakeWorld::create(const StoredRun& run) {
  return call<void>("create", [this, run]() -> Result<void> {
    if (!runs.emplace(run.run.id, run).second) return fail(conflict());
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
    } else if (state.lease_owner != request.owner && state.lease_until >= request.now) {
      return fail(conflict());
    }
    ++state.fence;
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
    return {};
  });
}

Task<Result<void>> FakeWorld::finish_shard(Lease lease, std::uint64_t bytes_read) {
  return call<void>("finish_shard", [=, this]() -> Result<void> {
    ShardState& state = shards.at(fmt::format("{}#{}", lease.run_id, lease.shard));
    if (state.fence != lease.fence || state.status == ShardStatus::done) return fail(conflict());
    state.status = ShardStatus::done;
    state.bytes_read = bytes_read;
    StoredRun& run = runs.at(lease.run_id);
    ++run.run.shards_done;
    ++run.revision;
    return {};
  });
}

Task<Result<void>> FakeWorld::release(Lease lease) {
  return call<void>("release", [=, this]() -> Result<void> {
    ShardState& state = shards.at(fmt::format("{}#{}", lease.run_id, lease.shard));
    if (state.fence != lease.fence) return fail(conflict());
    state.lease_until = {};
    return {};
  });
}

Task<Result<RetryLedger::Claim>> FakeWorld::claim(std::string record_id, std::string owner, SystemTime now,
                                                  SystemTime until) {
  return call<Claim>("claim", [=, this]() -> Result<Claim> {
    auto [found, is_new] = ledger.try_emplace(record_id);
    Claimed& claimed = found->second;
    if (claimed.is_done) return Claim::done;
    if (!is_new && claimed.owner != owner && claimed.until >= now) return Claim::held;
    claimed.owner = owner;
    claimed.until = until;
    return Claim::granted;
  });
}

Task<Result<void>> FakeWorld::settle(std::string record_id, std::string owner) {
  return call<void>("settle", [=, this]() -> Result<void> {
    Claimed& claimed = ledger.at(record_id);
    if (claimed.owner != owner) return fail(conflict());
    claimed.is_done = true;
    return {};
  });
}

Task<Result<void>> FakeWorld::release(std::string record_id, std::string owner) {
  return call<void>("release_claim", [=, this]() -> Result<void> {
    Claimed& claimed = ledger.at(record_id);
    if (claimed.owner != owner) return fail(conflict());
    claimed.until = {};
    return {};
  });
}

}  // namespace ads::function
