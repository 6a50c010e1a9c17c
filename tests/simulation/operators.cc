#include "simulation/operators.h"

#include <set>

#include "base/json.h"
#include "batch/event.h"
#include "batch/progress.h"
#include "function/resume.h"
#include "simulation/payloads.h"

namespace ads::simulation {
namespace {

using function::Role;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr int kResends = 3;           // of one event: what fails still does not fail for the storm
constexpr std::size_t kResumes = 20;  // of one run; more than enough once the storm is over

// A command of an operator: patient, but not for ever.
Task<Result<std::string>> resume_now(function::World& world, function::Flow& flow, std::string run_id) {
  auto resumed = co_await function::resume_run(world, flow, std::move(run_id));
  if (!resumed) co_return fail(resumed.error());
  co_return std::string("resumed");
}

Task<Result<std::string>> resume_command(function::World& world, const function::Settings& settings,
                                         std::string run_id) {
  SystemTime now = world.time.now();
  function::Flow flow(settings, function::time_budget(now, now + minutes(4)));
  co_return co_await resume_now(world, flow, std::move(run_id));
}

// As `ads cancel` marks a run; tried again where its workers were faster.
Task<Result<std::string>> cancel_command(function::World& world, std::string run_id) {
  for (int i = 0; i < 20; ++i) {
    auto found = co_await world.runs.find(run_id);
    if (!found) co_return fail(found.error());
    if (!*found || !batch::is_working((*found)->run.status) || !(*found)->run.sentence.empty()) break;
    function::StoredRun run = std::move(**found);
    run.run.is_partial = true;
    run.run.sentence = "The run was canceled with `ads cancel`.";
    auto saved = co_await world.runs.save(run);
    if (saved) co_return std::string("canceled");
    if (saved.error().kind != ErrorKind::conflict) co_return fail(saved.error());
  }
  co_return std::string("not canceled");
}

}  // namespace

void Operators::plan_uploads() {
  const auto& uploads = cloud_.ground.scenario.uploads;
  for (std::size_t index = 0; index < uploads.size(); ++index) {
    ++plans_;
    cloud_.ground.timeline.at(uploads[index].when, [this, index] {
      --plans_;
      upload(index);
    });
  }
  for (std::size_t index = 0; index < uploads.size(); ++index)
    if (uploads[index].deleted_when)
      cloud_.ground.timeline.at(*uploads[index].deleted_when, [this, index] { delete_file(index); });
  if (cloud_.ground.scenario.stranger_when)
    cloud_.ground.timeline.at(*cloud_.ground.scenario.stranger_when, [this] { put_stranger(); });
}

void Operators::plan_cancellations() {
  if (!dice_.chance(0.2)) return;
  for (const Upload& upload : cloud_.ground.scenario.uploads) {
    ++plans_;
    milliseconds later = dice_.time(milliseconds(50), seconds(dice_.one_of({1, 5, 30, 300, 3600})));
    cloud_.ground.timeline.at(upload.when + later, [this] {
      --plans_;
      cancel_runs();
    });
  }
}

void Operators::cancel_runs() {
  for (const auto& [id, run] : cloud_.runs.runs()) {
    if (!batch::is_working(run.run.status) || !dice_.chance(0.7)) continue;
    cloud_.ground.log.note("operator: ads cancel {}", id);
    ++plans_;
    cloud_.lambda.run_aside(
        [id](function::World& world, const function::Settings&) { return cancel_command(world, id); },
        [this](InvocationEnd) { --plans_; });
  }
}

// Somebody drops a file of their own where a processed one would go.
void Operators::put_stranger() {
  const std::string& key = cloud_.ground.scenario.stranger_key;
  auto keys = cloud_.objects.keys().find(key);
  if (keys == cloud_.objects.keys().end()) cloud_.objects.upload(key, "a stranger");
}

// Somebody deletes what lies under that name; in a bucket with versions the file is only hidden by that.
void Operators::delete_file(std::size_t index) {
  Ground& ground = cloud_.ground;
  const Upload& upload = ground.scenario.uploads[index];
  if (!cloud_.objects.current(upload.key)) return;
  ground.count(Fault::file_deleted);
  ground.log.note("somebody deletes {}", upload.key);
  if (!ground.scenario.is_versioned || upload.is_refused)
    for (auto& [id, run] : ground.expectations.runs())
      if (ground.scenario.uploads[run.upload].key == upload.key) run.is_replaced = true;
  cloud_.objects.delete_by_hand(upload.key);
}

void Operators::upload(std::size_t index) {
  Ground& ground = cloud_.ground;
  const Upload& upload = ground.scenario.uploads[index];
  bool is_second = cloud_.objects.current(upload.key) != nullptr;
  if (is_second) {
    ground.count(Fault::second_upload);
    if (!ground.scenario.is_versioned)
      for (auto& [id, run] : ground.expectations.runs())
        if (ground.scenario.uploads[run.upload].key == upload.key) run.is_replaced = true;
  }
  if (upload.is_damaged) ground.count(Fault::file_damaged);
  batch::ObjectIdentity object = cloud_.objects.upload(upload.key, upload.bytes);
  ground.expectations.add(index, object.version_id, object.etag);
  // S3 calls the function for these prefixes only.
  tell(index, object);
  if (ground.strikes(ground.faults.event_twice, Fault::event_twice)) tell(index, object);
}

void Operators::tell(std::size_t index, const batch::ObjectIdentity& object) {
  Ground& ground = cloud_.ground;
  SystemTime uploaded = ground.scenario.uploads[index].when;
  milliseconds delay = ground.dice.time(milliseconds(10), seconds(2));
  if (ground.strikes(ground.faults.event_late, Fault::event_late))
    delay = ground.dice.time(seconds(1), minutes(ground.dice.one_of({2, 30, 300})));
  ++plans_;
  ground.timeline.after(delay, [this, object, uploaded] {
    --plans_;
    cloud_.lambda.send_event(Role::dispatch, object_event(object, uploaded));
  });
}

bool Operators::look_after() {
  Ground& ground = cloud_.ground;
  bool has_acted = false;
  if (ground.is_calm() || (ground.faults.early_resume > 0 && ground.dice.chance(ground.faults.early_resume)))
    has_acted = resume_runs() || has_acted;
  if (ground.is_calm()) has_acted = resend_events() || has_acted;
  return has_acted || resuming_ > 0;
}

// What the sweep heals by itself is left to it: only files that no run knows are told again.
bool Operators::resend_events() {
  auto events = std::move(cloud_.lambda.failed_events());
  cloud_.lambda.failed_events().clear();
  std::set<std::string> sent;  // an event that came twice may have failed twice
  bool has_acted = false;
  for (const auto& event : events) {
    if (!sent.insert(event.payload).second) continue;
    auto objects = batch::parse_object_events(*parse_json_object(event.payload));
    if (cloud_.runs.runs().contains(batch::run_id(objects->front().object))) continue;
    if (++resent_[event.payload] > kResends) {
      cloud_.ground.violate("an event fails whenever it is sent: {}", event.payload);
      continue;
    }
    cloud_.ground.count(Fault::operator_resent);
    cloud_.lambda.send_event(event.role, event.payload);
    has_acted = true;
  }
  return has_acted;
}

// A run that could not be finished can be resumed like one whose shards died.
bool Operators::may_be_resumed(const function::StoredRun& run) const {
  return run.run.status == batch::RunStatus::failed && resumes(run.run.id) < kResumes &&
         (run.run.is_partial || run.run.sentence.find("ads resume") != std::string::npos);
}

std::size_t Operators::resumes(const std::string& run_id) const {
  auto found = resumed_.find(run_id);
  return found == resumed_.end() ? 0 : static_cast<std::size_t>(found->second);
}

bool Operators::are_needed() const {
  if (resuming_ > 0 || !cloud_.lambda.failed_events().empty()) return true;
  for (const auto& [id, run] : cloud_.runs.runs())
    if (may_be_resumed(run)) return true;
  return false;
}

bool Operators::resume_runs() {
  bool has_acted = false;
  for (const auto& [id, run] : cloud_.runs.runs()) {
    if (!may_be_resumed(run)) continue;
    ++resumed_[id];
    cloud_.ground.count(Fault::operator_resumed);
    resume(id);
    has_acted = true;
  }
  return has_acted;
}

void Operators::resume(const std::string& run_id) {
  ++resuming_;
  cloud_.ground.log.note("operator: ads resume {}", run_id);
  cloud_.lambda.run_aside(
      [run_id](function::World& world, const function::Settings& settings) {
        return resume_command(world, settings, run_id);
      },
      [this](InvocationEnd) { --resuming_; });
}

bool Operators::redrive() {
  if (cloud_.retry_dead_letters.is_empty() || redrives_ >= 3) return false;
  ++redrives_;
  cloud_.ground.count(Fault::operator_redrove);
  cloud_.ground.log.note("operator: ads dlq redrive");
  cloud_.retry_dead_letters.move_all(cloud_.retry_queue);
  return true;
}

}  // namespace ads::simulation
