#include "function/inspect.h"

#include <fmt/core.h>

#include <boost/asio/post.hpp>

#include "base/log.h"
#include "function/in_parallel.h"

namespace ads::function {
namespace {

using batch::Inspection;
using batch::Inspector;

constexpr std::uint64_t kFirstBytes = 256 * 1024;  // as a rule more than the first 1,000 lines
constexpr int kStepsAtOnce = 16;                   // 1 MiB of content: then others may run, and the time is looked at
constexpr std::uint32_t kInvocations = 2;          // that may try to reach the end

class Inspecting {
 public:
  Inspecting(World& world, const Settings& settings, Flow& flow, batch::ObjectIdentity object, batch::Depth depth,
             TaskGroup& group, asio::any_io_executor executor)
      : world_(world),
        flow_(flow),
        object_(std::move(object)),
        range_bytes_(settings.range_bytes),
        inspector_({.max_bad_percent = settings.rules.max_bad_percent,
                    .max_expansion = static_cast<std::uint64_t>(settings.rules.max_expansion),
                    .depth = depth,
                    .lines = settings.beginning_lines,
                    .user_key_form = settings.rules.user_key_form}),
        executor_(executor),
        ahead_(group, std::move(executor)) {}

  Task<Result<Inspected>> run() {
    Inspected out;
    request();
    for (int steps = 1;; ++steps) {
      auto step = inspector_.step();
      if (step == Inspector::Step::done) break;
      if (step == Inspector::Step::need_more) {
        auto fed = co_await feed_more();
        if (!fed) co_return fail(fed.error());
      } else if (steps % kStepsAtOnce == 0) {
        co_await asio::post(executor_, asio::use_awaitable);
      }
      // The beginning is always judged; it is short.
      if (inspector_.has_beginning() && world_.time.now() >= flow_.budget.last_start) {
        out.is_out_of_time = true;
        break;
      }
    }
    out.objection = inspector_.objection();
    if (out.objection.empty() && !out.is_out_of_time) out.inspection = inspector_.result();
    out.compression = inspector_.compression();
    out.layout = inspector_.layout();
    co_return out;
  }

 private:
  void request() {
    std::uint64_t most = requested_ == 0 ? std::min(kFirstBytes, range_bytes_) : range_bytes_;
    std::uint64_t length = std::min(most, object_.size - requested_);
    if (length == 0) return;
    ahead_.start("read for inspection", read(requested_, length));
    requested_ += length;
  }

  Task<Result<std::string>> read(std::uint64_t begin, std::uint64_t length) {
    co_return co_await repeat(world_, flow_.budget, [&] { return world_.objects.read(object_, begin, length); });
  }

  Task<Result<void>> feed_more() {
    if (!ahead_.is_started()) request();
    if (!ahead_.is_started()) {
      inspector_.finish();
      co_return Result<void>{};
    }
    auto piece = co_await ahead_.take();
    if (!piece) co_return fail(piece.error());
    if (piece->empty())
      co_return fail(ErrorKind::corrupt, "ShortObject",
                     fmt::format("the object ended after {} of {} bytes", position_, object_.size));
    piece_ = std::move(*piece);
    position_ += piece_.size();
    requested_ = position_;
    inspector_.feed(piece_);
    // Only what is verified is read ahead: the beginning is in the first piece as a rule.
    if (inspector_.has_beginning()) request();
    co_return Result<void>{};
  }

