// The people around the service: they upload files, cancel runs, resume those that failed in part, redrive dead
// letters.
#pragma once
#include <map>
#include <string>

#include "simulation/cloud.h"

namespace ads::simulation {

class Operators {
 public:
  Operators(Cloud& cloud, std::uint64_t seed) : cloud_(cloud), dice_(seed, 5) {}

  // Every upload of the scenario at its time, and S3's events of it.
  void plan_uploads();
  // On some days, a moment at which they cancel runs that are at work.
  void plan_cancellations();
  // What they look at now and then, with the storm over at the latest. True: they had to do something.
  bool look_after();
  // Dead letters are tried again at the very end. False: there were none.
  bool redrive();
  // Is there something that only they can do?
  bool are_needed() const;
  // Uploads and their events that are still to come.
  bool have_plans() const { return plans_ > 0; }
  std::uint64_t partial_runs() const { return resumed_.size(); }
  std::size_t resumes(const std::string& run_id) const;

 private:
  void upload(std::size_t index);
  void tell(std::size_t index, const batch::ObjectIdentity& object);
  void put_stranger();
  void cancel_runs();
  void delete_file(std::size_t index);
  bool resend_events();
  bool resume_runs();
  bool may_be_resumed(const function::StoredRun& run) const;
  void resume(const std::string& run_id);

  Cloud& cloud_;
  Dice dice_;  // of their own: what they cancel moves no other throw of the day
  std::map<std::string, int> resumed_, resent_;
  std::size_t resuming_ = 0;
  int plans_ = 0;
  int redrives_ = 0;
};

}  // namespace ads::simulation
