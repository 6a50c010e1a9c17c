#include "batch/beginning.h"

namespace ads::batch {

void Beginning::add(const Line& line) {
  if (is_complete()) return;
  counters_.count(line);
  bool is_first_bad = line.kind == Line::Kind::bad && !first_bad_;
  if (line.kind == Line::Kind::blank || (!is_first_bad && samples_.size() >= kSampleLines)) return;
  SampleLine sample;
  sample.kind = line.kind;
  sample.number = counters_.lines;
  sample.text = line.text.substr(0, kSampleText);
  if (line.kind == Line::Kind::bad) {
    sample.reason = line.reason;
    sample.detail = line.detail;
  }
  if (is_first_bad) first_bad_ = sample;
  if (samples_.size() < kSampleLines) samples_.push_back(std::move(sample));
}

}  // namespace ads::batch