  World& world_;
  Flow& flow_;
  batch::ObjectIdentity object_;
  std::uint64_t range_bytes_;
  Inspector inspector_;
  asio::any_io_executor executor_;
  Ahead<Result<std::string>> ahead_;
  std::string piece_;
  std::uint64_t requested_ = 0, position_ = 0;
};

Task<Result<Inspected>> inspect(World& world, const Settings& settings, Flow& flow, batch::ObjectIdentity object,
                                batch::Depth depth) {
  auto executor = co_await asio::this_coro::executor;
  TaskGroup group(executor);
  std::optional<Result<Inspected>> answer;
  std::exception_ptr exception;
  {
    Inspecting inspecting(world, settings, flow, std::move(object), depth, group, executor);
    try {
      answer = co_await inspecting.run();
    } catch (...) {
      exception = std::current_exception();
    }
    co_await group.stop();
  }
  if (exception) std::rethrow_exception(exception);
  co_return std::move(*answer);
}

// So that it is not asked again, and the report can say it.
Task<Result<void>> store(World& world, Flow& flow, std::string run_id, Inspection inspection,
                         batch::Compression compression) {
  for (;;) {
    auto found = co_await repeat(world, flow.budget, [&] { return world.runs.find(run_id); });
    if (!found) co_return fail(found.error());
    if (!*found)
      co_return fail(ErrorKind::corrupt, "RunVanished", fmt::format("run {} is not in the table any more", run_id));
    StoredRun run = std::move(**found);
    if (run.run.inspection == inspection && run.run.compression == compression) co_return Result<void>{};
    run.run.inspection = inspection;
    run.run.compression = compression;
    auto saved = co_await repeat(world, flow.budget, [&] { return world.runs.save(run); });
    if (saved) co_return Result<void>{};
    if (saved.error().kind != ErrorKind::conflict) co_return fail(saved.error());
    if (world.time.now() >= flow.budget.give_up)
      co_return fail(ErrorKind::unavailable, "RunBusy", fmt::format("run {} kept changing while it was saved", run_id));
  }
}

}  // namespace

Task<Result<Inspected>> inspect_beginning(World& world, const Settings& settings, Flow& flow,
                                          batch::ObjectIdentity object) {
  co_return co_await inspect(world, settings, flow, std::move(object), batch::Depth::beginning);
}

Task<Result<Inspected>> inspect_before_effects(World& world, const Settings& settings, Flow& flow, const StoredRun& run,
                                               std::uint32_t stalls) {
  bool is_compressed = run.run.compression != batch::Compression::none;
  switch (run.run.inspection) {
    case Inspection::verified:
    case Inspection::unverified:
      co_return Inspected{run.run.inspection};
    case Inspection::beginning:
      if (!is_compressed) co_return Inspected{run.run.inspection};
      break;
    case Inspection::none:
      break;
  }
  bool may_verify = run.run.object.size <= settings.verify_bytes;
  bool has_beginning = run.run.inspection == Inspection::beginning;
  Inspected answer{run.run.inspection};
  if (may_verify || !has_beginning) {
    auto inspected = co_await inspect(world, settings, flow, run.run.object,
                                      may_verify ? batch::Depth::whole : batch::Depth::beginning);
    if (!inspected) co_return fail(inspected.error());
    answer = std::move(*inspected);
    is_compressed = answer.compression != batch::Compression::none;
    if (!answer.objection.empty()) {
      // The report has to know that offsets count in the content.
      if (is_compressed)
        if (auto stored = co_await store(world, flow, run.run.id, run.run.inspection, answer.compression); !stored)
          co_return fail(stored.error());
      co_return answer;
    }
  } else {
    answer.compression = run.run.compression;
  }
  if (!is_compressed) co_return answer;  // cheap enough to be asked again
  if (answer.is_out_of_time && stalls < kInvocations) co_return answer;
  bool is_verified = answer.inspection == Inspection::verified;
  if (!is_verified)
    log(LogLevel::warning, "compressed file not verified before its first effect",
        {{"runId", run.run.id},
         {"bytes", run.run.object.size},
         {"why", answer.is_out_of_time ? "it takes longer than an invocation" : "it is larger than VerifyBytes"}});
  answer.inspection = is_verified ? Inspection::verified : Inspection::unverified;
  auto stored = co_await store(world, flow, run.run.id, answer.inspection, answer.compression);
  if (!stored) co_return fail(stored.error());
  co_return answer;
}

}  // namespace ads::function
