// Makes the lines of a batch file.
#pragma once
#include "simulation/scenario.h"

namespace ads::simulation {

struct LineStyle {
  bool is_json = false;
  std::vector<std::string> header;  // CSV's columns in their order; empty: no header
  double bad = 0.1, blank = 0.05, carriage_return = 0.2;
  std::vector<std::string> users;
  std::size_t in_a_row = 0;  // each user has so many records, one after the other; 0: in any order
};

// `count` lines besides the header, with offsets; the last one may lack its ending.
std::vector<WrittenLine> write_lines(Dice& dice, const LineStyle& style, std::size_t count);

}  // namespace ads::simulation
