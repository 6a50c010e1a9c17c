// The verdict at the end of a simulation: every promise of the product, checked against the lines as they were written.
#pragma once
#include <optional>

#include "simulation/cloud.h"
#include "simulation/operators.h"

namespace ads::simulation {

class Oracle {
 public:
  Oracle(Cloud& cloud, const Operators& operators);
  // Breaches become violations.
  void judge();

 private:
  using Effects = std::map<std::string, std::vector<const Published*>>;

  void judge_published();
  void judge_queued();
  void judge_order();
  void judge_order_of_retries();
  // Records of the run that came after a later one of their user and shard; nothing where a repetition, by another
  // sandbox or after the five minutes of deduplication, leaves open what an answer told.
  std::optional<std::uint64_t> reordered_of(const ExpectedRun& run) const;
  bool may_swap(const Sendings& sendings, const std::string& a, const std::string& b) const;
  const std::map<std::string, std::size_t>* order_of(const ExpectedRecord& record) const;
  void judge_run(const ExpectedRun& expected);
  void judge_refused(const ExpectedRun& expected, const function::StoredRun& run);
  void judge_refused_content(const ExpectedRun& expected, const function::StoredRun& run);
  void judge_unprocessed(const ExpectedRun& expected, const function::StoredRun& run);
  void judge_done(const ExpectedRun& expected, const function::StoredRun& run);
  void judge_counters(const ExpectedRun& expected, const batch::Counters& counters);
  void judge_effects(const ExpectedRun& expected);
  void judge_quarantine(const ExpectedRun& expected, const function::StoredRun& run);
  void judge_file(const ExpectedRun& expected, const function::StoredRun& run);
  void judge_report(const ExpectedRun& expected, const function::StoredRun& run);
  void judge_retries(const ExpectedRun& expected, const function::StoredRun& run);
  void judge_mails(const ExpectedRun& expected, const function::StoredRun& run);
  void judge_queues();
  bool may_fail(const ExpectedRun& expected) const;

  Cloud& cloud_;
  Ground& ground_;
  const Operators& operators_;
  Effects published_;                                      // by record id
  std::map<std::string, std::vector<SystemTime>> queued_;  // by record id
  std::map<std::string, std::size_t> queue_order_;         // of the first, by record id
  std::map<std::string, std::size_t> topic_order_;         //
};

// A run has just been stored as a partial one: breaches become violations.
void judge_partial(Cloud& cloud, const function::StoredRun& run);

}  // namespace ads::simulation
