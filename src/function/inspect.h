// Is the object a batch file, and is it whole? Asked before the first effect.
#pragma once
#include <string>

#include "batch/inspection.h"
#include "function/flow.h"

namespace ads::function {

struct Inspected {
  batch::Inspection inspection = batch::Inspection::none;
  std::string objection;        // why nothing of it is to be processed; empty where it is
  bool is_out_of_time = false;  // the invocation ends before the object does
  batch::Compression compression = batch::Compression::none;
  batch::Layout layout;
};

// The first lines alone. Errors: those of Objects::read.
Task<Result<Inspected>> inspect_beginning(World& world, const Settings& settings, Flow& flow,
                                          batch::ObjectIdentity object);

// What is still to be asked about this run, by what is stored of it: its beginning, and, where it is compressed and has
// at most settings.verify_bytes, its end. What costs much is stored, so that it is asked once. A file whose end is not
// reached within two invocations is processed unverified. `stalls`: the shard's, this invocation included.
Task<Result<Inspected>> inspect_before_effects(World& world, const Settings& settings, Flow& flow, const StoredRun& run,
                                               std::uint32_t stalls);

}  // namespace ads::function
