#include "cli/exit_code.h"

#include <gtest/gtest.h>

#include "cli/session.h"

namespace ads::cli {
namespace {

TEST(ExitCode, OfAReport) {
  struct {
    const char* name;
    const char* report;
    int code;
  } cases[] = {
      {"all answered", R"({"status":"DONE","reconciled":true,"quarantined":0,"retries":null})", kSuccess},
      {"retries settled", R"({"status":"DONE","reconciled":true,"quarantined":0,"retries":{"quarantined":0,"dead":0}})",
       kSuccess},
      {"quarantine", R"({"status":"DONE","reconciled":true,"quarantined":1,"retries":null})", kDoneInPart},
      {"a dead retry", R"({"status":"DONE","reconciled":true,"quarantined":0,"retries":{"quarantined":0,"dead":1}})",
       kDoneInPart},
      {"a quarantined retry",
       R"({"status":"DONE","reconciled":true,"quarantined":0,"retries":{"quarantined":1,"dead":0}})", kDoneInPart},
      {"a mismatch", R"({"status":"DONE","reconciled":false,"quarantined":0})", kFailure},
      {"failed", R"({"status":"FAILED","reconciled":true,"quarantined":0})", kFailure},
      {"partial", R"({"status":"PARTIAL","reconciled":false,"quarantined":0})", kFailure},
      {"refused", R"({"status":"REFUSED","reconciled":true,"quarantined":0})", kFailure},
      {"not a report", "{}", kFailure},
  };
  for (const auto& c : cases) EXPECT_EQ(exit_code_of(*parse_json_object(c.report)), c.code) << c.name;
}

TEST(ExitCode, OfAStoredRun) {
  using batch::RunStatus;
  function::StoredRun run;
  for (RunStatus status : {RunStatus::planned, RunStatus::running, RunStatus::finalising, RunStatus::reported}) {
    run.run.status = status;
    EXPECT_EQ(exit_code_of(run), kSuccess);
  }
  run.run.status = RunStatus::done;
  EXPECT_EQ(exit_code_of(run), kSuccess);
  run.retries.emplace().dead = 1;
  EXPECT_EQ(exit_code_of(run), kDoneInPart);
  run.retries.reset();
  run.run.counters.count(batch::Reason::nul);
  EXPECT_EQ(exit_code_of(run), kDoneInPart);
  for (RunStatus status : {RunStatus::failed, RunStatus::refused}) {
    run.run.status = status;
    EXPECT_EQ(exit_code_of(run), kFailure);
  }
}

}  // namespace
}  // namespace ads::cli
