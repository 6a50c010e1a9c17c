// Watches each effect as a function asks for it: nobody works without a lease, runs ahead of its checkpoints, or
// repeats what is behind them.
#pragma once
#include <string>

#include "simulation/cloud.h"

namespace ads::simulation {

// `sandbox` is about to publish or queue the record.
void watch_effect(Cloud& cloud, Sandbox& sandbox, const std::string& record_id);

}  // namespace ads::simulation
